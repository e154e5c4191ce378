"""A person's name, wherever its sender put the parts (payload variants, Patient.name)."""

from typing import NamedTuple

from morprom.mophphr import normal
from morprom.mophphr.view_values import Sent, objects, words


class Name(NamedTuple):
    """One name. `language` is TH or EN or what was sent, `display` the whole."""

    prefix: str
    first: str
    middle: str
    last: str
    display: str
    language: str

    def __repr__(self) -> str:
        return "Name(…)"


def name_of(sent: Sent) -> Name:
    """One entry of `Patient.name`. Without a language code, Thai letters tell."""
    prefix, first, middle, last = _parts(sent)
    display = " ".join(filter(None, (f"{prefix}{first}", middle, last))) or normal.text(sent.get("text"))
    language = normal.text(sent.get("languageCode")).upper()
    return Name(prefix, first, middle, last, display, language or ("TH" if _is_thai(display) else "EN"))


def names_in(value: object) -> list[Name]:
    """Every name in `Patient.name`."""
    return [name_of(sent) for sent in objects(value)]


def full_name(value: object) -> str:
    """The Thai name, else the first there is."""
    names = names_in(value)
    return next((name.display for name in names if name.language == "TH"), names[0].display if names else "")


def _parts(sent: Sent) -> tuple[str, str, str, str]:
    """Prefix, first, middle and last name."""
    given, family = words(sent.get("given")), normal.text(sent.get("family"))
    if not family:  # some put the surname into suffix
        family = " ".join(words(sent.get("suffix")))
    first, _, rest = family.partition(" ")
    if rest and given[:1] in ([], [first]):  # and some the whole name into family
        given, family = [first], rest.strip()
    return " ".join(words(sent.get("prefix"))), " ".join(given[:1]), " ".join(given[1:]), family


def _is_thai(words: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" for letter in words)
