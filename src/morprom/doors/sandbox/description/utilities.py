"""Utilities, the ID-card flow, and what a vendor tries things out with (wire protocol, sections 5 and 9; ours)."""

from typing import Final

from morprom.doors.sandbox.description.model import CallEntry, Group, Parameter, Security
from morprom.doors.sandbox.description.schemas import CID, COUNT, TEXT, TRUTH, lenient, one, or_null, ref, some, told
from morprom.kernel import Words
from morprom.mophphr.explain import CALLS as EXPLAINED

_ACCOUNT: Final = (Security.ACCOUNT,)
_CODE: Final = Parameter("code", Words("รหัสที่ได้จากการฝาก", "the code that came back"), required=True)
_CLIENT: Final = (
    Parameter("response_type", Words("code เท่านั้น", "code"), "code", required=True),
    Parameter("client_id", Words("โปรแกรมที่ลงทะเบียนไว้", "the registered programme"), required=True),
    Parameter("redirect_uri", Words("ตรงกับที่ลงทะเบียน", "exactly as registered"), required=True),
    Parameter("scope", Words("read", "read"), "read"),
    Parameter("state", Words("ค่าที่ส่งกลับตามเดิม", "comes back as it went")),
)
_CODE_ROW: Final = told(
    {"type": "object"},
    "ระบบรหัสหนึ่ง {system, title_th, title_en, version, date, count, source} หรือรหัสหนึ่ง {code, display, …}",
    "a system {system, title_th, title_en, version, date, count, source}, or a code {code, display, …}",
)
_TOKEN_FORM: Final = one(client_id=TEXT, client_secret=TEXT, grant_type=TEXT, code=TEXT, redirect_uri=TEXT, state=TEXT)

EXPLAINED_RESULT: Final = one(
    call=TEXT, accepted=TRUTH, status={"type": "integer"}, understood={}, findings=some(ref("MendableFinding")),
    reader=told({"type": ["object", "null"]}, "ผู้อ่านด้วยรหัส", "a reader with a code"),
    owner=told({"type": ["object", "null"]}, "เจ้าของ", "the owner"), content_hash=some(one(ref=TEXT, sha256=TEXT)),
    export=some(one(call=TEXT, payload={})),
    changes=or_null(some(one(ref=TEXT, outcome=TEXT, paths=some(TEXT)))),
)  # fmt: skip

CHECK: Final = one(
    id=TEXT, group=TEXT, group_th=TEXT, th=TEXT, en=TEXT, done=TRUTH, last_at=or_null(TEXT), how=TEXT, how_th=TEXT,
    how_en=TEXT,
)  # fmt: skip

CARD: Final = (
    CallEntry(
        "CardPage", ("GET",), "/oauth2/auth", Group.PERMISSION, "5",
        Words("หน้าอ่านบัตรประชาชน (จำลอง)", "The card page (simulated)"), (Security.NOBODY,),
        about=Words(
            "หน้าเว็บสำหรับคน ส่งกลับไปที่ redirect_uri พร้อม code และ state",
            "A page for people; it goes back to redirect_uri with code and state.",
        ),
        parameters=_CLIENT, result=TEXT, statuses=(303,), media="text/html",
    ),
    CallEntry(
        "CardPageAnswer", ("POST",), "/oauth2/auth", Group.PERMISSION, "5",
        Words("สิ่งที่ทำบนหน้าอ่านบัตร", "What was done on the card page"), (Security.NOBODY,),
        parameters=_CLIENT, form=one(form=TEXT, cid=TEXT, cancel=TEXT), result=TEXT,
        statuses=(303, 403), media="text/html",
    ),
    CallEntry(
        "CardToken", ("POST",), "/oauth2/token", Group.PERMISSION, "5",
        Words("เปลี่ยน code เป็น access token", "A code for an access token"), (Security.NOBODY,),
        form=_TOKEN_FORM, result=or_null(TRUTH),
        beside={"access_token": TEXT, "token_type": TEXT, "expires_in": COUNT, "scope": TEXT,
                "otp": told(TEXT, "cid:access_token", "cid:access_token")},
        statuses=(401,),
    ),
    CallEntry(
        "GetPHROTP", ("POST",), "/api/GetPHROTP", Group.PERMISSION, "5",
        Words("รหัสสำหรับอ่าน จากบัตร", "A code to read with, from the card"), _ACCOUNT,
        body=lenient(one(cid=CID, access_token=TEXT)), result=told(TEXT, "เช่น XY123456", "such as XY123456"),
        statuses=(422, 429),
    ),
)  # fmt: skip

CALLS: Final = (
    *CARD,
    CallEntry(
        "PasteJSONPost", ("POST",), "/api/PasteJSON", Group.UTILITIES, "9",
        Words("ฝาก JSON ไว้หนึ่งชั่วโมง", "Leave any JSON for an hour"), _ACCOUNT, fixed={"Action": "POST"},
        about=Words("ไม่เกิน 64 kB", "64 kB at most"), body=lenient({}), result=told(TEXT, "รหัส", "the code"),
        statuses=(404, 429),
    ),
    CallEntry(
        "PasteJSONGet", ("GET",), "/api/PasteJSON", Group.UTILITIES, "9",
        Words("รับ JSON ที่ฝากไว้ ได้ครั้งเดียว", "Take it, once"), _ACCOUNT, fixed={"Action": "GET"},
        parameters=(_CODE,), result={}, statuses=(404,),
    ),
    CallEntry(
        "CodingSystemList", ("GET",), "/api/CodingSystem", Group.UTILITIES, "9",
        Words("ระบบรหัสทั้งหมด", "Every code system"), (Security.NOBODY,), result=some(_CODE_ROW),
        statuses=(304, 404),
        parameters=(Parameter("System", Words("ชื่อระบบรหัส", "the name of one"), "marital_status"),),
    ),
    CallEntry(
        "Explain", ("POST",), "/api/Explain", Group.TRYING, "ours",
        Words("ระบบเข้าใจข้อมูลว่าอย่างไร", "What the server understood"), (Security.ACCOUNT, Security.NOBODY),
        about=Words(
            "ไม่มีการบันทึก ลงชื่อแล้วจะบอกด้วยว่าต่างจากที่เก็บไว้ตรงไหน",
            "Nothing is stored. Signed in, it also tells what differs from what is stored.",
        ),
        parameters=(
            Parameter("call", Words("บริการที่จะส่ง ไม่ใส่คือให้เดา", "the call; told from the body without it"),
                      "UpdatePHRv1", values=EXPLAINED),
        ),
        body=lenient({"type": "object"}), result=EXPLAINED_RESULT, statuses=(401, 403, 422, 429),
    ),
    CallEntry(
        "Conformance", ("GET",), "/api/Conformance", Group.TRYING, "ours",
        Words("โปรแกรมลองอะไรแล้ว และเหลืออะไร", "What the software has tried, and what is left"), _ACCOUNT,
        parameters=(Parameter("hospital_code", Words("รหัสหน่วยบริการของ token", "the token's hospital"), "99999"),),
        result=one(hospital_code=TEXT, since=TEXT, done=COUNT, total=COUNT, items=some(CHECK)),
    ),
)  # fmt: skip
