"""Two relying parties that nobody here wrote, openid-client and oauth4webapi, against the provider over HTTP.

The person signs in through the pages with a passkey. What the libraries check they check themselves; the scripts are in
`parties/`.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwk

from conformance.openid.parties_place import Person, Place, Served, Story, demand_parties, parties_place
from morprom.storage import EmbeddedPostgres
from platform_process import free_port
from units.cast import KHON_KAEN

pytestmark = pytest.mark.xdist_group("parties")

SCRIPTS = ("with_openid_client.mjs", "with_oauth4webapi.mjs")
BACK = "https://rp.example/back"
LEFT = "https://rp.example/left"
MAKERS = {
    "ES256": lambda: jwk.ECKey.generate_key("P-256"),
    "PS256": lambda: jwk.RSAKey.generate_key(2048),
    "Ed25519": lambda: jwk.OKPKey.generate_key("Ed25519"),
}


@pytest.fixture(scope="module")
def place(postgres: EmbeddedPostgres) -> Iterator[Place]:
    """The platform."""
    demand_parties()
    with parties_place(postgres) as place:
        yield place


@pytest.fixture(scope="module")
def malee(place: Place) -> Person:
    """Somebody who was proofed and bound a passkey through the pages."""
    return Person(place, 71)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("auth", ["client_secret_basic", "client_secret_post"])
def test_a_client_of_the_old_profile_is_content(place: Place, malee: Person, script: str, auth: str) -> None:
    with_party(place, malee, script, profile="old", auth=auth, id_token_alg="RS256")


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("algorithm", MAKERS)
def test_a_client_of_the_fapi_profile_is_content(place: Place, malee: Person, script: str, algorithm: str) -> None:
    key = MAKERS[algorithm]()
    public = {**key.as_dict(private=False), "kid": "the client's key"}
    terms = {"profile": "fapi2", "auth": "private_key_jwt", "id_token_alg": "ES256", "jwks": {"keys": [public]}}
    private = {"alg": algorithm, "jwk": {**key.as_dict(private=True), "kid": "the client's key"}}
    with_party(place, malee, script, key=private, **terms)


def test_they_are_content_with_the_processes_that_an_operator_starts() -> None:
    """Several processes answer one client; another tells of who has left; clients are registered by commands."""
    demand_parties()
    key = jwk.ECKey.generate_key("P-256")
    with (
        tempfile.TemporaryDirectory(prefix="morprom-test-", ignore_cleanup_errors=True) as folder,
        Served(Path(folder) / "data") as served,
    ):
        served.operator("unit", "add", KHON_KAEN, "โรงพยาบาลทดสอบ", "--province", "40")
        malee = Person(served, 72)
        terms = {"profile": "fapi2", "auth": "private_key_jwt", "jwks": {"keys": [key.as_dict(private=False)]}}
        with_party(served, malee, SCRIPTS[0], key={"alg": "ES256", "jwk": key.as_dict(private=True)}, **terms)
        with_party(served, malee, SCRIPTS[1], profile="old", auth="client_secret_post")


def with_party(
    place: Place | Served, person: Person, script: str, *, key: dict[str, Any] | None = None, **terms: Any
) -> None:
    """The whole story of a client, and what has to be told at each step."""
    port = free_port()
    terms |= {
        "scopes": ("openid", "profile", "offline_access"), "post_logout_redirect_uris": (LEFT,),
        "backchannel_logout_uri": f"http://127.0.0.1:{port}/signed-out",
    }  # fmt: skip
    client_id, secret = place.register(BACK, **terms)
    told = {"issuer": place.origin, "client_id": client_id, "secret": secret}
    where = {"redirect_uri": BACK, "left_uri": LEFT, "port": port}
    with Story(script, **told, **where, auth=terms["auth"], profile=terms["profile"], key=key) as story:
        comes_in(story, place, person, is_fapi=terms["profile"] == "fapi2")
        holds(story, place, client_id, kind="dpop" if terms["profile"] == "fapi2" else "bearer")
        leaves(story, place, person)


def comes_in(story: Story, place: Place | Served, person: Person, *, is_fapi: bool) -> None:
    """Discovery, the request, and answers that a client must not believe (RFC 9207; RFC 9700, 4.4)."""
    said = story.hear("discovery")
    assert said["issuer"] == place.origin and said["methods"] == ["S256"] and said["pkce"]
    start = story.hear("authorize")["url"]
    assert ("request_uri=urn%3Aietf" in start) is is_fapi and ("redirect_uri" in start) is not is_fapi
    story.say(back=person.follow(start))
    for what in ("another issuer's answer", "an answer with another state"):
        assert story.hear(what)["code"] == "OAUTH_INVALID_RESPONSE"


def holds(story: Story, place: Place | Served, client_id: str, *, kind: str) -> None:
    """Tokens, and what they are good for."""
    said = story.hear("tokens")
    claims = said["claims"]
    assert (said["type"], said["expires_in"]) == (kind, 600) and "offline_access" in said["scope"]
    assert (claims["iss"], claims["aud"]) == (place.origin, client_id)
    assert (claims["ial"], claims["aal"], claims["acr"]) == ("2.3", "2.2", "aal2.2")
    info = story.hear("userinfo")["claims"]
    assert (info["given_name"], info["sub"]) == ("มาลี", claims["sub"])
    worth = story.hear("introspection")["claims"]
    assert worth["active"] and worth["token_type"].lower() == kind and ("cnf" in worth) is (kind == "dpop")
    assert story.hear("shown as a bearer token")["status"] == (401 if kind == "dpop" else 200)
    renewed = story.hear("refresh")
    assert renewed["is_new"] and renewed["type"] == kind
    assert (renewed["claims"]["sub"], renewed["claims"]["auth_time"]) == (claims["sub"], claims["auth_time"])
    gone = story.hear("revocation")
    assert gone["revoked"] == {"active": False} and gone["other"]["active"]


def leaves(story: Story, place: Place | Served, person: Person) -> None:
    """The person signs out through the client, which is told in the back channel too; nothing works any more."""
    back = person.follow(story.hear("leave")["url"])
    assert back.startswith(f"{LEFT}?state=")
    place.tell()
    story.say(back=back)
    left = story.hear("left")
    assert left["is_same_state"] and left["claims"]["sub"] == left["sub"] and left["claims"]["sid"]
    assert story.hear("refresh after leaving")["error"] == "invalid_grant"
