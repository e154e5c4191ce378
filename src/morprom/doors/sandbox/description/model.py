"""Values of which the description of the calls is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from morprom.kernel import Words

Schema = dict[str, Any]
"""JSON Schema 2020-12, as OpenAPI 3.1 takes it. A `Words` in it is written in the languages of the document."""


class Language(Enum):
    """The languages a document is written in."""

    BOTH = "th-en"
    THAI = "th"
    ENGLISH = "en"

    @classmethod
    def of(cls, text: str) -> "Language":
        """The language that `lang` asks for; both when it asks for none that there is."""
        return next((one for one in cls if one.value == text.strip().lower()), cls.BOTH)

    def say(self, words: Words) -> str:
        """`words` in this language."""
        match self:
            case Language.THAI:
                return words.th
            case Language.ENGLISH:
                return words.en
            case Language.BOTH:
                return f"{words.th} / {words.en}"


class Security(Enum):
    """What a call wants to be shown. Values are names of OpenAPI's security schemes; NOBODY wants nothing."""

    ACCOUNT = "AccountCenter"
    UPLOAD_TOKEN = "UploadToken"  # noqa: S105 (the name of a scheme)
    HEALTH_ID = "HealthID"
    NOBODY = ""


class Group(Enum):
    """How calls are grouped: OpenAPI's tags, in this order."""

    SIGN_IN = Words("ลงชื่อเข้าใช้", "Signing in")
    UPLOADS = Words("ส่งข้อมูล", "Uploads")
    PERMISSION = Words("ขออนุญาตอ่าน", "Getting permission to read")
    READING = Words("อ่านข้อมูล", "Reading")
    CONTROLS = Words("สิทธิของเจ้าของข้อมูล", "The owner's controls")
    UNITS = Words("หน่วยบริการและตัวส่งข้อมูล", "Units and agents")
    UTILITIES = Words("เครื่องมือ", "Utilities")
    TRYING = Words("ทดลองและตรวจ", "Trying things out")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One member of the query. `values` are all that there are, when there are few."""

    name: str
    words: Words
    example: str = ""
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallEntry:
    """One call. `operation` names it and its examples; `section` is the wire protocol's.

    `body` and `result` are schemas: of the request's body (None: it has none), and of `result` in the envelope.
    `beside` are members of a good reply beside `result`. `statuses` are those it answers of itself, 200 and what every
    call may answer left out. `plain` replies with text that is no JSON; `bare` with JSON that has no envelope.
    """

    operation: str
    methods: tuple[str, ...]
    path: str
    group: Group
    section: str
    summary: Words
    about: Words
    security: tuple[Security, ...]
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    form: Schema | None = None
    result: Schema = field(default_factory=dict[str, Any])
    beside: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    statuses: tuple[int, ...] = ()
    plain: bool = False
    bare: bool = False
    page: bool = False
