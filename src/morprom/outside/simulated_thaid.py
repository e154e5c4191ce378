"""In place of ThaID, in demo mode: a page of ours on which one chooses what ThaID would say. It says that it simulates.

The code carries the choice, sealed under what only who asked for it knows, so that no process has to remember it.
"""

import base64
import binascii
import hashlib
import secrets
from typing import Final
from urllib.parse import urlencode

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from morprom.kernel import Category, Cid, Problem, Secret, Settings, Words
from morprom.kernel.pkce import challenge_of
from morprom.outside.model import UpstreamRefused, UpstreamRequest, UpstreamSaid
from morprom.outside.simulated import demand_demo
from morprom.outside.thaid_said import level_of

PAGE: Final = "/id/thaid/simulated"
INVENTED: Final = "9900"  # the district that does not exist; its people are the only ones who sign in here
NONCE: Final = 12  # bytes in front


class _Chosen(msgspec.Struct):
    cid: str
    ial: str
    amr: tuple[str, ...]

    def __repr__(self) -> str:
        return "_Chosen(…)"


class SimulatedThaId:
    """Says of invented people what somebody chose on the page."""

    is_simulated = True

    def __init__(self, settings: Settings) -> None:
        demand_demo(settings)
        self._origin = settings.public_url

    async def address(self, asked: UpstreamRequest) -> str | None:
        """The simulator's page."""
        query = {"state": asked.state, "nonce": asked.nonce, "code_challenge": challenge_of(asked.verifier)}
        return f"{self._origin}{PAGE}?{urlencode(query)}"

    async def exchange(self, code: Secret[str], asked: UpstreamRequest) -> UpstreamSaid | UpstreamRefused:
        """What was chosen for this request."""
        try:
            sealed = base64.urlsafe_b64decode(code.reveal())
            key = _key(challenge_of(asked.verifier), asked.nonce)
            chosen = msgspec.msgpack.decode(AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], None), type=_Chosen)
        except (binascii.Error, InvalidTag, ValueError, msgspec.DecodeError):
            return UpstreamRefused.NOT_BELIEVED
        return UpstreamSaid(
            Cid(chosen.cid), level_of(chosen.ial), frozenset(chosen.amr), "คุณ#สมมุติ##จำลอง", is_simulated=True
        )


def simulated_code(cid: Cid, ial: str, amr: tuple[str, ...], challenge: str, nonce: str) -> str:
    """The code for a choice. Raises Problem NOT_INVENTED for the number of anybody who may exist."""
    if cid.digits[1:5] != INVENTED:
        words = Words(
            "ใช้ได้เฉพาะเลขของบุคคลสมมุติ (หลักที่ 2 ถึง 5 เป็น 9900) ห้ามใส่เลขของคนจริง",
            "only invented people (digits 2 to 5 are 9900) sign in here; never enter a real number",
        )
        raise Problem(Category.INCORRECT, "NOT_INVENTED", words)
    chosen = msgspec.msgpack.encode(_Chosen(cid.digits, level_of(ial), amr))
    front = secrets.token_bytes(NONCE)
    return base64.urlsafe_b64encode(front + AESGCM(_key(challenge, nonce)).encrypt(front, chosen, None)).decode()


def _key(challenge: str, nonce: str) -> bytes:
    return hashlib.sha256(f"simulated thaid\0{challenge}\0{nonce}".encode()).digest()
