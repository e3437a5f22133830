"""Signed messages that come again: each starts one execution, whoever sends it again and whatever stands beside it.

Headers and the query are not signed. So the message itself is the idempotency key of a call that names none; where the
call, or the webhook, names one, the message stays bound to the first key that it came with.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

import redis

from functions.system.webhook.targets import HookTarget
from stepweave_data import redis_keys as keys
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.kept import keep

UNTIMED_SECONDS: Final = keys.IDEMPOTENCY_SECONDS
"""How long a message is remembered whose signature has no time: as long as an idempotency key."""
_KEY: Final = "signed message "


@dataclass(frozen=True)
class Message:
    """A message whose signature was right. `digest` names it, for `seconds`."""

    digest: str
    seconds: int


def once(client: redis.Redis, message: Message | None, target: HookTarget, key: str) -> str:
    """Return the idempotency key of a call: the one that it names (`key`), or the message's own.

    Raises:
        Refusal: 409 `message_replayed` where the message came with another key before; 503 where it cannot be known.
    """
    if message is None:
        return key
    if not key:
        return _KEY + message.digest
    start = target["start"]
    place = hashlib.sha256(f"{target['nodeId']}\n{message.digest}".encode()).hexdigest()
    given = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    name = keys.signed_message(start["tenant_id"], start["workflow_id"], place)
    try:
        first = keep(client, start["tenant_id"], name, given, message.seconds, new=True)
        if first or client.get(name) in (given, None):
            return key
    except redis.RedisError as error:
        words = "Whether this message came before cannot be known now; try again."
        raise Refusal(503, "not_started", "Not started", words, {"retry-after": "5"}) from error
    words = "This signed message came before with another idempotency key. Sign a new message, or send its key again."
    raise Refusal(409, "message_replayed", "Sent before", words)
