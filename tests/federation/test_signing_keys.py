"""Signing keys change while tokens live: the next is published before it signs, the former while it is needed."""

from datetime import timedelta
from itertools import pairwise

import pytest
from joserfc import jwk, jws, jwt

from morprom.app.rotation import AHEAD, OVERLAP, PAUSE, rotate
from morprom.federation.keys import KEPT_SECONDS, KINDS, PREFIX, Algorithm, IdTokens
from morprom.storage import Database, KeyProvider, KeyRing

ISSUER = "https://phr.example.go.th"
ALGORITHMS = pytest.mark.parametrize("algorithm", list(KINDS))


def kid_of(token: str) -> str:
    return jws.extract_compact(token.encode()).headers()["kid"]


def published(tokens: IdTokens) -> set[str]:
    return {key["kid"] for key in tokens.jwks()["keys"]}


@ALGORITHMS
async def test_a_key_is_published_before_it_signs_and_the_former_still_counts(
    algorithm: Algorithm, database: Database, keys: KeyProvider
) -> None:
    operator, worker = KeyRing(keys), KeyRing(keys)
    tokens = IdTokens(worker, ISSUER)
    old = tokens.sign(algorithm, {"sub": "s"}).reveal()
    steps = [(published(tokens), kid_of(old))]
    async for _ in rotate(KINDS[algorithm], database, operator, 0.0):
        worker.refresh()
        steps.append((published(tokens), kid_of(tokens.sign(algorithm, {"sub": "s"}).reveal())))
    signing = [kid for _, kid in steps]
    assert len(dict.fromkeys(signing)) == 2
    for (before, _), (_, signs) in pairwise(steps):
        assert signs in before  # whoever kept the keys of before can verify what is signed now
    assert {old_kid for old_kid in signing} <= published(tokens)
    for token in (old, tokens.sign(algorithm, {"sub": "s"}).reveal()):
        known = jwk.KeySet.import_key_set(tokens.jwks())  # type: ignore[arg-type]
        assert jwt.decode(token, known, algorithms=[algorithm]).claims["sub"] == "s"
        assert tokens.hinted(token)


@ALGORITHMS
async def test_a_key_is_published_longer_than_keys_are_kept_and_goes_when_nothing_of_it_lives(
    algorithm: Algorithm, database: Database, keys: KeyProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = KINDS[algorithm]
    assert AHEAD[kind] * PAUSE > KEPT_SECONDS and OVERLAP[kind] > timedelta(days=30)
    ring = KeyRing(keys)
    tokens = IdTokens(ring, ISSUER)
    old = tokens.sign(algorithm, {"sub": "s"}).reveal()
    for _ in range(2):
        [line async for line in rotate(kind, database, ring, 0.0)]
    assert kid_of(old) in published(tokens) and tokens.hinted(old)  # the longest session is not over
    monkeypatch.setitem(OVERLAP, kind, timedelta(0))
    [line async for line in rotate(kind, database, ring, 0.0)]
    assert kid_of(old) not in published(tokens) and tokens.hinted(old) is None
    assert all(kid[:2] == PREFIX[algorithm] for kid in {kid_of(tokens.sign(algorithm, {}).reveal())})
