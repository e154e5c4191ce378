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
    UPLOAD_TOKEN = "UploadToken"
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


NO_WORDS = Words("", "")


@dataclass(frozen=True, slots=True)
class CallEntry:
    """One call. `operation` names it and its examples; `section` is the wire protocol's.

    Entries of one path and method are one operation of OpenAPI; `fixed` are the members of the query that tell them
    apart. `body` and `result` are schemas: of the request's body (None: it has none), and of `result` in the envelope;
    `form` is a body that is no JSON. `beside` are members of a good reply beside `result`. `statuses` are those it
    answers of itself; what every call of its kind answers is added (`statuses_of`). `media`: the good reply's type
    where it is no JSON; the failures of a page are pages.
    `upload`: the name by which /api/Explain knows its body.
    """

    operation: str
    methods: tuple[str, ...]
    path: str
    group: Group
    section: str
    words: Words
    security: tuple[Security, ...]
    about: Words = NO_WORDS
    fixed: Mapping[str, str] = field(default_factory=dict[str, str])
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    form: Schema | None = None
    result: Schema = field(default_factory=dict[str, Any])
    beside: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    statuses: tuple[int, ...] = ()
    media: str = ""
    upload: str = ""

    @property
    def title(self) -> str:
        """How the call is written, with what tells it from others of its path."""
        return "&".join([self.path, *(f"{name}={value}" for name, value in self.fixed.items())]).replace("&", "?", 1)

    @property
    def signed(self) -> bool:
        """Whether it wants any token."""
        return Security.NOBODY not in self.security


def statuses_of(call: CallEntry) -> tuple[int, ...]:
    """Every status that the call can answer, in order."""
    found = {200, 400, 500, 503, *call.statuses}
    if call.signed:
        found |= {401, 403}
    if "POST" in call.methods:
        found.add(413)
    return tuple(sorted(found))
