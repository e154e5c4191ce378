"""How people read in what way somebody signed in."""

from typing import Final

from morprom.kernel import Words

AALS: Final = {
    "1": Words("ปัจจัยเดียว", "one factor"),
    "2.1": Words("PIN กับรหัสจากแอป", "PIN and a code"),
    "2.2": Words("พาสคีย์", "a passkey"),
    "3": Words("กุญแจฮาร์ดแวร์", "a hardware key"),
}
"""How somebody signed in, by the level that it came to."""
