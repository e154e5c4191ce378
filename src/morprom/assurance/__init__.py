"""How sure one may be: identity assurance from what was checked, authenticator assurance from what was done.

Levels are never stored. What was done is, and versioned tables (policies/*.toml) say what it comes to, with an
explanation that a person can read (ETDA 19-2564, 20-2564; NIST SP 800-63 beside them for comparison).
"""

from morprom.assurance.model import Aal, Amr, Checks, Derived, Ial, Levels, Limits
from morprom.assurance.policy import CURRENT, Table, table, tables
from morprom.assurance.rules import derive_aal, derive_ial

__all__ = [
    "CURRENT",
    "Aal",
    "Amr",
    "Checks",
    "Derived",
    "Ial",
    "Levels",
    "Limits",
    "Table",
    "derive_aal",
    "derive_ial",
    "table",
    "tables",
]
