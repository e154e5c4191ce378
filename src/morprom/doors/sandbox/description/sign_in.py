"""Calls by which software signs in (wire protocol, section 2.1)."""

from typing import Final

from morprom.doors.sandbox.description.model import CallEntry, Group, Parameter, Security
from morprom.doors.sandbox.description.schemas import TEXT, lenient, one, told
from morprom.kernel import Words

_HASH: Final = Words(
    "HMAC-SHA256 ของรหัสผ่าน เป็นเลขฐานสิบหก กุญแจ $jwt@moph#",
    "hex HMAC-SHA256 of the password, key $jwt@moph#",
)
_MEMBERS: Final = (
    Parameter("user", Words("ชื่อผู้ใช้ (หรือส่งใน JSON)", "the user (or in the JSON body)"), "agent"),
    Parameter("password_hash", _HASH, "0" * 64),
    Parameter("hospital_code", Words("รหัสหน่วยบริการ", "the hospital's code"), "99999"),
)
_BODY: Final = lenient(
    one(user=TEXT, password_hash=told(TEXT, _HASH.th, _HASH.en), hospital_code=told(TEXT, "รหัส 5 หลัก", "5 digits"))
)


def _token(operation: str, action: str, th: str, en: str) -> CallEntry:
    return CallEntry(
        operation, ("GET", "POST"), "/token", Group.SIGN_IN, "2.1", Words(th, en), (Security.NOBODY,),
        about=Words(
            "คำตอบคือ JWT เป็นข้อความล้วน อยู่ได้ 4 ชั่วโมง ส่งใน query หรือใน JSON ก็ได้ JSON ปลอดภัยกว่าเพราะที่อยู่มักถูกบันทึก",
            "The reply is the JWT as bare text, good for 4 hours. The members come in the query or as JSON; JSON is "
            "safer, as addresses get logged.",
        ),
        fixed={"Action": action}, parameters=_MEMBERS, body=_BODY, result=TEXT, statuses=(401, 429), media="text/plain",
    )  # fmt: skip


CALLS: Final = (
    _token("Token", "get_moph_access_token", "ขอ token ของ Account Center", "An Account Center token"),
    _token("TokenIdp", "get_moph_access_token_idp", "แบบที่ส่งข้อมูลผู้ใช้มาด้วย", "The same with more members about the user"),
)
