"""What the `receive` of a trigger with code has: the call, and what it may answer (contracts.md, "Triggers with code").

def receive(asked: Asked) -> dict[str, Any]:
    call = Call.of(asked)
    if not call.is_signed(call.kept["secret"], "x-hub-signature-256", prefix="sha256="):
        return refuse("The signature is missing or wrong.")
    return happened([call.json()], delivery_id=call.headers.get("x-github-delivery", ""))
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepweave.model.items import BinaryRef
from stepweave.model.json_text import JsonInvalid, read
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import NodeError


class CallRefused(NodeError):
    """A call that is not answered as one of the provider's; nothing is started. `details.status` is what it gets."""

    def __init__(self, message: str, status: int = 401) -> None:
        super().__init__(message, details={"status": status})


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a trigger's address, as it came.

    Attributes:
        method: in upper case.
        headers: by their names in lower case.
        query: by name; of a name that came twice the last.
        body: exactly as it was sent.
        address: where the trigger is called, for providers that sign it, too.
        kept: what `activate` gave; empty while it has not answered yet.
    """

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = field(repr=False)
    address: str
    kept: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, asked: Asked) -> "Call":
        """Return the call that an ask is about."""
        given = asked.given
        body = base64.b64decode(given["rawBody"])
        kept = given.get("kept") or {}
        return cls(given["method"], given["headers"], given["query"], body, given["address"], kept)

    def json(self) -> Any:
        """Return the body's data. Raises CallRefused (400) where it is no JSON, or JSON that cannot be carried."""
        try:
            return read(self.body)
        except JsonInvalid as error:
            raise CallRefused(f"The body is {error}.", 400) from None

    def is_signed(self, secret: str, header: str, *, prefix: str = "", algorithm: str = "sha256") -> bool:
        """Whether a header has the body's HMAC, in hexadecimal. The comparison's time tells nothing.

        Args:
            secret: the key; an empty one signs nothing.
            header: its name, in lower case.
            prefix: what stands before the digest (`sha256=`).
            algorithm: of the digest.
        """
        given = self.headers.get(header, "")
        wanted = prefix + hmac.new(secret.encode(), self.body, algorithm).hexdigest()
        return bool(secret) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def happened(
    items: Iterable[Mapping[str, Any]], delivery_id: str = "", files: Mapping[str, BinaryRef] | None = None
) -> dict[str, Any]:
    """Return that the workflow starts with items, of the given JSON each; none: the call is fine and starts nothing.

    Args:
        items: the `json` of each.
        delivery_id: what the provider calls this delivery: one that comes again starts nothing again.
        files: the `binary` of each (`Asked.store_file`).
    """
    more = {"binary": dict(files)} if files else {}
    whole: dict[str, Any] = {"items": [{"json": dict(one), **more} for one in items]}
    return whole | ({"deliveryId": delivery_id} if delivery_id else {})


def answer(status: int = 200, body: Any = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what a provider is answered that only asks whether somebody is there; nothing is started."""
    return {"answer": {"statusCode": status, "headers": dict(headers or {}), "body": body}}


def refuse(message: str, status: int = 401) -> dict[str, Any]:
    """Return that a call is none of the provider's: it gets `status`, and nothing is started."""
    return {"refuse": {"status": status, "message": message}}


def fingerprint(*parts: str) -> str:
    """Return a delivery id for providers that give none: a digest of what makes a delivery the same one."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
