"""Writes docs/findings.md from the one catalogue in the code. A test holds the page equal to what this writes."""

import sys
from collections.abc import Iterator
from pathlib import Path

from morprom.kernel import Words
from morprom.mophphr.catalogue import CATALOGUE, TOPICS, Explanation

PAGE = Path(__file__).resolve().parents[1] / "docs/findings.md"
SEVERITIES = {
    "error": Words("ปฏิเสธทั้งก้อน", "refused as a whole"),
    "warning": Words("เก็บแล้ว ควรแก้", "stored, mend it"),
    "information": Words("เก็บแล้ว แจ้งให้ทราบ", "stored, only told"),
}
HEAD = """# Findings / ข้อสังเกต

Made by `make docs` from `src/morprom/mophphr/catalogue.py`; edit that, not this page.
Every upload's reply lists them as `processing_issue`, with a JSON pointer to the place; `POST /api/Explain` adds how to
mend each. `{key}` stands for the key that the pointer ends in. A code is never renamed.

หน้านี้สร้างจากตารางในโปรแกรม คำตอบของทุกคำขอส่งข้อมูลมีรายการเหล่านี้ใน `processing_issue` พร้อมตำแหน่ง (JSON pointer)
ส่วน `POST /api/Explain` บอกวิธีแก้ด้วย `{key}` คือคีย์สุดท้ายของตำแหน่งนั้น รหัสจะไม่เปลี่ยนชื่อ

| severity | English | ไทย |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    severities = "".join(f"| {name} | {words.en} | {words.th} |\n" for name, words in SEVERITIES.items())
    return f"{HEAD}{severities}" + "".join(_lines())


def _lines() -> Iterator[str]:
    for code, explanation in CATALOGUE.items():
        if code in TOPICS:
            yield f"\n## {TOPICS[code].en} / {TOPICS[code].th}\n\n"
            yield "| code | severity | what it means | how to mend it |\n|---|---|---|---|\n"
        yield _row(code, explanation)


def _row(code: str, explanation: Explanation) -> str:
    told = f"{explanation.en}<br>{explanation.th}"
    mend = f"{explanation.mend_en}<br>{explanation.mend_th}"
    return f"| `{code}` | {explanation.severity} | {_cell(told)} | {_cell(mend)} |\n"


def _cell(text: str) -> str:
    """Table cells end at a bar, and a renderer would take braces and brackets for its own."""
    return text.replace("|", "\\|").replace("<br>", "\0").replace("<", "&lt;").replace("\0", "<br>")


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
