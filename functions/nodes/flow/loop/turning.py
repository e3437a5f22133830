"""A loop round by round: what goes into the first, and after each whether there is another.

What the rounds still have to do, and what the earlier ones brought back, travels in the state while it is small. Else
it lies in the storage, each round's under a key of its own, so that nothing that an earlier round refers to is changed.
"""

from typing import Any, Final

from functions.nodes.flow.loop.spec import Params
from functions.nodes.flow.loop.splitting import batches_of, stored
from stepweave.model.items import Item, StoredItems
from stepweave.runtime import Step
from stepweave.runtime.claims import encode
from stepweave.runtime.conditions import Comparing, all_or_any_hold
from stepweave.runtime.errors import LoopLimit, NodeError
from stepweave.runtime.failing import failed_items
from stepweave.runtime.results import ERROR_PORT

SHARE: Final = 4
"""What is left to do, what came back and what failed each may have this part of the step's room; the round's items have
the rest."""


def entered(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of the first round, on `loop`.

    Raises:
        LoopLimit: there are more batches than rounds.
        StorageUnavailable: they could not be stored.
    """
    control = step.control
    if step.constant("mode") == "repeat":
        items = step.items()
    else:
        batches = batches_of(step)
        most = step.constant("maxRounds")
        if len(batches) > most:
            raise LoopLimit(
                f"{len(batches)} batches need as many rounds, and {most} are allowed.",
                "Allow more rounds, or use larger batches.",
            )
        if not batches:
            return {}
        encoded = [encode(batch) for batch in batches]
        small = sum(map(len, encoded)) <= control.inline_limit // SHARE
        control.extra["left"] = {"items": batches} if small else stored(step, batches, encoded, 0)
        items = batches[0]
    control.suspend()
    control.extra["round"] = 0
    return {"loop": items}


def turned(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the next round's items on `loop`, or the end's on `done`; nothing where no round brought anything.

    Where the loop goes on after errors, a round that failed, after which *Until* could not be told, or that was one too
    many, leaves error items; batches that are left go on, and a loop that repeats ends.

    Raises:
        LoopLimit: the rounds are over, what it waits for did not come, and the loop is to fail then.
        ValueMismatch: a condition compares what cannot be compared.
        PatternInvalid: a condition's pattern is none.
        DataMissing: what an earlier round stored is gone.
        StorageUnavailable: something could not be stored or fetched.
    """
    control, rounds = step.control, int(step.control.loop["round"]) + 1
    batchwise = step.constant("mode") == "each_until"
    all_rounds = not step.constant("onlyLast") if batchwise else step.constant("gather")
    back, broken, over = _after(step, rounds, batchwise=batchwise)
    following: list[Item] = []
    if not over:
        following = _next_batch(step, rounds) if batchwise else _once_more(step, back, rounds)
    branches = control.failure_port == ERROR_PORT
    # Of the rounds before the last nothing is kept otherwise: error items are.
    apart = control.failure_port is not None and (branches or (batchwise and not all_rounds))
    if not apart:
        back = back or broken
    if following:
        if all_rounds:
            control.extra["kept"] = _kept(step, "kept", back)
        if apart:
            control.extra["failed"] = _kept(step, "failed", broken)
        control.suspend()
        control.extra["round"] = rounds
        return {"loop": following}
    given = {"done": _brought(step, "kept", back) if all_rounds else back}
    if apart:
        failed = _brought(step, "failed", broken)
        given = {**given, ERROR_PORT: failed} if branches else {"done": [*failed, *back]}
    return {port: items for port, items in given.items() if items}


def _after(step: Step[Params], rounds: int, *, batchwise: bool) -> tuple[list[Item], list[Item], bool]:
    """Return what a round brought back, or else the error items that stand for it, and whether it was the last.

    `rounds` is how many there have been.
    """
    control, back = step.control, step.items("back")
    if control.failure is not None:
        return [], failed_items(step, control.failure)[control.failure["port"]], not batchwise
    try:
        over = bool(back) and _holds(step)
        if back and not over and not batchwise:
            _allow(step, rounds)
        return back, [], over
    except NodeError as error:
        if not control.goes_on:
            raise
        step.log("error", error.message, error.to_json())
        return [], [step.kept.error_item(error, item)[1] for item in back], not batchwise


def _holds(step: Step[Params]) -> bool:
    params = step.params()
    how = Comparing(params.ignore_case, params.type_validation == "strict", step.context["timeZone"], "params.until")
    return bool(params.until) and all_or_any_hold(params.until, "and", how)


def _once_more(step: Step[Params], back: list[Item], rounds: int) -> list[Item]:
    """Return what goes round again: what came back, while there may be another round."""
    return back if rounds < step.constant("maxRounds") else []


def _allow(step: Step[Params], rounds: int) -> None:
    """Raise LoopLimit after the last round, where the loop may not end without what it waits for."""
    params = step.params()
    if rounds >= step.constant("maxRounds") and params.until and params.on_limit == "fail":
        raise LoopLimit(
            f"The loop went round {rounds} times and what it waits for did not come.",
            "Allow more rounds, or let it go on with what came back.",
        )


def _next_batch(step: Step[Params], rounds: int) -> list[Item]:
    """Return the batch of a round, by its number from 0; nothing behind the last."""
    claims, tenant = step.control.claims, step.context["tenantId"]
    left: dict[str, Any] = step.control.loop["left"]
    step.control.extra["left"] = left
    if "items" in left:
        return left["items"][rounds] if rounds < len(left["items"]) else []
    index = claims.fetch_json(left["index"]["bucket"], left["index"]["key"], tenant)
    if rounds >= len(index):
        return []
    place = index[rounds]
    whole: StoredItems = left["ref"]
    return claims.fetch(
        {"count": place["count"], "ref": {**whole, "range": [place["offset"], place["length"]]}}, tenant
    )


def _kept(step: Step[Params], name: str, more: list[Item]) -> dict[str, Any]:
    """Return what the rounds have left so far, with that of this one: `items`, or where the `parts` are listed.

    Args:
        step: the turn.
        name: `kept`, of what came back; `failed`, of the error items that take a port of their own.
        more: of this round.
    """
    control, before = step.control, step.control.loop.get(name, {"items": []})
    items = [*before.get("items", []), *more]
    encoded = encode(items)
    if "parts" not in before and len(encoded) <= control.inline_limit // SHARE:
        return {"items": items}
    if not items:
        return dict(before)
    parts = _parts(step, before)
    ref = control.claims.store_bytes(control.key(f"{name}-items.json"), encoded)
    listed = control.claims.store_json(control.key(f"{name}.json"), [*parts, {"count": len(items), "ref": ref}])
    return {"parts": {"bucket": listed["bucket"], "key": listed["key"]}}


def _parts(step: Step[Params], kept: dict[str, Any]) -> list[Any]:
    where = kept.get("parts")
    tenant = step.context["tenantId"]
    return step.control.claims.fetch_json(where["bucket"], where["key"], tenant) if where else []


def _brought(step: Step[Params], name: str, more: list[Item]) -> list[Item]:
    """Return what all rounds have left, in their order; as `_kept`."""
    kept = step.control.loop.get(name, {"items": []})
    tenant = step.context["tenantId"]
    parts = [item for part in _parts(step, kept) for item in step.control.claims.fetch(part, tenant)]
    return [*parts, *kept.get("items", []), *more]
