"""What people sign in with: accounts, authenticators, contacts, sessions.

An account is opened by redeeming a proofing and by nothing else. Everything here is sealed under keys of its own kind:
whoever signs people in can open nobody's record.
"""

from morprom.accounts.account import account_of, freeze, open_account
from morprom.accounts.model import Account, Authenticator, AuthenticatorKind, Device, Event, Session
from morprom.accounts.sessions import end_all, session_of, start_session

__all__ = [
    "Account",
    "Authenticator",
    "AuthenticatorKind",
    "Device",
    "Event",
    "Session",
    "account_of",
    "end_all",
    "freeze",
    "open_account",
    "session_of",
    "start_session",
]
