"""The sentences of the document."""

from typing import Any, Final

from morprom.kernel import Words

ABOUT: Final = Words(
    "โปรโตคอล MOPH-PHR รุ่น 2.3 ทุกบริการ โปรแกรมเดิมเปลี่ยนเพียงชื่อเครื่อง คำตอบเป็น JSON ในซองเดียวกัน "
    "และ MessageCode เท่ากับสถานะ HTTP ชนิดเนื้อหา (content type) ไม่ถูกตรวจ ชื่อพารามิเตอร์ Action และ mode "
    "ไม่แยกตัวพิมพ์ ลองข้อมูลของคุณที่ [/sandbox](/sandbox)",
    "The MOPH-PHR protocol, version 2.3, every call: existing software changes its host name only. Replies are JSON in "
    "one envelope, whose MessageCode is the HTTP status. The content type is not looked at; names of parameters, "
    "Action and mode are matched without regard to case. Try your payloads at [/sandbox](/sandbox).",
)

TITLES: Final = {
    "/token": Words("ขอ token ของ Account Center", "An Account Center token"),
    "/api/WebApp": Words("อ่านข้อมูลของบุคคล", "A person's record"),
    "/api/OrganizationSummary": Words("สรุปของหน่วยบริการ", "What a hospital has sent"),
    "/api/UpdateAgentStatus": Words("สถานะของโปรแกรมส่ง", "The agent's status"),
    "/api/PHRSetting": Words("การเปิดเผยข้อมูล", "Sharing the record"),
    "/api/MaskEncounter": Words("ซ่อนการรับบริการ", "Hiding visits"),
    "/api/PasteJSON": Words("ฝากและรับ JSON", "Leaving and taking JSON"),
    "/api/PatientChronicRegisterv1": Words("ทะเบียนโรคเรื้อรัง", "The register of chronic diseases"),
    "*": Words("เลือกบริการ ไม่แยกตัวพิมพ์", "chooses the service; case does not matter"),
}

STATUS: Final = {
    200: Words("สำเร็จ", "done"),
    303: Words("ไปต่อที่ redirect_uri", "go on to redirect_uri"),
    304: Words("มีอยู่แล้ว", "you have it already"),
    400: Words("ไม่ใช่ JSON หรือพารามิเตอร์ผิด", "not JSON, or a bad parameter"),
    401: Words("ไม่มี token หรือ token ใช้ไม่ได้", "no token, or one that does not hold"),
    403: Words("ไม่มีสิทธิ หน่วยบริการ การเปิดเผย ระดับ หรือรหัสไม่ผ่าน", "permission, hospital, sharing, level or code"),
    404: Words("ไม่มีสิ่งที่ขอ", "what is asked for is not there"),
    409: Words("เครื่องอื่นกำลังส่ง", "another agent is sending"),
    413: Words("ใหญ่เกินกำหนด", "over the limit"),
    422: Words("ไม่มีคีย์ให้เก็บ หรือไม่รู้จักหน่วยบริการ", "cannot be keyed, or the hospital is not known"),
    429: Words("บ่อยเกินไป รอตาม Retry-After", "too often; wait for Retry-After"),
    500: Words("ความผิดของระบบ", "a fault of ours"),
    503: Words("ระบบจัดเก็บไม่พร้อม ยังไม่ได้บันทึก ส่งใหม่ได้", "storage does not answer, nothing was stored; send again"),
}

SCHEMES: Final[dict[str, Any]] = {
    "AccountCenter": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": Words("token จาก /token", "the token that /token gives"),
    },
    "UploadToken": {
        "type": "apiKey", "in": "header", "name": "Authorization",
        "description": Words(
            "Bearer HCODE:{TOKEN} ใช้ได้กับ UpdatePHRv1 เท่านั้น", "Bearer HCODE:{TOKEN}, for UpdatePHRv1 only"
        ),
    },
    "HealthID": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": Words("token Health ID ของเจ้าของข้อมูล", "the owner's Health ID token"),
    },
}  # fmt: skip
