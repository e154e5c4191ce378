"""Units (hospitals), the accounts and upload tokens they come with, and who is calling.

Doors ask a `Gate` who holds a token, a `SignInDesk` for a token, and a `Directory` for units and their ref keys.
"""

from morprom.units import administration
from morprom.units.directory import Directory
from morprom.units.gate import Gate
from morprom.units.model import Account, NotSignedIn, Permission, Sender, Unit
from morprom.units.ref_keys import ref_key
from morprom.units.sign_in import Attempt, SignInDesk
from morprom.units.signing import jwks

__all__ = [
    "Account",
    "Attempt",
    "Directory",
    "Gate",
    "NotSignedIn",
    "Permission",
    "Sender",
    "SignInDesk",
    "Unit",
    "administration",
    "jwks",
    "ref_key",
]
