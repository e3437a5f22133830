"""Requests that are sent twice and count once: the header `Idempotency-Key` of a POST by who is logged in.

The first to come with a key claims it; its answer, where it did something, is kept for a day, and is what the same
caller gets who sends the same request again. With the key and another request they are refused. What was refused or
failed is not kept: nothing was done. An answer may hold a secret that is shown once, so it is kept encrypted with the
caller's key, of which Redis has a digest only (draft-ietf-httpapi-idempotency-key-header).
"""

import base64
import hashlib
import json
import re
import secrets
import zlib
from dataclasses import dataclass
from typing import Any, Final, cast

import redis
from fastapi import Request, Response

from api import codes
from api.refusals import Refused
from api.services.tokens import Principal
from stepweave_data import redis_keys as keys
from stepweave_data.kept import keep
from stepweave_data.telemetry import logger

HEADER: Final = "idempotency-key"
REPLAYED: Final = "Idempotent-Replayed"
MOST_KEPT: Final = 1024**2
"""Bytes of an answer that is kept."""
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


class Replayed(Exception):
    """The request was made before. `answer` is what came of it."""

    def __init__(self, answer: Response) -> None:
        super().__init__("the request was made before")
        self.answer = answer


@dataclass(frozen=True)
class Claim:
    """A key that a request has claimed."""

    client: redis.Redis
    tenant: str
    name: str
    secret: bytes
    asked: str

    def keep(self, response: Response) -> None:
        """Keep the answer for who sends the request again; give the key back where nothing was done."""
        if response.status_code >= 300:
            self.release()
            return
        body = bytes(getattr(response, "body", b""))
        told: dict[str, Any] = {"asked": self.asked, "answer": ""}
        if len(body) <= MOST_KEPT and hasattr(response, "body"):
            kind = response.headers.get("content-type", "")
            whole = {"status": response.status_code, "type": kind, "body": base64.b64encode(body).decode()}
            told["answer"] = _cipher(self.secret).encrypt(zlib.compress(json.dumps(whole).encode())).decode()
        self._write(lambda: keep(self.client, self.tenant, self.name, json.dumps(told), keys.IDEMPOTENCY_SECONDS))

    def release(self) -> None:
        """Give the key back: nothing was done, so the same request may come again."""
        self._write(lambda: self.client.delete(self.name))

    def _write(self, change: Any) -> None:
        try:
            change()
        except redis.RedisError as error:
            logger().warning("an answer could not be kept for its idempotency key", error=repr(error))


def asked_of(request: Request, body: bytes) -> str:
    """Return a digest of what a request asks for."""
    head = f"{request.method}\n{request.url.path}\n{request.url.query}\n".encode()
    return hashlib.sha256(head + body).hexdigest()


def claim(request: Request, client: redis.Redis, caller: Principal, signing_key: str) -> None:
    """Claim the key of a request, where it brings one; its route keeps the answer (`api.bodies`).

    Args:
        request: a caller's, who may make it.
        client: Redis.
        caller: who.
        signing_key: of the deployment; with the caller's key it encrypts the answer.

    Raises:
        Replayed: it was made before.
        Refused: `bad_request` for a key that is none, `idempotency_key_reused`, `idempotency_key_in_use`,
            `redis_unavailable`.
    """
    asked: str = getattr(request.state, "asked", "")
    if not asked:
        return
    given = request.headers[HEADER]
    if not _KEY.fullmatch(given):
        words = "The header Idempotency-Key takes 1 to 255 visible ASCII characters; a UUID does."
        raise Refused(codes.BAD_REQUEST, words)
    digest = hashlib.sha256(given.encode()).hexdigest()
    name = keys.repeated(str(caller.tenant_id), str(caller.key_id or caller.user_id), digest)
    secret = hashlib.sha256(f"{signing_key}\n{given}".encode()).digest()
    made = Claim(client, str(caller.tenant_id), name, secret, asked)
    try:
        mine = json.dumps({"asked": asked, "answer": "", "by": secrets.token_hex(8)})
        taken = keep(client, made.tenant, name, mine, keys.CLAIM_SECONDS, new=True)
        kept = None if taken else cast("str | None", client.get(name))
        # It is ours, too, where Redis took it, its answer was lost, and the client sent it again.
        if taken or kept == mine:
            request.state.claim = made
            return
    except redis.RedisError as error:
        words = "Whether this request was made before cannot be known now. Try again."
        raise Refused(codes.REDIS_UNAVAILABLE, words) from error
    known = json.loads(kept) if kept else {"asked": asked, "answer": ""}
    if known["asked"] != asked:
        words = "This key came with another request within a day. Send a different request with a key of its own."
        raise Refused(codes.IDEMPOTENCY_KEY_REUSED, words)
    if not known["answer"]:
        words = "The request that brought this key first is under way, or its answer was too large to be kept."
        raise Refused(codes.IDEMPOTENCY_KEY_IN_USE, words, retry_seconds=2)
    raise Replayed(_answer(json.loads(_unpacked(_cipher(made.secret).decrypt(known["answer"].encode())))))


def _unpacked(text: bytes) -> bytes:
    """Return what was kept; the release before did not pack it."""
    return text if text.startswith(b"{") else zlib.decompress(text)


def _answer(kept: dict[str, Any]) -> Response:
    headers = {REPLAYED: "true", **({"content-type": kept["type"]} if kept["type"] else {})}
    return Response(base64.b64decode(kept["body"]) or None, kept["status"], headers)


def _cipher(secret: bytes) -> Any:
    from cryptography.fernet import Fernet  # only for who sends a key: a cold start is short

    return Fernet(base64.urlsafe_b64encode(secret))
