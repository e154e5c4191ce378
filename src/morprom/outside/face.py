"""A face comparison service over JSON.

DOPA's own face service has no public description, so this client speaks a small protocol of ours that a site's gateway
to it answers: `POST {pid, reference, probe}` (JPEG as base64) gives `{match, score, threshold, liveness}`.
"""

import base64

import msgspec

from morprom.kernel import Cid, Secret
from morprom.outside.calls import Service
from morprom.outside.model import FaceAnswer


class _Said(msgspec.Struct):
    match: bool
    score: float
    threshold: float
    liveness: bool


class HttpFaceMatch:
    """Asks a site's gateway, with a bearer token."""

    is_simulated = False

    def __init__(self, url: str, token: Secret[str], service: Service) -> None:
        self._url = url
        self._token = token
        self._service = service

    async def compare(self, cid: Cid, chip_photo: Secret[bytes], live_photo: Secret[bytes]) -> FaceAnswer:
        """A match only when the service says so and its own score agrees."""
        body = {
            "pid": cid.digits,
            "reference": base64.b64encode(chip_photo.reveal()).decode(),
            "probe": base64.b64encode(live_photo.reveal()).decode(),
        }
        headers = {"Authorization": f"Bearer {self._token.reveal()}"}
        answer = await self._service.post(self._url, json=body, headers=headers)
        if answer is None or answer.status_code != 200:
            return FaceAnswer(reached=False)
        try:
            said = msgspec.json.decode(answer.content, type=_Said)
        except (msgspec.DecodeError, RecursionError):
            return FaceAnswer(reached=False)
        matches = said.match and said.score >= said.threshold
        return FaceAnswer(True, matches, said.score, said.threshold, said.liveness)
