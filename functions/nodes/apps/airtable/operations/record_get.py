"""Reads one record."""

from functions.nodes.apps.airtable.fields import Answered, Recorded
from stepweave.spec.operations import Operation, RequestSpec


class Params(Answered, Recorded):
    """Which record."""


OPERATION = Operation(
    resource="record",
    name="get",
    label="Get",
    summary="Reads a record by its ID. Cells that are empty are not there.",
    params=Params,
    request=RequestSpec("GET", "/{base}/{table}/{record}", query=(("returnFieldsByFieldId", "{byFieldId}"),)),
    output_example=({"id": "rec1", "createdTime": "2026-11-30T09:00:00.000Z", "fields": {"Name": "Ada"}},),
)
