"""Short ways to write JSON Schema, and the shapes that several calls share."""

from typing import Final

from morprom.doors.sandbox.description.model import Schema
from morprom.kernel import Words


def ref(name: str) -> Schema:
    """A shape of `components/schemas`."""
    return {"$ref": f"#/components/schemas/{name}"}


def told(schema: Schema, th: str, en: str) -> Schema:
    """The same with words."""
    return {**schema, "description": Words(th, en)}


def one(**members: Schema) -> Schema:
    """An object with these members; others may be there."""
    return {"type": "object", "properties": members}


def some(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def lenient(schema: Schema) -> Schema:
    """A request's body: how it should be, and that anything else is answered too."""
    words = Words(
        "ส่งอย่างอื่นมาก็ได้คำตอบที่บอกว่าผิดตรงไหน หรือรับไว้พร้อมคำเตือน",
        "whatever else is sent is answered too: with what is wrong, or stored with warnings",
    )
    return {"anyOf": [schema, {"description": words}]}


TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "number"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
TRUTH: Final[Schema] = {"type": "boolean"}
NOTHING: Final[Schema] = {"type": "null"}
DAY: Final[Schema] = {"type": "string", "format": "date", "examples": ["2026-04-01"]}
INSTANT: Final[Schema] = told(
    {"type": "string", "examples": ["2026-04-01T08:15:17"]},
    "เวลาประเทศไทย Z ต่อท้ายไม่เปลี่ยนเวลา ส่วน +07:00 ใช้ตามที่เขียน",
    "Thai local time; a Z behind it changes nothing, +07:00 is honoured",
)
CID: Final[Schema] = told(
    {"type": "string", "pattern": "^[0-9]{13}$", "examples": ["1990000000001"]},
    "เลขประจำตัวประชาชน 13 หลัก",
    "the citizen number, 13 digits",
)
OTP: Final[Schema] = told(
    {"type": "string", "examples": ["AA999999"]}, "รหัสใช้ครั้งเดียวที่เจ้าของบอก", "the code that the owner tells"
)
REF: Final[Schema] = told(
    {"type": "string", "examples": ["99999:VN0001"]}, "hcode:เลข หรือเลขอย่างเดียว", "hcode:ref, or the ref alone"
)
HCODE: Final[Schema] = told({"type": "string", "examples": ["99999"]}, "รหัสหน่วยบริการ", "the hospital's code")

ENVELOPE: Final[Schema] = {
    "type": "object",
    "required": [
        "result", "MessageCode", "Message", "RequestTime", "EndpointIP", "EndpointPort", "processing_time_ms"
    ],
    "properties": {
        "result": {},
        "MessageCode": told({"type": "integer"}, "เท่ากับสถานะ HTTP", "equal to the HTTP status"),
        "Message": told(TEXT, "OK หรือบอกว่าผิดตรงไหน", "OK, or what is wrong"),
        "RequestTime": told(TEXT, "เวลาสากล ISO 8601 ถึงมิลลิวินาที ลงท้าย Z", "UTC, ISO 8601 to the ms, with Z"),
        "EndpointIP": TEXT,
        "EndpointPort": {"type": "integer"},
        "processing_time_ms": COUNT,
    },
}  # fmt: skip

FINDING: Final[Schema] = {
    "type": "object",
    "required": ["severity", "path", "code", "text_th", "text_en"],
    "properties": {
        "severity": {"type": "string", "enum": ["error", "warning", "information"]},
        "path": told(TEXT, "JSON pointer ถึงจุดที่พบ", "JSON pointer into what was sent"),
        "code": TEXT,
        "text_th": TEXT,
        "text_en": TEXT,
    },
}

FAILURE: Final[Schema] = {
    "allOf": [
        ref("Envelope"),
        one(
            result=NOTHING,
            processing_issue=some(ref("Finding")),
            refusal=told(
                one(code=TEXT, ial=or_null(TEXT), aal=or_null(TEXT), max_age=or_null({"type": "integer"})),
                "เมื่อ 403 เพราะสิทธิ: ขาดอะไร",
                "with a 403 about permission: what is missing",
            ),
        ),
    ]
}

NOTES: Final[dict[str, Schema]] = {
    "processing_warning": told(some(TEXT), "[] เมื่อไม่มีอะไรต้องแก้", "[] when there is nothing to mend"),
    "processing_issue": told(
        some(ref("Finding")), "รายการเดียวกัน เป็น object", "the same as objects, with what is only told"
    ),
    "note": TEXT,
    "profiler": told(some({"type": "object"}), "เวลาของแต่ละขั้น (ms)", "our own stages, in ms"),
}
"""What the reply of an upload has beside `result`."""

RECEIPT: Final[Schema] = {
    "type": "object",
    "required": ["receipt_id", "new", "same", "changed", "moved", "removed"],
    "properties": {
        "receipt_id": told(
            {"type": ["string", "integer", "null"]}, "null เมื่อไม่มีอะไรเปลี่ยน", "null when nothing changed"
        ),
        **{name: COUNT for name in ("new", "same", "changed", "moved", "removed")},
    },
}
