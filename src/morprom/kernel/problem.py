"""What stops the work: one exception, nine categories, words in Thai and English."""

from dataclasses import dataclass
from enum import Enum


class Category(Enum):
    """Why work stopped. Each door owns its table from category to answer."""

    INCORRECT = "incorrect"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    GONE = "gone"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in the two languages of the platform. Never carries personal data."""

    th: str
    en: str

    def __str__(self) -> str:
        return f"{self.th} / {self.en}"


class Problem(Exception):  # noqa: N818 (it is what the door answers with, not always an error)
    """Stops the work and tells the caller why.

    `code` is stable and machine-readable (UPPER_SNAKE); `words` name no person; `retry_after` is in seconds.
    """

    def __init__(self, category: Category, code: str, words: Words, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.category = category
        self.code = code
        self.words = words
        self.retry_after = retry_after
