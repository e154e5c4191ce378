"""Simulators for demo mode. Every answer says that it is one, and screens show it.

What they answer is told by the number alone, so that a demonstration can show each case: a CID whose 10th to 12th
digits are 404 has a card that is not valid and a face that does not match; 410: the person has died; 503: nobody
answers.
"""

from collections.abc import Callable
from typing import Final

from morprom.kernel import Category, Cid, Mode, Problem, Secret, Settings, Words
from morprom.outside.model import CardAnswer, CardQuestion, CardState, FaceAnswer, Sent

THRESHOLD: Final = 80.0


def demand_demo(settings: Settings) -> None:
    """Raise Problem SIMULATOR_REFUSED unless the mode is demo."""
    if settings.mode is not Mode.DEMO:
        words = Words("ตัวจำลองเปิดได้เฉพาะโหมด demo", "simulators start in demo mode only")
        raise Problem(Category.FORBIDDEN, "SIMULATOR_REFUSED", words)


class SimulatedCardStatus:
    """In place of DOPA."""

    is_simulated = True

    def __init__(self, settings: Settings) -> None:
        demand_demo(settings)

    async def ask(self, question: CardQuestion) -> CardAnswer:
        marked = _marked(question.cid)
        not_valid = dict.fromkeys(("404", "410"), CardState.NOT_VALID)
        state = (not_valid | {"503": CardState.UNREACHABLE}).get(marked, CardState.VALID)
        return CardAnswer(state, "simulated", is_simulated=True, is_deceased=marked == "410")


class SimulatedFaceMatch:
    """In place of a face service: it looks at no picture."""

    is_simulated = True

    def __init__(self, settings: Settings) -> None:
        demand_demo(settings)

    async def compare(self, cid: Cid, chip_photo: Secret[bytes], live_photo: Secret[bytes]) -> FaceAnswer:
        if _marked(cid) == "503" or not chip_photo.reveal() or not live_photo.reveal():
            return FaceAnswer(reached=False, is_simulated=True)
        score = 12.0 if _marked(cid) == "404" else 96.0
        return FaceAnswer(True, score >= THRESHOLD, score, THRESHOLD, liveness=True, is_simulated=True)


class SimulatedMessenger:
    """In place of SMS or LINE: `show` gets what would have been sent, for the screen that stands in for the phone."""

    is_simulated = True

    def __init__(self, settings: Settings, show: Callable[[Secret[str], Secret[str]], None] | None = None) -> None:
        demand_demo(settings)
        self._show = show

    async def send(self, to: Secret[str], text: Secret[str], key: str) -> Sent:
        if self._show:
            self._show(to, text)
        return Sent.SENT


def _marked(cid: Cid) -> str:
    return cid.digits[9:12]
