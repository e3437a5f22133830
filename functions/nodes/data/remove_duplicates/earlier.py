"""Keeps the items that no earlier execution let through, by a value of theirs."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from functions.nodes.data.remove_duplicates.spec import Params
from stepweave.model.items import Item, item
from stepweave.model.moments import FORMS, read_moment
from stepweave.model.numbers import normal, read_number
from stepweave.runtime import Step
from stepweave.runtime.errors import ValueMismatch
from stepweave.runtime.idempotency import origin_of

AT_ONCE: Final = 20_000
"""Values that the store is asked about at once: a digest each."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def run_earlier(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items that are new on `main`, the others on `duplicates`; or how much was forgotten."""
    mode = step.constant("mode")
    if mode == "forget":
        return {"main": [item({"forgotten": step.store.do({"do": "forget", **_memory(step)})["count"]})]}
    known = [_known_by(step, place) for place in range(len(step.items()))]
    values = list(dict.fromkeys(value for value in known if value is not None))
    told: dict[str, bool] = {}
    for start in range(0, len(values), AT_ONCE if mode == "earlier" else len(values) or 1):
        part = values[start : start + AT_ONCE] if mode == "earlier" else values
        asked = {"do": "fresh" if mode == "earlier" else "greater", **_memory(step), "values": part}
        told.update(zip(part, step.store.do(asked), strict=True))
    found: dict[str, list[Item]] = {"main": [], "duplicates": []}
    for one, value in zip(step.items(), known, strict=True):
        is_new = value is None or told[value]
        if value is not None and mode == "earlier":
            told[value] = False  # the first of the input is kept
        found["main" if is_new else "duplicates"].append(one)
    return found


def _memory(step: Step[Params]) -> dict[str, Any]:
    """Return which memory is meant, for how long it keeps how much, and who asks."""
    context, node = step.context, step.control.node
    scope = [context["workflowId"], context["mode"]]
    if step.constant("scope") == "node":
        scope.append(node["id"])
    asker = {
        "workflowId": context["workflowId"],
        "executionId": context["executionId"],
        "origin": origin_of(context),
        "run": step.idempotency_key(),
    }
    memory = {"scope": ":".join(scope), "asker": asker}
    return memory | {"days": step.constant("days"), "most": step.constant("history")}


def _known_by(step: Step[Params], place: int) -> str | None:
    """Return what the store knows an item's value by; None for none. Raises ValueMismatch."""
    value = step.params(place).value
    if value is None or value == "":
        return None
    if step.constant("mode") == "earlier":
        return sha256(json.dumps(normal(value), sort_keys=True).encode()).hexdigest()
    if step.constant("valueType") == "number":
        number = read_number(value) if isinstance(value, str) else value
        if isinstance(number, int | float) and not isinstance(number, bool):
            return str(Decimal(repr(number)))
        raise _mismatch(value, "number", "12.5", place)
    moment = None if isinstance(value, bool) else read_moment(value, step.context["timeZone"])
    if moment is None:
        raise _mismatch(value, "date", FORMS, place)
    return str((moment - _EPOCH) // timedelta(microseconds=1))


def _mismatch(value: Any, kind: str, example: str, place: int) -> ValueMismatch:
    shown = json.dumps(value, ensure_ascii=False)[:60]
    return ValueMismatch(f"{shown} is no {kind}.", f"Give one, such as {example}.", item=place)
