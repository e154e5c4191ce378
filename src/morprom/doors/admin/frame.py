"""The pages of this door in their frame, and what they say of clients."""

from typing import Any, Final

from litestar import Response

from morprom.doors.admin.desk import Desk
from morprom.doors.pages import PageCall, Pages
from morprom.doors.pages.moments import moment
from morprom.federation.model import Party
from morprom.identity import Client
from morprom.kernel import Words

_PAGES: Final = Pages("morprom.doors.admin")

PROFILES: Final = {
    "fapi2": Words("ปลอดภัยสูง: กุญแจของตนเอง PAR และ DPoP (FAPI 2.0)", "high: a key of its own, PAR and DPoP (FAPI 2.0)"),
    "old": Words("แบบเดิม: รหัสลับหรือกุญแจ และ PKCE", "old: a secret or a key, and PKCE"),
}
AUTHS: Final = {
    "private_key_jwt": Words("กุญแจของโปรแกรม (private_key_jwt)", "a key of its own (private_key_jwt)"),
    "client_secret_basic": Words("รหัสลับ HTTP Basic", "a secret by HTTP Basic (client_secret_basic)"),
    "client_secret_post": Words("รหัสลับในแบบฟอร์ม", "a secret in the form (client_secret_post)"),
}


def show(request: PageCall, template: str, desk: Desk, *, back: str = "", fault: Words | None = None, **values: Any) -> Response[bytes]:  # fmt: skip  # noqa: E501
    """A page of this door."""
    return _PAGES.show(request, template, desk=desk, back=back, fault=fault, moment=moment, **values)


def state_of(client: Client) -> Words:
    """Whether a client works."""
    if client.revoked_at:
        return Words("ยกเลิกแล้ว", "removed")
    return Words("ปิดใช้อยู่", "disabled") if client.disabled_at else Words("ใช้งานอยู่", "works")


def path_of(party: Party) -> str:
    """Where a client's page is."""
    return f"/admin/clients/{party.client_id}"
