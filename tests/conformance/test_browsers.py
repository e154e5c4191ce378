"""Sections 1 and 10 in a browser, CORS: a page of any origin may call the sandbox, none may call production."""

import pytest

from conformance.calls import CALLS, PATHS
from conformance.house import House, asked

PAGE = ("origin", "https://vendor.example")
ASKED = ("access-control-request-method", "POST")
HEADERS = ("access-control-request-headers", "authorization, content-type")


OPEN = [path for path in PATHS if path != "/oauth2/auth"]  # a page that people look at, and no page may read


@pytest.mark.parametrize("path", OPEN)
def test_a_preflight_is_answered_without_looking_at_who_asks(house: House, path: str) -> None:
    before = house.rows()
    for given in ((PAGE, ASKED), (PAGE, ASKED, HEADERS), (("origin", "null"), ASKED)):
        heard = house.ask("OPTIONS", path, headers=given)
        assert (heard.status, heard.body) == (204, b"")
        assert heard.headers["access-control-allow-origin"] == "*"
        assert set(PATHS[path]) <= set(heard.headers["access-control-allow-methods"].split(", "))
        assert {"authorization", "content-type"} <= set(heard.headers["access-control-allow-headers"].split(", "))
        assert "access-control-allow-credentials" not in heard.headers
    assert house.rows() == before


def test_every_reply_of_the_sandbox_may_be_read_by_a_page_without_its_credentials(house: House) -> None:
    for call in [call for call in CALLS if call.path in OPEN]:
        for token in ("none", call.token):
            heard = house.good(call, call.methods[-1], token=token, headers=[PAGE])
            assert heard.headers["access-control-allow-origin"] == "*", call.path
            assert [name for name, _ in heard.raw_headers].count(b"access-control-allow-origin") == 1
            assert "access-control-allow-credentials" not in heard.headers
    assert house.ask("PUT", "/api/WebApp", headers=[PAGE]).headers["access-control-allow-origin"] == "*"
    assert house.ask("GET", "/api/nothing", headers=[PAGE]).headers["access-control-allow-origin"] == "*"


def test_the_card_page_is_for_no_other_page(house: House) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        heard = house.ask(method, "/oauth2/auth", headers=[PAGE, ASKED])
        assert not [name for name, _ in heard.raw_headers if name.startswith(b"access-control")]


def test_counters_are_for_no_page(house: House) -> None:
    heard = house.run(asked(house.app, "GET", b"/metrics", b"", [PAGE], client=("127.0.0.1", 1)))
    assert heard.status == 200 and heard.headers["content-type"].startswith("text/plain")
    assert not [name for name, _ in heard.raw_headers if name.startswith(b"access-control")]


def test_counters_are_for_this_machine(house: House) -> None:
    heard = house.ask("GET", "/metrics")
    assert heard.status == 404
    heard.enveloped()


def test_production_allows_no_page(production: House) -> None:
    for call in CALLS:
        for method in ("OPTIONS", call.methods[-1]):
            heard = production.good(call, method, headers=[PAGE, ASKED, HEADERS])
            assert not [name for name, _ in heard.raw_headers if name.startswith(b"access-control")], call.path
            if method == "OPTIONS":
                assert heard.status in {204, 405} and "allow" in heard.headers


def test_a_plain_options_says_what_is_allowed(house: House) -> None:
    for path, methods in PATHS.items():
        heard = house.ask("OPTIONS", path)
        assert set(methods) <= {name.strip() for name in heard.headers["allow"].split(",")}
