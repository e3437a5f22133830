"""Calls that are one: within a day, the same key starts one execution, and all who call with it get its answer.

The first to come claims the key and starts; the others wait for the answer, which goes round among them. Where nothing
was started the key is free again, and whoever waits takes it. A key in the header that comes with another call is
refused: its sender has mixed something up, and would take the answer for one to what it has sent.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any, Final, cast

import redis

from functions.system.webhook.targets import HookTarget
from functions.system.webhook.waiting import SLICE
from stepweave_data import redis_keys as keys
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Received, Request
from stepweave_data.kept import keep, keep_list
from stepweave_data.telemetry import logger

HEADER: Final = "idempotency-key"
DONE: Final = "!"
"""Behind the execution's id once its answer is there."""
_OF_CALL: Final = "~"
"""Between the execution's id and the digest of the call."""
MOST_KEPT: Final = 256 * 1024
"""Characters of an answer that is kept as long as its key; a longer one is there for who waits now."""


@dataclass(frozen=True)
class Former:
    """What an earlier call with the key started, and its answer where there is one by now."""

    execution_id: str
    answer: dict[str, Any] | None


def key_of(request: Request, item: dict[str, Any], target: HookTarget) -> str:
    """Return what names a call; "" where nothing does, and it is one of its own.

    Args:
        request: the call.
        item: what the workflow would get of it, its JSON.
        target: the webhook. Its template holds plain paths alone (publishing sees to that): nothing of a tenant's runs.

    Raises:
        Refusal: 400, where the webhook names where the key is, and there is none.
    """
    template = target.get("idempotencyKey", "")
    if not template:
        return request.headers.get(HEADER, "")
    from stepweave.expressions.templates import parse_template  # only where it is needed: a cold start is short

    parts = [part if isinstance(part, str) else _value(part.source, item) for part in parse_template(template).parts]
    if "" in parts:
        words = f"The call has nothing where this webhook looks for its idempotency key: {template[:200]}"
        raise Refusal(400, "no_idempotency_key", "No key", words)
    return "".join(parts)


def digest_of(request: Request, given: Received, target: HookTarget) -> str:
    """Return a digest of what a call asks for: method, path, query, and what is in its body, however it is written.

    It is "" where the webhook says what names a call: a provider that sends one again may write other counters into it.
    """
    if target.get("idempotencyKey", ""):
        return ""
    files = [(one.name, one.file_name, hashlib.sha256(one.content).hexdigest()) for one in given.files]
    asked = [request.method, request.path, request.raw_query, given.json.get("body"), files]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


def _value(source: str, item: dict[str, Any]) -> str:
    """Return the text of a plain path's value; "" where there is none."""
    from stepweave.expressions.errors import ExpressionError
    from stepweave.expressions.paths import UNDEFINED, Path, parse_path
    from stepweave.expressions.resolve import Doubtful, resolve, to_text
    from stepweave.expressions.scope import Scope

    path = parse_path(source)
    try:
        value = resolve(path, Scope.of_outputs([{"json": item}], {}), 0) if isinstance(path, Path) else UNDEFINED
        return "" if value is UNDEFINED or value is None else to_text(value)
    except (Doubtful, ExpressionError):
        return ""


class Claim:
    """One call's claim of its key. A call without a key claims nothing. `asked` is the call's digest (`digest_of`)."""

    def __init__(self, client: redis.Redis, given: str, target: HookTarget, asked: str = "") -> None:
        self._asked = asked
        start = target["start"]
        digest = hashlib.sha256(f"{target['nodeId']}\n{given}".encode("utf-8", "surrogatepass")).hexdigest()
        self._redis = client
        self._tenant = start["tenant_id"]
        self._key = keys.idempotency(start["tenant_id"], start["workflow_id"], digest) if given else ""
        self._answers = keys.idempotent_answer(start["tenant_id"], start["workflow_id"], digest)

    def take(self, execution_id: str, seconds: float) -> Former | None:
        """Return what an earlier call with this key started, or None: this one starts `execution_id`.

        Args:
            execution_id: of this call.
            seconds: how long to wait for the answer of a call that is under way.

        Raises:
            Refusal: 422, where it was another call; 503, where it cannot be known.
        """
        if not self._key:
            return None
        limit = time.monotonic() + seconds
        try:
            while True:
                claimed = self._claimed(execution_id)
                if keep(self._redis, self._tenant, self._key, claimed, keys.CLAIM_SECONDS, new=True):
                    return None
                known = str(self._redis.get(self._key) or "")
                left = limit - time.monotonic()
                done = known.endswith(DONE)
                former, _, asked = known.removesuffix(DONE).partition(_OF_CALL)
                if former == execution_id:
                    return None  # Redis took the claim, its answer was lost, and the client sent it again
                if asked and self._asked and asked != self._asked:
                    raise _reused()
                answer = self._answer(0.05 if done else min(SLICE, left)) if known and (done or left > 0) else None
                if known and (answer is not None or done or left <= 0):
                    return Former(former, answer)
                if left <= 0:
                    raise _unknown()
        except redis.RedisError as error:
            raise _unknown() from error

    def keep(self, execution_id: str, answer: dict[str, Any]) -> None:
        """Give the answer to all who call with this key, now and within a day."""
        if not self._key:
            return
        text = json.dumps(answer)
        lasts = keys.IDEMPOTENCY_SECONDS if len(text) <= MOST_KEPT else keys.CLAIM_SECONDS
        try:
            with self._redis.pipeline() as pipe:
                done = self._claimed(execution_id) + DONE
                keep(pipe, self._tenant, self._key, done, keys.IDEMPOTENCY_SECONDS)
                keep_list(pipe, self._tenant, self._answers, text, lasts)
                pipe.execute()
        except redis.RedisError as error:
            logger().warning("an answer could not be kept for its idempotency key", error=repr(error))

    def release(self) -> None:
        """Give the key back: nothing was started, so the same call may come again."""
        if not self._key:
            return
        try:
            self._redis.delete(self._key)
        except redis.RedisError:
            return  # it expires soon

    def _claimed(self, execution_id: str) -> str:
        return f"{execution_id}{_OF_CALL}{self._asked}" if self._asked else execution_id

    def _answer(self, seconds: float) -> dict[str, Any] | None:
        """Return the answer, which stays for the next who waits."""
        found = self._redis.blmove(self._answers, self._answers, max(seconds, 0.01), "LEFT", "RIGHT")  # type: ignore[arg-type]  # Redis takes parts of a second
        return cast("dict[str, Any]", json.loads(str(found))) if found else None


def _reused() -> Refusal:
    words = "This idempotency key came with another call within a day. Send a different call with a key of its own."
    return Refusal(422, "idempotency_key_reused", "Key used before", words)


def _unknown() -> Refusal:
    words = "Whether this call was made before cannot be known now; try again."
    return Refusal(503, "not_started", "Not started", words, {"retry-after": "5"})
