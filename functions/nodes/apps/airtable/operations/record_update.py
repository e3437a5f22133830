"""Changes records."""

from typing import Any

from functions.nodes.apps.airtable.batches import MOST, Batch, Given, in_batches, written
from functions.nodes.apps.airtable.fields import Recorded, Written
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(Written, Recorded):
    """The record, and what becomes of it."""

    replace: bool = ui(
        False,
        title="Empty the other cells",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: cells that are not named stay as they are.",
        group="options",
    )


def together(batch: Batch) -> Given:
    """Yield the records as they are then. One that two items change is changed by one after the other."""
    return in_batches(batch, _record, _ask, key=lambda record: record["id"])


def _record(params: Params) -> dict[str, Any]:
    from functions.nodes.apps.airtable.cells import cells_of

    return {"id": params.record, "fields": cells_of(params)}


def _ask(call: Call, params: Params, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(written(call, "PUT" if params.replace else "PATCH", records)["records"])


OPERATION = Operation(
    resource="record",
    name="update",
    label="Update",
    summary="Changes a record, which its ID names; items go ten at a time.",
    params=Params,
    together=together,
    most=MOST,
    output_example=({"id": "rec1", "createdTime": "2026-11-30T09:00:00.000Z", "fields": {"Name": "Ada"}},),
)
