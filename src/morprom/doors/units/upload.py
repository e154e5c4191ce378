"""`POST /api/UpdatePHRv1`: the route that most of the traffic takes, so it is plain ASGI and nothing in between.

It is the one exception to "the door opens the transaction": it hands values to the group-commit writer.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from morprom.doors.services import Services
from morprom.doors.units.exercised import note_upload
from morprom.doors.units.hospital import wrong_hospital
from morprom.doors.units.outcome import outcomes, result_of
from morprom.doors.units.tally import Tally
from morprom.doors.wire import headers_of, problem_of, read_body, status_of
from morprom.intake import Received, Removed, Sender, receive
from morprom.intake.model import RemovalState
from morprom.kernel import Mode, Problem, Words
from morprom.mophphr import Finding, Rejected, Upload, envelope, finding, read_visits_upload, upload_notes
from morprom.units import Account

Message = dict[str, Any]

UPLOADS: Final = Tally("morprom_uploads", "Uploads by answer", "status")
VISITS: Final = Tally("morprom_visits", "Visits received, by what they were", "outcome")


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes = field(repr=False)
    headers: tuple[tuple[bytes, bytes], ...] = ()


class UploadRoute:
    """The ASGI application of the upload call."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(
        self,
        scope: dict[str, Any],
        receive_message: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        started = time.monotonic()
        try:
            reply = await self._answer(scope, receive_message, started)
        except Exception as error:  # noqa: BLE001 (outermost loop of a request: what is raised here would be a bare 500)
            reply = self._failed(problem_of(error), started)
        UPLOADS.add(str(reply.status))
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(reply.body)),
            (b"cache-control", b"no-store"),
            *reply.headers,
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})

    async def _answer(
        self, scope: dict[str, Any], receive_message: Callable[[], Awaitable[Message]], started: float
    ) -> _Reply:
        if scope["method"] != "POST":
            words = Words("ใช้ได้เฉพาะ POST", "only POST is allowed here")
            return self._reply(None, started, status=405, message=str(words), headers=((b"allow", b"POST"),))
        services = self._services
        sender = await services.gate.sender(_authorization(scope))
        body = await read_body(scope, receive_message, services.settings)  # type: ignore[arg-type]
        read_at = time.monotonic()
        upload = self._parsed(body)
        if isinstance(upload, Rejected):
            return self._rejected(upload.status, upload.faults, started)
        wrong = await wrong_hospital(services.directory, upload.hcode, sender.hcode)
        if wrong:
            return self._rejected(wrong.status, (wrong.fault,), started)
        parsed_at = time.monotonic()
        is_account = isinstance(sender, Account)
        received = await receive(
            upload,
            Sender(sender.account_id if is_account else None, may_remove=is_account),
            await services.directory.ref_key(upload.hcode),
            writer=services.writer,
            database=services.intake,
            ring=services.ring,
        )
        note_upload(scope, upload, received)
        stages = {
            "read": (read_at - started) * 1000,
            "parse": (parsed_at - read_at) * 1000,
            "write": (time.monotonic() - parsed_at) * 1000,
        }
        return self._accepted(upload, received, stages, started)

    def _parsed(self, body: bytes) -> Upload | Rejected:
        settings = self._services.settings
        return read_visits_upload(
            body,
            encounter_limit=settings.encounter_limit,
            nesting_limit=settings.nesting_limit,
            test_person_allowed=settings.mode is not Mode.PRODUCTION,
        )

    def _rejected(self, status: int, faults: tuple[Finding, ...], started: float) -> _Reply:
        message = " · ".join(f"{fault.path or '/'}: {fault.th} / {fault.en}" for fault in faults[:20])
        return self._reply(None, started, status=status, message=message, extra={"processing_issue": faults})

    def _accepted(self, upload: Upload, received: Received, stages: dict[str, float], started: float) -> _Reply:
        for outcome, count in outcomes(received.receipt):
            if count:
                VISITS.add(outcome, count=count)
        findings = upload.findings
        if received.removed:
            findings += _told(received.removed)
        return self._reply(result_of(received), started, extra=upload_notes(findings, stages))

    def _failed(self, problem: Problem, started: float) -> _Reply:
        headers = tuple((name.encode(), value.encode()) for name, value in headers_of(problem).items())
        return self._reply(None, started, status=status_of(problem), message=str(problem.words), headers=headers)

    def _reply(
        self,
        result: object,
        started: float,
        *,
        status: int = 200,
        message: str = "OK",
        extra: dict[str, Any] | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> _Reply:
        settings = self._services.settings
        body = envelope(
            result, status=status, message=message, started=started, label=settings.endpoint_label,
            port=settings.port, extra=extra,
        )  # fmt: skip
        return _Reply(status, body, headers)


def _told(removed: Removed) -> tuple[Finding, ...]:
    """What a whole history (scope ALL) did to the visits that it leaves out."""
    path = ((None, "managingOrganization"), "scope")
    match removed.state:
        case RemovalState.HELD:
            return (finding("REMOVAL_HELD", path),)
        case RemovalState.REFUSED:
            return (finding("REMOVAL_NEEDS_ACCOUNT", path),)
        case _:
            return (finding("VISITS_REMOVED", path),) if removed.count else ()


def _authorization(scope: dict[str, Any]) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return value
    return None
