"""How people read in what way somebody signed in."""

from typing import Final

from morprom.accounts.model import Session
from morprom.kernel import Words

AALS: Final = {
    "1": Words("ปัจจัยเดียว", "one factor"),
    "2.1": Words("PIN กับรหัสจากแอป", "PIN and a code"),
    "2.2": Words("พาสคีย์", "a passkey"),
    "3": Words("กุญแจฮาร์ดแวร์", "a hardware key"),
}
"""How somebody signed in, by the level that it came to."""
THAID: Final = Words("ThaID", "ThaID")


def way_of(session: Session) -> Words:
    """By what somebody signed in. What another system that they came through asked of them is not ours to say."""
    return AALS[session.aal] if session.ial_at_most is None else THAID
