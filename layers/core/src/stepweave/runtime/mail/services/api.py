"""What providers' APIs have alike: one request for a message, and what is said where they refuse it."""

import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http.operations import BASE_URLS
from stepweave.runtime.http.refusals import seconds_until, words_of
from stepweave.runtime.http_errors import RequestTimeout
from stepweave.runtime.mail.addresses import Address, quoted
from stepweave.runtime.mail.attachments import Attachment
from stepweave.runtime.mail.errors import EmailRefused, EmailTooLarge, EmailUnavailable
from stepweave.runtime.mail.headers import plain_header
from stepweave.runtime.mail.message import Mail
from stepweave.runtime.mail.mime import encoded, encoded_size
from stepweave.runtime.network import ConnectionFailed, stand_in_for
from stepweave.spec.mails import SERVICES

if TYPE_CHECKING:
    from stepweave.runtime.step import Step

_SECONDS: Final = 60.0
_MOST_MB: Final = 1
"""Of an answer: an id, or an error."""
_ASCII: Final = re.compile(r"[ -~]*")


@dataclass(frozen=True, slots=True)
class Posting:
    """What is posted for a message."""

    path: str
    content_type: str
    body: Stream
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the JSON is {} where there is none."""

    status: int
    headers: Mapping[str, str]
    json: Mapping[str, Any]
    text: str


class Api:
    """A provider's API, for one step. Below it are the providers."""

    name: str
    base_url: str
    most_bytes: int

    def __init__(self, data: Mapping[str, Any], credential: str, step: "Step[Any]") -> None:
        self.data, self._credential, self._step = data, credential, step
        self.address = str(data.get("from") or "")

    def close(self) -> None:
        """Do nothing: connections are kept for whoever asks next."""

    def posting(self, mail: Mail) -> Posting:
        """Return what to post."""
        raise NotImplementedError

    def result(self, mail: Mail, answered: Answered) -> dict[str, Any]:
        """Return what the output item says of a message that was taken."""
        raise NotImplementedError

    def said(self, answered: Answered) -> tuple[str, str]:
        """Return the provider's name for a refusal ("" for none), and its words."""
        return "", str(answered.json.get("message") or "")

    def passes(self, answered: Answered, code: str) -> bool:
        """Whether a refusal is for now only."""
        return answered.status in (408, 425, 429) or answered.status >= 500

    def remedy(self, answered: Answered) -> str:
        """Return what to do about a refusal for good."""
        if answered.status in (401, 403):
            return "Check the key in the credential, and that the sender's domain is verified there."
        return "Check the addresses and what the provider says of them."

    def wait(self, answered: Answered) -> float | None:
        """Return how many seconds the provider wants to be left alone; None where it does not say."""
        return seconds_until(answered.headers.get("retry-after", ""))

    def send(self, mail: Mail) -> dict[str, Any]:
        """Send a message. Returns and raises as `Sender.send`."""
        posting = self.posting(mail)
        try:
            answered = self._answered(posting)
        except (RequestTimeout, ConnectionFailed) as error:
            raise EmailUnavailable(error.message, error.remedy, details=error.details) from None
        if answered.status >= 300:
            raise self._refusal(answered)
        return {"messageId": mail.message_id, "accepted": mail.recipients, "rejected": []} | self.result(mail, answered)

    def _answered(self, posting: Posting) -> Answered:
        # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request.
        from stepweave.runtime.http.client import send
        from stepweave.runtime.http.reading import Arrived
        from stepweave.runtime.http.request import Headers, Request, authenticated
        from stepweave.runtime.http.url import target_of

        instead = stand_in_for(self.base_url)
        target = target_of((instead or BASE_URLS.get(self.base_url, self.base_url)) + posting.path)
        authentication = self._step.authentication(self._credential, SERVICES)
        if instead:
            authentication = replace(authentication, hosts=())
        headers = Headers({"user-agent": ["Stepweave/1"], "accept": ["application/json"]})
        headers["content-type"] = [posting.content_type]
        for name, value in posting.headers.items():
            headers.put(name, value, "params")
        deadline = time.monotonic() + min(_SECONDS, self._step.remaining())
        request = authenticated(Request("POST", target, headers, posting.body), authentication, "params.credential")
        response, came = send(request, deadline=deadline, follow_redirects=False)
        with Arrived(response, came, deadline, "POST") as arrived:
            text = arrived.content(_MOST_MB).decode("utf-8", "replace")
            told = {name: str(value) for name, value in arrived.headers.items()}
            return Answered(arrived.status, told, _object(text), text)

    def _refusal(self, answered: Answered) -> NodeError:
        code, words = self.said(answered)
        words = words_of(words or answered.text) or "it gives no reason"
        details = {"status": answered.status, "provider": self.name} | ({"code": code} if code else {})
        message = f"{self.name} refused the message: {answered.status} {words}"
        if answered.status == 413:
            return EmailTooLarge(message, "Send fewer or smaller files, or a link to them.", details=details)
        if self.passes(answered, code):
            remedy = "It may pass: let the node retry."
            return EmailUnavailable(message, remedy, details=details, retry_after=self.wait(answered))
        return EmailRefused(message, self.remedy(answered), details=details)


class Content:
    """Stands in a JSON value for a file, which is sent there as base64."""

    def __init__(self, file: Attachment) -> None:
        self.file = file


def json_body(value: Any) -> Stream:
    """Return a JSON value as a body whose `Content` is sent piece by piece."""
    files: list[Attachment] = []
    mark = secrets.token_hex(16)

    def default(one: Any) -> str:
        if not isinstance(one, Content):
            raise TypeError(type(one).__name__)
        files.append(one.file)
        return mark

    texts = [text.encode() for text in json.dumps(value, default=default).split(mark)]
    size = sum(map(len, texts)) + sum(encoded_size(file.size, lines=False) for file in files)

    def opened() -> Iterator[bytes]:
        yield texts[0]
        for text, file in zip(texts[1:], files, strict=True):
            yield from encoded(file.chunks(), lines=False)
            yield text

    return Stream(size, opened)


def json_posting(path: str, value: Any, **headers: str) -> Posting:
    """Return JSON to post; names of `headers` with `_` for dashes."""
    return Posting(
        path, "application/json", json_body(value), {name.replace("_", "-"): text for name, text in headers.items()}
    )


def shown(address: Address) -> str:
    """Return an address with its name, as text."""
    return f"{quoted(address.name)} <{address.spec}>" if address.name else address.spec


def once_each(mail: Mail) -> tuple[list[Address], list[Address], list[Address]]:
    """Return To, Cc and Bcc with each address in the first of them alone: providers refuse those that stand twice."""
    seen: set[str] = set()

    def of(addresses: Sequence[Address]) -> list[Address]:
        fresh = [one for one in addresses if one.spec.casefold() not in seen]
        seen.update(one.spec.casefold() for one in fresh)
        return fresh

    return of(mail.to), of(mail.cc), of(mail.bcc)


def header_text(value: str) -> str:
    """Return a header's value in ASCII: what is beyond it as encoded words (RFC 2047)."""
    if _ASCII.fullmatch(value):
        return value
    return " ".join(plain_header("X", value).decode().partition(":")[2].split())


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
