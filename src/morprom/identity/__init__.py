"""People and staff who sign in elsewhere: the sessions and tokens that they come with, and the clients they allowed.

Doors ask a `HealthIdGate` who holds a Health ID token, and `ProviderTokens` whose Provider ID token it is. What issues
them so far is simulated, and says so. `clients` are programmes of units that send people to the card page, `card` is
what becomes of a card that is shown there.
"""

from morprom.identity import card, clients
from morprom.identity.card_model import Client
from morprom.identity.model import PHR_READ, HealthIdSession
from morprom.identity.provider import ProviderTokens
from morprom.identity.sessions import end_session, start_session
from morprom.identity.simulated import simulated_health_id, simulated_provider
from morprom.identity.tokens import HealthIdGate, health_id_token

__all__ = [
    "PHR_READ",
    "Client",
    "HealthIdGate",
    "HealthIdSession",
    "ProviderTokens",
    "card",
    "clients",
    "end_session",
    "health_id_token",
    "simulated_health_id",
    "simulated_provider",
    "start_session",
]
