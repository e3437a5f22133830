"""A node that does something outside for each item, some of which fail at first, some always, and some for good.

It has retries, and counts what it did, so that a test can tell whether anything was done twice.
"""

import json
import zlib
from collections import Counter
from typing import ClassVar

from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, NodeSpec


class Params(NodeParams):
    """No parameters."""


class Flaky(NodeError):
    """A retry may help."""

    retryable = True


class Refused(NodeError):
    """No retry helps."""


SPEC = NodeSpec(
    type="post",
    name="post",
    category=Category.DATA,
    icon="box",
    summary="",
    docs="",
    params=Params,
    errors=("Flaky", "Refused"),
    retryable=("Flaky",),
)


class _Counting:
    """Where runs count what they do."""

    done: ClassVar[Counter[str]] = Counter()


def counted() -> Counter[str]:
    """Return what counts from here on, by idempotency key; a step that failed for good may still count elsewhere."""
    _Counting.done = Counter()
    return _Counting.done


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items that were taken."""
    done = _Counting.done

    def post(entry: Entry[Params]) -> list[Item]:
        number = zlib.crc32(json.dumps([entry.idempotency_key, entry.json], sort_keys=True).encode())
        if number % 9 == 0:
            raise Refused(f"{entry.json} is refused")
        if step.attempt <= number // 9 % 5:
            raise Flaky("it is away")
        done[entry.idempotency_key] += 1
        return [{"json": {**entry.json, "posted": True}}]

    return step.each(post, concurrency=2)
