"""What holds for every page: guarded, escaped, its forms its own, and sign-in that leads back."""

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar, Response, get, post
from litestar.datastructures import State

from doors.calling import services_on
from morprom.assurance import Aal
from morprom.doors.pages import PageCall, asset_routes, demand_seat, form_of, paged, see_other
from morprom.doors.pages.page import told
from morprom.doors.pages.seat import own_path
from morprom.doors.wire import exception_handlers
from morprom.kernel import Category, Problem, Settings, Words
from morprom.storage import KeyRing
from units.cast import Time

ORIGIN = "https://phr.example.go.th"


@get("/id/secret")
async def secret(request: PageCall) -> Response[bytes]:
    await demand_seat(request, Aal.CRYPTOGRAPHIC, 300)
    return see_other("/id")


@get("/id/told")
async def told_page(request: PageCall) -> Response[bytes]:
    return told(request, Problem(Category.INCORRECT, "X", Words("<script>ก</script>", "<b>bold</b>")))


@get("/id/broken")
async def broken(request: PageCall) -> Response[bytes]:
    raise KeyError("1-9900-00000-00-0")


@post("/id/save", status_code=200)
async def save(request: PageCall) -> Response[bytes]:
    form = await form_of(request)
    return see_other(f"/id?{form.text('name')}")


@pytest.fixture
async def browser(database_url: str, ring: KeyRing) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(public_url=ORIGIN)
    async with services_on(database_url, ring, Time(), settings) as services:
        app = Litestar(
            [*paged(secret, told_page, broken, save), asset_routes("/pages", "morprom.doors.pages")],
            state=State({"services": services}), exception_handlers=exception_handlers(), openapi_config=None,
            logging_config=None,
        )  # fmt: skip
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield client


async def token(browser: httpx.AsyncClient) -> str:
    page = (await browser.get("/id/told")).text
    return page.partition('name="form-token" content="')[2].partition('"')[0]


async def test_every_page_forbids_framing_foreign_code_and_keeping(browser: httpx.AsyncClient) -> None:
    for path in ("/id/told", "/id/broken", "/id/secret"):
        headers = (await browser.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_cookies_are_for_this_host_alone_and_out_of_reach_of_scripts(browser: httpx.AsyncClient) -> None:
    cookie = (await browser.get("/id/told")).headers["set-cookie"]
    assert cookie.startswith("__Host-morprom-form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}


async def test_what_is_shown_is_escaped_and_a_fault_says_nothing_of_its_cause(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/id/told")).text
    assert "<script>ก" not in page
    assert "&lt;script&gt;" in page
    broken = await browser.get("/id/broken")
    assert broken.status_code == 500
    assert "9900" not in broken.text


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(browser: httpx.AsyncClient) -> None:
    led = await browser.get("/id/secret?page=2")
    assert led.status_code == 303
    assert led.headers["location"] == "/id/sign-in?aal=2.2&next=%2Fid%2Fsecret%3Fpage%3D2&max_age=300"


async def test_a_form_is_taken_from_our_own_page_in_the_same_browser(browser: httpx.AsyncClient) -> None:
    given = await token(browser)
    saved = await browser.post("/id/save", data={"form": given, "name": "a"})
    assert (saved.status_code, saved.headers["location"]) == (303, "/id?a")


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
async def test_a_form_from_another_site_is_refused(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    given = await token(browser)
    refused = await browser.post("/id/save", data={"form": given, "name": "a"}, headers=headers)
    assert refused.status_code == 403


async def test_a_form_without_its_token_or_with_anothers_is_refused(browser: httpx.AsyncClient) -> None:
    given = await token(browser)
    for wrong in ("", given[:-1], "x" * 43, "ก"):
        assert (await browser.post("/id/save", data={"form": wrong})).status_code == 403
    browser.cookies.clear()
    assert (await browser.post("/id/save", data={"form": given})).status_code == 403
    assert (await browser.post("/id/save", content=b"\xff\xfe=1")).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\evil",
        "",
        "javascript:alert(1)",
        "/a\r\nb",
        "/" + "a" * 3000,
    ],
)
def test_the_way_back_never_leaves_this_site(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/id"
    assert own_path("/id/visits?x=1") == "/id/visits?x=1"


async def test_files_are_known_by_name_and_kept_by_their_tag(browser: httpx.AsyncClient) -> None:
    sheet = await browser.get("/pages/pages.css")
    assert sheet.headers["content-type"].startswith("text/css")
    again = await browser.get("/pages/pages.css", headers={"if-none-match": sheet.headers["etag"]})
    assert again.status_code == 304
    for name in ("../page.py", "%2e%2e/page.py", "templates/frame.html", "nothing.css"):
        assert (await browser.get(f"/pages/{name}")).status_code == 404
