"""Clients as the operator reads them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from morprom.cli.say import give, tell

if TYPE_CHECKING:
    from morprom.identity import Client
    from morprom.identity.card_model import Change
    from morprom.kernel import Secret


def give_secret(client_id: str, secret: "Secret[str] | None") -> None:
    """Name and secret, or that there is none."""
    if secret is None:
        tell("client_id; โปรแกรมนี้ใช้กุญแจของตนเอง / client_id; it signs with its own key:")
        give(client_id)
        return
    tell("client_id และ client_secret (แสดงครั้งเดียว) / client_id and client_secret, shown this once:")
    give(f"{client_id}\t{secret.reveal()}")


def row(client: "Client") -> dict[str, Any]:
    """A client as JSON."""
    import msgspec

    return {
        "client_id": client.client_id,
        "unit": str(client.hcode),
        "name": client.name,
        "kind": client.kind,
        "redirect_uris": list(client.redirect_uris),
        "terms": msgspec.json.decode(client.terms) if client.terms else None,
        "registered_at": client.registered_at.isoformat(timespec="seconds"),
        "disabled_at": client.disabled_at.isoformat(timespec="seconds") if client.disabled_at else None,
        "revoked_at": client.revoked_at.isoformat(timespec="seconds") if client.revoked_at else None,
    }


def line(client: "Client") -> str:
    """A client on a line."""
    return "\t".join(
        [client.client_id, client.hcode, client.name, client.kind, " ".join(client.redirect_uris), _state(client)]
    )


def change_row(change: "Change") -> dict[str, Any]:
    """A change as JSON: who is a position of staff, or nobody: the operator."""
    import msgspec

    return {
        "at": change.at.isoformat(timespec="seconds"),
        "what": change.what,
        "position": str(change.position_id) if change.position_id else None,
        "after": msgspec.json.decode(change.after),
    }


def show_pages(client: "Client", changes: Sequence["Change"]) -> None:
    """All of a client, a line each."""
    import msgspec

    from morprom.federation.client_auth import party_of

    found = row(client)
    terms: dict[str, Any] = found.pop("terms") or {}
    if client.kind == "openid":
        terms = msgspec.structs.asdict(party_of(client).terms)
    for name, value in (found | terms).items():
        if value is not False and value not in (None, "", [], ()):
            give(f"{name}\t{_in_words(value)}")
    for change in changes:
        who = f"position {change.position_id}" if change.position_id else "operator"
        give(f"{change.at:%Y-%m-%d %H:%M}\t{change.what}\t{who}")


def _in_words(value: Any) -> str:
    import msgspec

    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return " ".join(map(str, cast(list[Any], value))) if isinstance(value, list | tuple) else str(value)


def _state(client: "Client") -> str:
    if client.revoked_at:
        return f"revoked {client.revoked_at:%Y-%m-%d}"
    return f"disabled {client.disabled_at:%Y-%m-%d}" if client.disabled_at else ""
