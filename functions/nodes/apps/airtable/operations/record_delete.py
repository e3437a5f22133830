"""Deletes records."""

from typing import Any

from functions.nodes.apps.airtable.batches import MOST, Batch, Given, in_batches
from functions.nodes.apps.airtable.fields import Recorded
from stepweave.spec.operations import Call, Operation, RequestSpec

_DELETE = RequestSpec("DELETE", "/{base}/{table}", query=(("records[]", "{records}"),))


class Params(Recorded):
    """Which record."""


def together(batch: Batch) -> Given:
    """Yield what is gone."""
    return in_batches(batch, lambda params: {"id": params.record}, _ask, key=lambda record: record["id"])


def _ask(call: Call, params: Params, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = [record["id"] for record in records]
    call.ask(_DELETE, records=ids)
    return [{"id": id, "deleted": True} for id in ids]


OPERATION = Operation(
    resource="record",
    name="delete",
    label="Delete",
    summary="Deletes a record; items go ten at a time.",
    params=Params,
    together=together,
    most=MOST,
    output_example=({"id": "rec1", "deleted": True},),
)
