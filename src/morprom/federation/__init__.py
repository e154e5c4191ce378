"""OpenID Connect provider: relying parties, requests, consents, codes, tokens, signing out.

OpenID Connect Core 1.0, FAPI 2.0 security profile, RFC 6749, 7009, 7523, 7636, 7662, 9126, 9207, 9449, 9700. Every
token ends with the session behind it; no name by which a client knows a person leads to another client's.
"""

from morprom.federation import consent, logout, waiting
from morprom.federation.client_auth import Credentials, authenticate, find_party
from morprom.federation.keys import IdTokens
from morprom.federation.model import Issued, Party, Refused, Request, Terms
from morprom.federation.register import register_party
from morprom.federation.subjects import subject_of

__all__ = [
    "Credentials",
    "IdTokens",
    "Issued",
    "Party",
    "Refused",
    "Request",
    "Terms",
    "authenticate",
    "consent",
    "find_party",
    "logout",
    "register_party",
    "subject_of",
    "waiting",
]
