"""The `poll` of triggers that read a queue: nothing is deleted there before the workflow has it (ADR 34).

What was received is in the cursor, with its receipts. The platform moves the cursor on only when the workflow has
started with it, and asks again at once then: so the next ask with that cursor deletes them. Whoever dies before that
leaves them in the queue, from where they come again.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from functions.nodes.apps.aws.queues import FIELD, Queue, queue_of
from stepweave.runtime.asks import MOST_ANSWER_BYTES, Asked
from stepweave.runtime.aws_account import account_of
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.polling import Poll, Thing, only_new, watched_of

HIDDEN_SECONDS: Final = 180
"""Longer than the platform takes from receiving to deleting, and shorter than another poller waits for a dead one."""
WAIT_SECONDS: Final = 1
"""For the first message. With 0, SQS asks only some of its servers, and a queue may look empty that is not."""
LOOK_SECONDS: Final = 10
"""How long what was only looked at stays hidden, should giving it back fail."""
_MOST_BYTES: Final = MOST_ANSWER_BYTES - 512 * 1024
_MOST_RECEIPTS: Final = 128 * 1024
_MOST_MESSAGES: Final = 1000
"""Of one ask, also where most of them start nothing."""
_LEAST_SECONDS: Final = 8.0
"""With less time left, no further batch is asked for."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a message is.

    Attributes:
        key: what it is known by: two messages with one key start the workflow once.
        items: none for one that starts nothing, and is deleted.
    """

    key: str
    items: list[dict[str, Any]]


Reading = Callable[[Mapping[str, Any]], Read]


def poll_queue(asked: Asked, named: str, reading: Reading) -> dict[str, Any]:
    """Return what is in a queue, as the platform wants it, and delete there what the workflow has.

    Args:
        asked: the ask; its parameter `credential` names the credential.
        named: the queue, as a person wrote it.
        reading: reads a message.

    Raises:
        ParameterInvalid: that is no queue's name, or its messages cannot be looked at without harm.
        NodeError: what `specs.ERRORS` names.
    """
    poll, account = Poll.of(asked.given), account_of(asked)
    watched = watched_of(account.region, account.endpoint, named)
    cursor = poll.known(watched)
    queue = queue_of(account, named)
    if poll.is_sample:
        return {"items": _looked_at(queue, poll.limit, reading), "cursor": {}, "more": False}
    if poll.first:
        queue.attributes()
        return {"items": [], "cursor": dict(cursor or {"watched": watched}), "more": False}
    queue.delete((cursor or {}).get("receipts", ()))
    known = Poll({"watched": watched, **(cursor or {})}, False, poll.limit)
    return _received(asked, queue, known, watched, reading)


def _received(asked: Asked, queue: Queue, poll: Poll, watched: str, reading: Reading) -> dict[str, Any]:
    is_seen = poll.seen(watched)
    keys: dict[str, None] = {}
    receipts: list[str] = []
    items: list[dict[str, Any]] = []
    size, wait = 0, WAIT_SECONDS
    while len(items) < poll.limit and len(receipts) < _MOST_MESSAGES and asked.remaining() > _LEAST_SECONDS:
        try:
            found = queue.receive(poll.limit - len(items), hidden=HIDDEN_SECONDS, wait=wait)
        except NodeError:
            if items:
                break  # what has come is given; the next ask fails, if it still does
            raise
        told = [reading(one) for one in found]
        # The workflow has these already; they came again, with new receipts.
        queue.delete([one["ReceiptHandle"] for one, it in zip(found, told, strict=True) if is_seen(it.key)])
        for index, (one, it) in enumerate(zip(found, told, strict=True)):
            if is_seen(it.key):
                continue
            made = [] if it.key in keys else it.items
            size += len(json.dumps(made)) if made else 0
            if items and size > _MOST_BYTES:
                _give_back(queue, found[index:])
                return _answer(poll, watched, queue, keys, receipts, items)
            receipts.append(one["ReceiptHandle"])
            keys[it.key] = None
            items += made
        if not found:
            break
        wait = 0
    return _answer(poll, watched, queue, keys, receipts, items)


def _answer(
    poll: Poll,
    watched: str,
    queue: Queue,
    keys: Iterable[str],
    receipts: Sequence[str],
    items: list[dict[str, Any]],
) -> dict[str, Any]:
    things = [Thing(key, {}) for key in keys]
    # All of them are new, and as many as may be: `only_new` keeps which were there.
    news = only_new(Poll(poll.cursor, False, len(things)), things, watched, from_start=True)
    if not items:
        queue.delete(receipts)  # nothing starts with them
        receipts = ()
    answer = news.answer(receipts=_bounded(receipts))
    return {**answer, "items": items, "more": bool(items)}


def _looked_at(queue: Queue, most: int, reading: Reading) -> list[dict[str, Any]]:
    """Return what a few messages are like, and leave them in the queue."""
    policy = queue.attributes().get("RedrivePolicy") or "{}"
    try:
        once = str(json.loads(policy).get("maxReceiveCount")) == "1"
    except (ValueError, AttributeError):
        once = False
    if once:
        raise ParameterInvalid(
            f"The queue {queue.name} gives each message once only, then it goes to the dead-letter queue: looking at "
            "one would take it away.",
            "Publish the workflow, or let the queue give a message more than once (maxReceiveCount).",
            details={"field": FIELD},
        )
    found = queue.receive(most, hidden=LOOK_SECONDS, wait=WAIT_SECONDS)
    _give_back(queue, found)
    return [item for one in found for item in reading(one).items][:most]


def _give_back(queue: Queue, messages: Sequence[Mapping[str, Any]]) -> None:
    with suppress(NodeError):  # they come back by themselves, later
        queue.release([one["ReceiptHandle"] for one in messages])


def _bounded(receipts: Sequence[str]) -> list[str]:
    """Return as many receipts as a cursor has room for; messages of the others come again, and are known then."""
    kept, size = [], 0
    for receipt in receipts:
        size += len(receipt) + 3
        if size > _MOST_RECEIPTS:
            break
        kept.append(receipt)
    return kept
