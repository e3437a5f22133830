"""Changes the record that has the same values in some fields, or adds it."""

import json
from collections.abc import Hashable
from typing import Any

from functions.nodes.apps.airtable.batches import MOST, Batch, Given, in_batches, written
from functions.nodes.apps.airtable.fields import IN_TABLE, Written
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import FieldNames


class Params(Written):
    """The record, and what it is known by."""

    match: FieldNames = ui(
        ...,
        title="Known by",
        kind=Kind.TEXT,
        placeholder="Email",
        help="One to three fields, with commas in between: a record that has the same values is changed.",
        options_from=OptionsFrom("fields", needs=IN_TABLE, separator=","),
        min_length=1,
        max_length=3,
    )


def together(batch: Batch) -> Given:
    """Yield the records, with `created`. Two items with the same values go one after the other."""
    match = batch[0][1].match
    return in_batches(batch, _record, _ask, key=lambda record: _key(record["fields"], match))


def _key(cells: dict[str, Any], match: list[str]) -> Hashable:
    return json.dumps([str(cells.get(name)).strip().casefold() for name in match])


def _record(params: Params) -> dict[str, Any]:
    from functions.nodes.apps.airtable.cells import cells_of
    from stepweave.runtime.errors import ParameterInvalid

    cells = cells_of(params)
    missing = next((name for name in params.match if cells.get(name) in (None, [])), None)
    if missing is not None:
        raise ParameterInvalid(
            f"Known by: the item has no value for {missing}.",
            "Give it one under Fields, or leave such items out beforehand.",
            details={"field": "params.recordUpsertMatch"},
        )
    return {"fields": cells}


def _ask(call: Call, params: Params, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    answer = written(call, "PATCH", records, performUpsert={"fieldsToMergeOn": list(params.match)})
    created = set(answer.get("createdRecords") or ())
    return [{**record, "created": record.get("id") in created} for record in answer["records"]]


OPERATION = Operation(
    resource="record",
    name="upsert",
    label="Create or update",
    summary="Changes the record with the same values in some fields, or adds it; may be done again without harm.",
    params=Params,
    together=together,
    most=MOST,
    output_example=(
        {"id": "rec1", "createdTime": "2026-11-30T09:00:00.000Z", "fields": {"Name": "Ada"}, "created": True},
    ),
)
