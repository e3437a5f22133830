"""Says something to one target: by mail, to Slack, to a webhook, or by starting a workflow."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from typing import Any, Final

from stepweave.aws import AwsError
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.url import target_of
from stepweave_data.alerting import wording
from stepweave_data.mails import Mails, one_line
from stepweave_data.oauth2.asking import exchange
from stepweave_data.oauth2.replies import NoReply

MOST_ERROR: Final = 300
_HOSTS: Final = ("hooks.slack.com", "hooks.slack-gov.com")


class NotSent(Exception):
    """It could not be said. `str()` says why, in a line; `done` are the addresses that were reached before."""

    def __init__(self, words: str, done: Sequence[str] = ()) -> None:
        super().__init__(one_line(words, MOST_ERROR))
        self.done = list(done)


@dataclass(frozen=True)
class Message:
    """What is said to a target: `secret` has its `url`, a webhook's `secret` too; `people` are addresses of mail."""

    id: str
    tenant_id: str
    kind: str
    told: Mapping[str, Any]
    content: Mapping[str, Any]
    secret: Mapping[str, str]
    people: Sequence[str] = ()


@dataclass(frozen=True)
class Sender:
    """Says things. `mails` is None where none is sent; `start` asks the starter, and raises AwsError."""

    mails: Mails | None
    start: Callable[[dict[str, Any]], dict[str, Any]]
    origin: str

    def send(self, message: Message) -> None:
        """Say something. Raises NotSent."""
        try:
            match message.kind:
                case "mail":
                    self._mail(message)
                case "slack":
                    self._slack(message)
                case "webhook":
                    self._webhook(message)
                case _:
                    self._workflow(message)
        except (NoReply, NodeError, AwsError) as error:
            raise NotSent(str(error)) from None

    def _mail(self, message: Message) -> None:
        if self.mails is None:
            raise NotSent("This deployment sends no mail: ask whoever runs it to set a mail server.")
        done = list(message.content.get("done", ()))
        if not message.people and not done:
            raise NotSent("Nobody of those who were to be told is a member any more. Choose others.")
        subject, text = wording.subject(message.content), wording.text(message.content, self.origin)
        for address in message.people:
            if address in done:
                continue
            try:
                self.mails.send(address, subject, text)
            except (AwsError, OSError, ValueError, MessageError) as error:
                raise NotSent(f"The mail server did not take the mail ({type(error).__name__}).", done) from None
            done.append(address)

    def _slack(self, message: Message) -> None:
        body = json.dumps(wording.slack(message.content, self.origin)).encode()
        self._post(message.secret.get("url", ""), body, {})

    def _webhook(self, message: Message) -> None:
        body = json.dumps(wording.webhook(message.content, message.id, self.origin)).encode()
        at = str(int(time.time()))
        signature = signed(message.secret.get("secret", ""), at, body)
        headers = {"x-stepweave-delivery": [message.id], "x-stepweave-signature": [f"t={at},v1={signature}"]}
        self._post(message.secret.get("url", ""), body, headers)

    @staticmethod
    def _post(url: str, body: bytes, headers: Mapping[str, list[str]]) -> None:
        if not url:
            raise NotSent("The target's address cannot be opened any more. Fill it in again.")
        reply = exchange(
            Request("POST", target_of(url), Headers({"content-type": ["application/json"], **headers}), body)
        )
        if 300 <= reply.status < 400:
            raise NotSent(
                f"It answered with a redirect ({reply.status}), which is not followed. Fill in where it leads."
            )
        if reply.status >= 400:
            words = reply.body[:200].decode(errors="replace")
            raise NotSent(f"It answered {reply.status}: {words}" if words.strip() else f"It answered {reply.status}.")

    def _workflow(self, message: Message) -> None:
        body = wording.webhook(message.content, message.id, self.origin)
        asked = {"tenantId": message.tenant_id, "workflowId": message.told["workflowId"], "told": body}
        answer = self.start({"alert": asked})
        if "skipped" in answer:
            raise NotSent(str(answer["skipped"]))


def signed(secret: str, at: str, body: bytes) -> str:
    """Return what a webhook's body is signed with: HMAC-SHA256 over the time, a dot and the body."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_slack(host: str) -> bool:
    """Whether a host is one of Slack's that takes messages."""
    return host in _HOSTS
