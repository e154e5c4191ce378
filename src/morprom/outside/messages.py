"""SMS by a gateway, and LINE by its Messaging API."""

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from morprom.kernel import Secret
from morprom.outside.calls import Service
from morprom.outside.model import Sent

LINE_PUSH: Final = "/v2/bot/message/push"


class GatewaySms:
    """A gateway that takes `msisdn`, `message` and `sender` as a form with basic authentication (ThaiBulkSMS, v2).

    Asked once: a message whose answer is lost may have been sent, and two codes confuse more than none.
    """

    is_simulated = False

    def __init__(self, url: str, login: Secret[str], sender: str, service: Service) -> None:
        """`login` is `key:secret`."""
        self._url = url
        self._login = login
        self._sender = sender
        self._service = service

    async def send(self, to: Secret[str], text: Secret[str], key: str) -> Sent:
        form = {"msisdn": to.reveal(), "message": text.reveal(), "sender": self._sender}
        user, _, password = self._login.reveal().partition(":")
        return _told(await self._service.post(self._url, data=form, auth=(user, password)))


class LineMessenger:
    """LINE's push message; `to` is the user's id at our channel. A retry key makes repeats one message."""

    is_simulated = False

    def __init__(self, url: str, token: Secret[str], service: Service) -> None:
        """`url` is the API's origin."""
        self._url = url.rstrip("/") + LINE_PUSH
        self._token = token
        self._service = service

    async def send(self, to: Secret[str], text: Secret[str], key: str) -> Sent:
        headers = {
            "Authorization": f"Bearer {self._token.reveal()}",
            "X-Line-Retry-Key": str(uuid5(NAMESPACE_URL, f"morprom:{key}")),
        }
        body = {"to": to.reveal(), "messages": [{"type": "text", "text": text.reveal()}]}
        answer = await self._service.post(self._url, json=body, headers=headers)
        if answer is not None and answer.status_code == 409:  # the retry key was seen: the message is on its way
            return Sent.SENT
        return _told(answer)


def _told(answer: object) -> Sent:
    if answer is None:
        return Sent.UNREACHABLE
    return Sent.SENT if getattr(answer, "is_success", False) else Sent.REFUSED
