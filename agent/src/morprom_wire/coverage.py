"""Groups of health coverage, by the 4-digit right code of the 43-file standard (INSTYPE)."""

GROUP_NAMES = {
    "UCS": "สิทธิหลักประกันสุขภาพถ้วนหน้า",
    "OFC": "สิทธิข้าราชการ",
    "SSS": "สิทธิประกันสังคม",
    "LGO": "สิทธิพนักงานส่วนท้องถิ่น",
    "SEN": "สิทธิรัฐวิสาหกิจ",
    "NHS": "สิทธิเจ้าหน้าที่ สปสช.",
    "SP": "ชำระเงินเอง",
    "OTHER": "สิทธิอื่น",
}


def group_of(instype: str) -> str:
    """The coverage group of an INSTYPE code; `OTHER` for what the table does not name."""
    if instype == "0100":
        return "UCS"
    if instype == "9100":
        return "SP"
    return {"1": "OFC", "2": "LGO", "3": "SEN", "4": "SSS"}.get(instype[:1], "OTHER") if len(instype) == 4 else "OTHER"
