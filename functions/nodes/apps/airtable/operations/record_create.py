"""Adds records."""

from typing import Any

from functions.nodes.apps.airtable.batches import MOST, Batch, Given, in_batches, written
from functions.nodes.apps.airtable.fields import Written
from stepweave.spec.operations import Call, Operation


class Params(Written):
    """The record."""


def together(batch: Batch) -> Given:
    """Yield the new records."""
    return in_batches(batch, _record, _ask)


def _record(params: Params) -> dict[str, Any]:
    from functions.nodes.apps.airtable.cells import cells_of

    return {"fields": cells_of(params)}


def _ask(call: Call, params: Params, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(written(call, "POST", records)["records"])


OPERATION = Operation(
    resource="record",
    name="create",
    label="Create",
    summary="Adds a record to a table; items go ten at a time.",
    params=Params,
    together=together,
    most=MOST,
    output_example=({"id": "rec1", "createdTime": "2026-11-30T09:00:00.000Z", "fields": {"Name": "Ada"}},),
)
