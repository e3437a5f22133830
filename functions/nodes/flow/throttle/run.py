"""Books turns for all items at once, and waits for the last of them or tells apart what has none."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from functions.nodes.flow.throttle.spec import Params
from stepweave.model.items import Item
from stepweave.model.numbers import normal
from stepweave.runtime import Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.storing import once

MOST_KEYS: Final = 10_000
"""Keys that the items of one run may have: turns of all of them are booked at once, or none."""
_MS: Final = {"seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}


class ThrottleWaitTooLong(NodeError):
    """The turn of the last item would come later than the node may wait; nothing was booked."""


class ThrottleTooManyKeys(NodeError):
    """The items have more keys than turns can be booked for at once."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items at their turn, or nothing and wait for it; where none waits, what has no turn on `rejected`."""
    items = step.items()
    if step.control.phase == "resume" or not items:
        return {"main": items}
    known = [_known_by(step, place) for place in range(len(items))]
    keys = Counter(known)
    if len(keys) > MOST_KEYS:
        raise ThrottleTooManyKeys(
            f"The items have {len(keys):,} keys; turns are booked for at most {MOST_KEYS:,} at once.",
            "Put a loop around the node, with batches of fewer items.",
        )
    given = step.store.do(_booking(step, keys))
    if step.constant("mode") == "reject":
        return _told_apart(items, known, dict(zip(keys, given["admitted"], strict=True)))
    if not given["given"]:
        most = step.constant("maxWaitSeconds")
        raise ThrottleWaitTooLong(
            f"The turn of the last of {len(items):,} items comes in {given['wait']:,.1f} seconds; "
            f"the node waits {most:,} at most.",
            "Let it wait longer, raise the limit, give it fewer items at once, or run it later.",
            details={"waitSeconds": given["wait"], "maxWaitSeconds": most},
        )
    if given["until"] <= given["now"]:
        return {"main": items}
    moment = datetime.fromtimestamp(given["until"] / 1_000, UTC)
    until = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    step.control.suspend({"kind": "time", "until": until})
    step.control.extra["wait"] = {"until": until}
    return {}


def _booking(step: Step[Params], keys: Counter[str]) -> dict[str, Any]:
    """Return what the store is asked: turns for so many items of each key."""
    mode = step.constant("mode")
    asked = sha256(json.dumps(list(keys.items())).encode()).hexdigest()
    return {
        "do": "turns",
        "mode": mode,
        "limit": step.constant("limit"),
        "period": step.constant("period") * _MS[step.constant("unit")],
        "within": step.constant("maxWaitSeconds") * 1_000,
        "keys": list(keys.items()),
        "once": once(step.idempotency_key(), "turns", mode, asked),
    }


def _known_by(step: Step[Params], place: int) -> str:
    """Return what counts an item's turns: a digest of the workflow, the node and the key, whatever that has in it."""
    key = step.params(place).key
    text = "" if key is None or key == "" else json.dumps(normal(key), sort_keys=True)
    counted = json.dumps([step.context["workflowId"], step.control.node["id"], text])
    return sha256(counted.encode()).hexdigest()


def _told_apart(items: Sequence[Item], known: Sequence[str], left: dict[str, int]) -> dict[str, list[Item]]:
    """Return the first items of each key, as many as have a turn, on `main` and the others on `rejected`."""
    found: dict[str, list[Item]] = {"main": [], "rejected": []}
    for one, key in zip(items, known, strict=True):
        passes = left[key] > 0
        left[key] -= passes
        found["main" if passes else "rejected"].append(one)
    return found
