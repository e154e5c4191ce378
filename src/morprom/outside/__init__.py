"""Services of others that the platform asks: DOPA's card status and ThaID, face comparison, SMS, LINE.

Each is a face with a real client, and a simulator that only demo mode starts and that says so in every answer. No
answer is a guess: a service that cannot be asked is unreachable, never a yes.
"""

from morprom.outside.model import (
    CardAnswer,
    CardQuestion,
    CardState,
    CardStatus,
    FaceAnswer,
    FaceMatch,
    Messenger,
    Outside,
    Sent,
    UpstreamRequest,
    UpstreamSaid,
)
from morprom.outside.open import open_outside

__all__ = [
    "CardAnswer",
    "CardQuestion",
    "CardState",
    "CardStatus",
    "FaceAnswer",
    "FaceMatch",
    "Messenger",
    "Outside",
    "Sent",
    "UpstreamRequest",
    "UpstreamSaid",
    "open_outside",
]
