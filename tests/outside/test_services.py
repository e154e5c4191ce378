"""The real clients against stand-ins that follow the documented protocols, and the simulators' limits."""

import base64
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from morprom.kernel import Cid, Mode, Problem, Secret, Settings
from morprom.outside import CardQuestion, CardState, Sent, open_outside
from morprom.outside import calls as outside_calls
from morprom.outside.calls import FAILURES, PAUSE, TRIES, Service
from morprom.outside.dopa import DopaCardStatus
from morprom.outside.face import HttpFaceMatch
from morprom.outside.messages import GatewaySms, LineMessenger
from morprom.outside.simulated import SimulatedCardStatus, SimulatedFaceMatch, SimulatedMessenger
from morprom_wire.cid import check_digit


def cid(middle: str) -> Cid:
    digits = f"19900{middle:0>7}"
    return Cid(digits + str(check_digit(digits)))


SOMCHAI = cid("1")
BY_LASER = CardQuestion(SOMCHAI, "สมชาย", "ใจดี <&>", date(1980, 4, 9), laser_code="je1-1234567-89")
BY_CHIP = CardQuestion(SOMCHAI, "สมชาย", "ใจดี", date(1980, 4, 9), chip_no="0123ABCD", request_no="1234567890")
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr(outside_calls.asyncio, "sleep", at_once)


def service(answer: Answer, *, repeats: bool = True, clock: Callable[[], float] = lambda: 0.0) -> Service:
    return Service("stand-in", transport=httpx.MockTransport(answer), repeats=repeats, clock=clock)


def soap(code: str, is_error: str = "false", desc: str = "…") -> httpx.Response:
    inside = f"<IsError>{is_error}</IsError><ErrorMessage/><Code>{code}</Code><Desc>{desc}</Desc>"
    return httpx.Response(
        200,
        text='<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<R xmlns="http://tempuri.org/"><CheckResult>{inside}</CheckResult></R></soap:Body></soap:Envelope>',
    )


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (soap("0"), CardState.VALID),
        (soap("1"), CardState.NOT_VALID),
        (soap("4"), CardState.NOT_VALID),
        (soap("0", is_error="true"), CardState.UNREACHABLE),
        (soap(""), CardState.UNREACHABLE),
        (httpx.Response(200, text="0"), CardState.UNREACHABLE),
        (httpx.Response(200, text="<!DOCTYPE a [<!ENTITY b 'c'>]><a><Code>0</Code></a>"), CardState.UNREACHABLE),
        (httpx.Response(302, headers={"location": "https://elsewhere.example"}), CardState.UNREACHABLE),
        (httpx.Response(503), CardState.UNREACHABLE),
    ],
)
async def test_only_an_answer_that_says_so_in_full_makes_a_card_valid(answer: httpx.Response, state: CardState) -> None:
    dopa = DopaCardStatus("https://dopa.example/service", service(lambda _: answer))
    assert (await dopa.ask(BY_CHIP)).state is state


async def test_dopa_is_asked_by_laser_code_or_by_chip_as_its_description_says() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return soap("0")

    dopa = DopaCardStatus("https://dopa.example/service", service(answer))
    for question in (BY_LASER, BY_CHIP):
        assert (await dopa.ask(question)).state is CardState.VALID
    laser, chip = (request.content.decode() for request in asked)
    assert asked[0].headers["soapaction"] == '"http://tempuri.org/CheckCardByLaser"'
    assert f"<PID>{SOMCHAI.digits}</PID>" in laser
    assert "<BirthDay>25230409</BirthDay><Laser>JE1123456789</Laser>" in laser
    assert "<LastName>ใจดี &lt;&amp;&gt;</LastName>" in laser
    assert asked[1].headers["soapaction"] == '"http://tempuri.org/CheckCardByCID"'
    assert f"<ChipNo>0123ABCD</ChipNo><pid>{SOMCHAI.digits}</pid><bp1no>1234567890</bp1no>" in chip


@pytest.mark.parametrize(
    ("answer", "is_deceased"),
    [
        (soap("5", desc="สถานะไม่ปกติ => บุคคลเสียชีวิต"), True),
        (soap("5", desc="สถานะไม่ปกติ (ตาย)"), True),
        (soap("1", desc="สถานะไม่ปกติ => บัตรหาย"), False),
        (soap("0", desc="สถานะปกติ"), False),
        (soap("5", is_error="true", desc="เสียชีวิต"), False),
    ],
)
async def test_that_somebody_has_died_is_taken_from_a_whole_answer_alone(
    answer: httpx.Response, *, is_deceased: bool
) -> None:
    dopa = DopaCardStatus("https://dopa.example/service", service(lambda _: answer))
    assert (await dopa.ask(BY_CHIP)).is_deceased is is_deceased


async def test_a_lost_answer_is_asked_for_again_and_a_service_that_keeps_failing_is_left_alone_for_a_while() -> None:
    asked, now = [0], [0.0]

    def fail(_: httpx.Request) -> httpx.Response:
        asked[0] += 1
        raise httpx.ConnectError("…")

    dopa = DopaCardStatus("https://dopa.example/service", service(fail, clock=lambda: now[0]))
    for _ in range(FAILURES):
        assert (await dopa.ask(BY_CHIP)).state is CardState.UNREACHABLE
    assert asked[0] == FAILURES * TRIES
    await dopa.ask(BY_CHIP)
    assert asked[0] == FAILURES * TRIES
    now[0] = PAUSE + 1
    await dopa.ask(BY_CHIP)
    assert asked[0] == (FAILURES + 1) * TRIES


@pytest.mark.parametrize(
    ("said", "reached", "matches"),
    [
        ({"match": True, "score": 91.5, "threshold": 80, "liveness": True}, True, True),
        ({"match": True, "score": 12, "threshold": 80, "liveness": True}, True, False),
        ({"match": False, "score": 91, "threshold": 80, "liveness": True}, True, False),
        ({"match": "yes"}, False, False),
        ([], False, False),
    ],
)
async def test_a_face_matches_only_when_word_and_score_agree(said: Any, reached: bool, matches: bool) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer t0ken"
        assert base64.b64decode(json.loads(request.content)["probe"]) == b"live"
        return httpx.Response(200, json=said)

    face = HttpFaceMatch("https://face.example", Secret("t0ken"), service(answer))
    found = await face.compare(SOMCHAI, Secret(b"chip"), Secret(b"live"))
    assert (found.reached, found.matches) == (reached, matches)


async def test_line_is_pushed_with_a_key_that_makes_repeats_one_message() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["x-line-retry-key"])
        assert request.url.path == "/v2/bot/message/push"
        assert json.loads(request.content)["messages"] == [{"type": "text", "text": "เปิดแอป"}]
        return httpx.Response(409 if len(keys) > 1 else 200)

    line = LineMessenger("https://line.example/", Secret("t0ken"), service(answer))
    for _ in range(2):
        assert await line.send(Secret("U1"), Secret("เปิดแอป"), "notice 1") is Sent.SENT
    assert keys[0] == keys[1]
    assert await line.send(Secret("U1"), Secret("เปิดแอป"), "notice 2") is Sent.SENT
    assert keys[2] != keys[0]


async def test_an_sms_whose_answer_is_lost_is_not_sent_again() -> None:
    asked = [0]

    def fail(request: httpx.Request) -> httpx.Response:
        asked[0] += 1
        assert request.headers["authorization"].startswith("Basic ")
        raise httpx.ReadTimeout("…")

    sms = GatewaySms("https://sms.example", Secret("key:secret"), "MorProm", service(fail, repeats=False))
    assert await sms.send(Secret("0800000000"), Secret("รหัส"), "k") is Sent.UNREACHABLE
    assert asked[0] == 1


@pytest.mark.parametrize("mode", [Mode.SANDBOX, Mode.PRODUCTION])
@pytest.mark.parametrize("simulator", [SimulatedCardStatus, SimulatedFaceMatch, SimulatedMessenger])
def test_a_simulator_refuses_to_start_outside_demo_mode(simulator: Callable[[Settings], object], mode: Mode) -> None:
    with pytest.raises(Problem) as refused:
        simulator(Settings(mode=mode))
    assert refused.value.code == "SIMULATOR_REFUSED"


async def test_simulators_say_that_they_are_and_can_show_each_case() -> None:
    async with open_outside(Settings(mode=Mode.DEMO)) as outside:
        assert outside.card_status
        assert outside.face
        for middle, state, matches in (
            ("1", CardState.VALID, True),
            ("404", CardState.NOT_VALID, False),
            ("503", CardState.UNREACHABLE, False),
        ):
            answer = await outside.card_status.ask(CardQuestion(cid(middle), "ก", "ข", None, chip_no="1"))
            face = await outside.face.compare(cid(middle), Secret(b"chip"), Secret(b"live"))
            assert (answer.state, answer.is_simulated) == (state, True)
            assert (face.matches, face.is_simulated) == (matches, True)


async def test_outside_demo_mode_what_is_not_set_up_is_not_there(tmp_path: Path) -> None:
    async with open_outside(Settings()) as outside:
        assert (outside.card_status, outside.face, outside.sms, outside.line) == (None, None, None, None)
    (tmp_path / "line").write_text("t0ken\n", "utf-8")
    settings = Settings(line_url="https://line.example", sms_url="https://sms.example", outside_secrets=str(tmp_path))
    with pytest.raises(Problem) as missing:
        async with open_outside(settings):
            pass
    assert missing.value.code == "SECRET_MISSING"
    (tmp_path / "sms").write_text("key:secret", "utf-8")
    async with open_outside(settings) as outside:
        assert isinstance(outside.line, LineMessenger)
        assert isinstance(outside.sms, GatewaySms)


def test_what_is_asked_hides_itself() -> None:
    assert SOMCHAI.digits not in repr((BY_LASER, BY_CHIP))
    assert "ใจดี" not in repr((BY_LASER, BY_CHIP))
