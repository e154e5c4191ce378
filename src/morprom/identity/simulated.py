"""Sign-ins that nobody made, for demo and sandbox: what comes out is a real token of a session that is not real."""

from datetime import timedelta
from typing import Final

from morprom.assurance import Aal, Ial, Levels
from morprom.audit import Basis, Content, Entry, Outcome, record
from morprom.identity.provider import ProviderTokens
from morprom.identity.sessions import start_session
from morprom.identity.tokens import health_id_token
from morprom.kernel import Category, Mode, Problem, Secret, Settings, Words, utc_now
from morprom.people import Person
from morprom.storage import KeyRing, Tx

CLIENT: Final = "simulated"


async def simulated_health_id(
    tx: Tx, ring: KeyRing, settings: Settings, person: Person, ial: Ial, aal: Aal, life: timedelta = timedelta(hours=1)
) -> Secret[str]:
    """A Health ID token as if `person` had just signed in at these levels. Raises Problem PRODUCTION_REFUSED."""
    _demand_simulation(settings)
    now = utc_now()
    session = await start_session(tx, person, client_id=CLIENT, levels=Levels(ial, aal, now), life=life)
    content = Content(action="HealthId", client=CLIENT, reason=f"SIMULATED ial{ial} aal{aal}")
    await record(tx, Entry(Basis.OPERATOR, Outcome.WRITTEN, content, person.person_id), person.data_key)
    return health_id_token(ring, settings, session, now)


def simulated_provider(ring: KeyRing, settings: Settings, hcode: str, provider_id: str) -> Secret[str]:
    """A Provider ID token of somebody who never signed in. Raises Problem PRODUCTION_REFUSED."""
    _demand_simulation(settings)
    return ProviderTokens(ring, settings).sign(provider_id, hcode, utc_now())


def _demand_simulation(settings: Settings) -> None:
    if settings.mode is Mode.PRODUCTION:
        words = Words("การจำลองการลงชื่อเข้าใช้มีเฉพาะ demo และ sandbox", "sign-ins are simulated in demo and sandbox only")
        raise Problem(Category.FORBIDDEN, "PRODUCTION_REFUSED", words)
