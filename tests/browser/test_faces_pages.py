"""A client's question of Health ID, and the way through ThaID, in Chromium: by keyboard, on a phone, in large type."""

import base64
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from browser.id_place import IdPlace, id_place, phone
from browser.openid_place import OpenidPlace, openid_place
from browser.test_id_pages import PIN, looked_at, press, with_passkey
from browser.test_openid_pages import looked_at as read_over
from browser.test_openid_pages import sit
from doors.citizens import cid_of
from doors.face_clients import Client
from doors.relying import House
from morprom.accounts import open_account
from morprom.accounts.codes import code_of, confirm_generator, propose_generator
from morprom.accounts.pins import confirm_pin, propose_pin
from morprom.assurance import CURRENT, Ial
from morprom.identity.face_model import HEALTH_ID, FaceTerms
from morprom.identity.faces import register_face
from morprom.kernel import Secret
from morprom.people import Identifier, Scheme, ensure
from morprom.storage import EmbeddedPostgres
from units.cast import KHON_KAEN

MALEE = cid_of(81)


@pytest.fixture(scope="module")
def place(browser: Browser, postgres: EmbeddedPostgres) -> Iterator[IdPlace]:
    with id_place(postgres) as place:
        yield place


@pytest.fixture(scope="module")
def provider(browser: Browser, postgres: EmbeddedPostgres) -> Iterator[OpenidPlace]:
    with openid_place(postgres) as place:
        yield place


async def registered(house: House, back: str) -> Client:
    async with house.database.transaction() as tx:
        made = await register_face(
            tx, house.ring, "แอปสุขภาพตัวอย่าง", KHON_KAEN, [back], house.services.settings.mode, kind=HEALTH_ID,
            terms=FaceTerms(scopes=("profile", "birthdate", "mobile", "cid", "phr.read")),
        )  # fmt: skip
    assert made.secret
    return Client(house.browser().http, HEALTH_ID, made.client.client_id, made.secret.reveal())


def test_a_clients_question_is_read_and_answered_by_keyboard(browser: Browser, provider: OpenidPlace) -> None:
    back = f"{provider.origin.replace('127.0.0.1', 'localhost')}/livez"  # another site to a browser
    client = provider.do(registered(provider.house, back))
    with phone(browser, has_key=False) as page:
        page.goto(provider.origin + client.start(redirect_uri=back, landing="1"))
        read_over(page, "face-landing")
        sit(page, provider, provider.cookie())
        page.goto(provider.origin + client.start(redirect_uri=back, landing="1"))
        assert "แอปสุขภาพตัวอย่าง" in page.inner_text("main") and "นางมาลี สมมติ" in page.inner_text("main")
        read_over(page, "face-ask")
        page.locator("body").press("Tab")
        for _ in range(20):
            if page.evaluate("document.activeElement.value") == "yes":
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{back}?*")
        assert "code=" in page.url and "state=a" in page.url


def test_people_sign_in_and_are_proofed_through_thaid(browser: Browser, place: IdPlace) -> None:
    with phone(browser) as page:
        with_passkey(page, place, MALEE)
        page.goto(f"{place.origin}/id/security/proofing")
        page.click("a[href='/id/thaid?for=proof']")
        looked_at(page, "thaid-proof")
        press(page)
        looked_at(page, "thaid-simulated")
        page.fill("#cid", MALEE)
        press(page, "main form button[value=yes]")
        assert "ไม่มีอะไรเปลี่ยน" in page.inner_text("main")
        looked_at(page, "thaid-done")
        press(page, "form[action='/id/sign-out'] button")
        page.goto(f"{place.origin}/id/sign-in?next=/id/history")
        page.click("a[href^='/id/thaid']")
        looked_at(page, "thaid")
        press(page)
        page.fill("#cid", MALEE)
        press(page, "main form button[value=yes]")
        assert page.url == f"{place.origin}/id/history"


async def with_pin(house: House) -> tuple[UUID, bytes]:
    """Somebody who signs in by a form: PIN and code generator."""
    now, ring = house.time.now(), house.ring
    async with house.database.transaction() as tx:
        person = (await ensure(tx, ring, Identifier(Scheme.CID, MALEE))).person_id
        await open_account(tx, ring, person, ial=Ial.CHIP_AND_FACE, table=CURRENT, now=now)
        await propose_pin(tx, ring, person, Secret(PIN), now)
        await confirm_pin(tx, ring, person, now, since=now)
        address = await propose_generator(tx, ring, person, name="มือถือ", now=now)
        text = parse_qs(urlsplit(address.reveal()).query)["secret"][0]
        secret = base64.b32decode(text + "=" * (-len(text) % 8))
        await confirm_generator(tx, ring, person, Secret(code_of(secret, int(now.timestamp()) // 30)), now)
    return person, secret


def test_who_allowed_a_program_before_goes_on_to_it_from_the_form_that_signs_them_in(
    browser: Browser, provider: OpenidPlace
) -> None:
    back = f"{provider.origin.replace('127.0.0.1', 'localhost')}/livez"
    person, secret = provider.do(with_pin(provider.house))
    face = provider.do(registered(provider.house, back))
    party = provider.do(provider.house.party(uris=(back,)))
    for start in (face.start(redirect_uri=back), provider.do(party.start(redirect_uri=back))):
        with phone(browser, has_key=False) as page:
            sit(page, provider, provider.cookie(person))
            page.goto(provider.origin + start)
            page.click("main button[value=yes], main button[value=allow]")
            page.wait_for_url(f"{back}?*")
            page.context.clear_cookies()
            provider.house.later(minutes=1)
            page.goto(provider.origin + start)
            page.click("a[href^='/id/sign-in/pin']")
            page.fill("#cid", MALEE)
            page.fill("#pin", PIN)
            page.fill("#code", code_of(secret, int(provider.house.time.seconds()) // 30))
            page.click("main form button")
            page.wait_for_url(f"{back}?*")  # Chromium holds the form-action of the sign-in against the whole way
            assert "code=" in page.url
