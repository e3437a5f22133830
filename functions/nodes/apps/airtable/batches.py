"""Up to ten records in one request, while each item still gets what is its own: its record, or its error.

Airtable does all of a request or nothing. Where it refuses one with several records, they are sent one by one, up to
the first that it refuses by itself: what stands behind that is not written before the step has said to go on.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Final

from stepweave.spec.operations import Call, RequestSpec

MOST: Final = 10
"""Records in one request (airtable.com/developers/web/api/create-records)."""
ALONE: Final = frozenset({400, 404, 413, 422})
"""Statuses that may be about one of the records."""

Record = dict[str, Any]
Batch = Sequence[tuple[Call, Any]]
Given = Iterator[list[Record] | Exception]


def in_batches(
    batch: Batch,
    record: Callable[[Any], Record],
    ask: Callable[[Call, Any, list[Record]], list[Record]],
    *,
    key: Callable[[Record], Hashable] = lambda record: None,
) -> Given:
    """Yield what each of some items gives, or its error; ends early where the next one must go with another request.

    Args:
        batch: items' calls and parameters.
        record: what is sent of an item's parameters; may raise NodeError.
        ask: sends some in one request, with the call and the parameters of the first; returns what each gives.
        key: of what is sent: two with the same one do not go together; None may.
    """
    from stepweave.runtime.errors import NodeError

    call, first = batch[0]
    try:
        records = _alike(batch, record, key)
    except NodeError as error:
        yield error
        return
    try:
        yield from ([one] for one in ask(call, first, records))
        return
    except NodeError as error:
        if len(records) == 1 or error.details.get("status") not in ALONE:
            yield from [error] * len(records)
            return
    for one in records:
        try:
            [given] = ask(call, first, [one])
        except NodeError as error:
            yield error
            return
        yield [given]


def _alike(batch: Batch, record: Callable[[Any], Record], key: Callable[[Record], Hashable]) -> list[Record]:
    """Return the records of the first items, as far as one request can have them. Raises the first one's NodeError."""
    from stepweave.runtime.errors import NodeError

    records, seen = list[Record](), set[Hashable]()
    for _, params in batch:
        if _sent_as(params) != _sent_as(batch[0][1]):
            break
        try:
            made = record(params)
        except NodeError:
            if not records:
                raise
            break
        known = key(made)
        if known is not None and known in seen:
            break
        seen.add(known)
        records.append(made)
    return records


def _sent_as(params: Any) -> tuple[Any, ...]:
    more = ("typecast", "by_field_id", "replace", "match")
    return (params.base, params.table, *(getattr(params, name, None) for name in more))


def written(call: Call, method: str, records: list[Record], **more: Any) -> Record:
    """Send records to be written, and return the answer, which has as many `records`. Raises ResponseInvalid."""
    from stepweave.runtime.http_errors import ResponseInvalid

    body = {"records": "{records}", "typecast": "{typecast}", "returnFieldsByFieldId": "{byFieldId}", **more}
    answer = call.ask(RequestSpec(method, "/{base}/{table}", body=body), records=records)
    given = answer.get("records") if isinstance(answer, dict) else None
    if not isinstance(given, list) or len(given) != len(records):
        raise ResponseInvalid(
            f"Airtable answered with {len(given) if isinstance(given, list) else 'no'} records to {len(records)}.",
            "Look in the table which were written, before it is done again.",
        )
    return dict(answer)
