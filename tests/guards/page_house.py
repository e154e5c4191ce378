"""Every route of every door, a browser to knock at them, and somebody who may sit before any page."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from doors.citizens import Browser
from doors.counter_desk import Counter, counter_on
from morprom.app.asgi import DOORS, application, routes_of
from morprom.assurance import Amr
from morprom.doors.pages import PageCall
from morprom.doors.services import Services
from morprom.federation import Terms, register_party
from morprom.identity import clients
from morprom.identity.card_model import CARD
from morprom.identity.face_model import HEALTH_ID, PROVIDER_ID, FaceTerms
from morprom.identity.faces import register_face
from morprom.kernel import Mode, new_id
from morprom.outside.simulated_thaid import SimulatedThaId
from morprom.staff import positions_of
from morprom.staff.listed import name_administrator
from morprom.staff.model import Administers
from morprom.storage import Database, KeyRing
from units.cast import KHON_KAEN

ORIGIN = "https://phr.example.go.th"
BACK = "https://rp.example/back"
PASSKEY = frozenset({Amr.SOFTWARE_KEY, Amr.USER})
CHALLENGE = "E9Melhoa2OwvFrEMTJGuCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B


@dataclass(frozen=True, slots=True)
class Route:
    """One path with one method, as the application has it."""

    path: str
    method: str
    handler: HTTPRouteHandler

    @property
    def is_page(self) -> bool:
        """Whether people come here with a browser, by how the door mounted it."""
        return cast(Any, self.handler).resolve_request_class() is PageCall or self.path == "/oauth2/auth"

    @property
    def is_file(self) -> bool:
        return self.path.endswith("/{name}")

    def __repr__(self) -> str:
        return f"{self.method} {self.path}"


def routes(services: Services) -> list[Route]:
    """All of them, asked of the application itself: what is mounted tomorrow is here tomorrow."""
    app = routes_of(services, DOORS)
    found = [
        Route(route.path_format, str(method), handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
    ]
    return sorted((one for one in found if one.method not in ("OPTIONS", "HEAD")), key=repr)


@dataclass
class House:
    """All doors, clients of every kind, and an officer who is signed in with a passkey a moment ago."""

    counter: Counter
    cookie: str
    case_id: str
    clients: dict[str, str]

    @property
    def routes(self) -> list[Route]:
        return routes(self.counter.services)

    def browser(self, address: str = "198.51.100.9") -> Browser:
        """A browser of somebody whom nobody knows."""
        return Browser(self.counter.app, address)

    def seated(self) -> Browser:
        """The officer's browser."""
        browser = self.browser()
        browser.http.cookies.set("__Host-morprom", self.cookie, domain="phr.example.go.th", path="/")
        return browser

    def address(self, route: Route, **query: str) -> str:
        """A path that leads there, with what a client's request needs where one comes with it."""
        client = self.clients["/oidc/authorize"]
        values = {
            "unit": KHON_KAEN,
            "case_id": self.case_id,
            "client": client,
            "action": "Encounter",
            "call": "UpdatePHRv1",
        }
        path = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], str(new_id())), route.path)
        asked = self.asked(route.path) | query
        return f"{path}?{urlencode(asked)}" if asked else path

    def asked(self, path: str) -> dict[str, str]:
        """What a client sends along."""
        if path not in self.clients:
            return {}
        member = "post_logout_redirect_uri" if path == "/oidc/logout" else "redirect_uri"
        asked = {"client_id": self.clients[path], member: BACK}
        if path == "/oidc/logout":
            return asked
        pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
        scope = "read" if path == "/oauth2/auth" else "openid"
        return asked | pkce | {"response_type": "code", "scope": scope, "state": "a state"}


@asynccontextmanager
async def house_on(database: Database, url: str, ring: KeyRing) -> AsyncGenerator[House]:
    """The doors of demo mode under an https address."""
    async with counter_on(database, url, ring, origin=ORIGIN) as counter:
        outside = replace(counter.services.outside, thaid=SimulatedThaId(counter.services.settings))
        counter.services = replace(counter.services, outside=outside)
        counter.app = application(counter.services, DOORS)
        officer = await counter.officer("51", amr=PASSKEY)
        async with database.transaction() as tx:
            for position in await positions_of(tx, ring, officer.person_id):
                await name_administrator(tx, position.position_id, Administers.PLATFORM)
        known = {path: client_id for path, client_id in await _clients(counter)}
        house = House(counter, officer.http.cookies["morprom"], "", known)
        seated = house.seated()
        form = {"form": await seated.token(), "path": "card"}
        begun = await seated.http.post(f"/counter/{KHON_KAEN}/case", data=form)
        house.case_id = begun.headers["location"].rpartition("/")[2]
        yield house


async def _clients(counter: Counter) -> list[tuple[str, str]]:
    """A client of each kind, by the path to which it sends a browser."""
    given: dict[str, Any] = {"profile": "old", "auth": "client_secret_basic", "scopes": ("openid",)}
    terms = Terms(**given, id_token_alg="RS256", post_logout_redirect_uris=(BACK,))
    async with counter.database.transaction() as tx:
        party = await register_party(tx, "ร้านยา", KHON_KAEN, (BACK,), terms, Mode.DEMO)
        card = await clients.register(tx, "โปรแกรมห้องตรวจ", KHON_KAEN, (BACK,), Mode.DEMO, kind=CARD)
        common = (tx, counter.ring, "แอป", KHON_KAEN, (BACK,), Mode.DEMO)
        faces = [
            (path, await register_face(*common, kind=kind, terms=FaceTerms()))
            for path, kind in (("/oauth/redirect", HEALTH_ID), ("/v1/oauth2/authorize", PROVIDER_ID))
        ]  # fmt: skip
    made = [("/oidc/authorize", party), ("/oidc/logout", party), ("/oauth2/auth", card), *faces]
    return [(path, one.client.client_id) for path, one in made]
