"""Code systems: small ones written by hand (`tables/`), large ones imported by the operator. Public, T0.

An imported system stands in front of a hand-written one of the same name until it is removed.
"""

from morprom.codes.find import digest_of, find, listing
from morprom.codes.manage import former, publish, withdraw
from morprom.codes.model import CodeFile, CodeSystem, Named, Published
from morprom.codes.read_file import read_codes
from morprom.codes.write_file import as_csv, as_fhir

__all__ = [
    "CodeFile",
    "CodeSystem",
    "Named",
    "Published",
    "as_csv",
    "as_fhir",
    "digest_of",
    "find",
    "former",
    "listing",
    "publish",
    "read_codes",
    "withdraw",
]
