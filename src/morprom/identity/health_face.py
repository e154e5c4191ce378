"""What a client of the Health ID face is told of a person: the token's claims and the profile, by what they allowed."""

from typing import Any
from uuid import UUID

import msgspec
from joserfc import jwe, jwk

from morprom.identity.face_model import BIRTH, CID, MOBILE, PROFILE, FaceClient, Facts
from morprom.identity.faces import hash_of
from morprom.identity.model import HealthIdSession


def token_claims(client: FaceClient, session: HealthIdSession, facts: Facts, subject: UUID) -> dict[str, Any]:
    """The claims of an access token beside those of every Health ID token. What was not allowed is ""."""
    allowed = session.scopes
    has_name = PROFILE in allowed
    detail = {
        "id_card": facts.cid if CID in allowed else "",
        "hash_id_card": hash_of(client, facts.cid, allowed),
        "name_prefix": facts.title_th if has_name else "",
        "name": _first(facts) if has_name else "",
        "surname": facts.last_th if has_name else "",
        "birthdate": _birth(facts) if BIRTH in allowed else "",
        "mobile_no": facts.mobile if MOBILE in allowed else "",
        "ial": float(session.levels.ial),
    }
    return {
        "sub": str(subject),
        "scopes_detail": detail,
        "pid": facts.cid if CID in allowed else "",
        "email": "",  # none is ever verified here
    }


def profile(client: FaceClient, session: HealthIdSession, facts: Facts, subject: UUID) -> dict[str, Any]:
    """What `/api/v1/accounts` answers."""
    allowed = session.scopes
    told: dict[str, Any] = {"account_id": str(subject), "ial": float(session.levels.ial), "aal": session.levels.aal}
    told["id_card_num"] = masked_cid(facts.cid)
    told["hash_id_card"] = hash_of(client, facts.cid, allowed)
    if CID in allowed and (encrypted := encrypted_cid(client, facts.cid)):
        told["id_card_encrypt"] = encrypted
    if PROFILE in allowed:
        told |= {
            "account_title_th": facts.title_th,
            "first_name_th": facts.first_th,
            "middle_name_th": facts.middle_th,
            "last_name_th": facts.last_th,
            "account_title_eng": facts.title_en,
            "first_name_eng": facts.first_en,
            "middle_name_eng": facts.middle_en,
            "last_name_eng": facts.last_en,
        }
    if BIRTH in allowed:
        told["birth_date"] = _birth(facts)
    if MOBILE in allowed:
        told["mobile_number"] = facts.mobile
    return told


def masked_cid(cid: str) -> str:
    """The last four digits; "" where nothing is known."""
    return f"x-xxxx-xxxx{cid[9]}-{cid[10:12]}-{cid[12]}" if len(cid) == 13 else ""


def encrypted_cid(client: FaceClient, cid: str) -> str:
    """The number as a JWE to the client's own key (RFC 7516); "" without a key or a number."""
    if client.terms.encryption_key is None or not cid:
        return ""
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "json"}
    key = jwk.RSAKey.import_key(client.terms.encryption_key)
    return jwe.encrypt_compact(
        header, msgspec.json.encode({"id_card": cid}), key, algorithms=["RSA-OAEP-256", "A256GCM"]
    )


def _first(facts: Facts) -> str:
    return f"{facts.first_th} {facts.middle_th}".strip()


def _birth(facts: Facts) -> str:
    return facts.birth_on.isoformat() if facts.birth_on else ""
