"""Reads rows."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import Read
from stepweave.spec.operations import Call, Operation


class Params(Read):
    """Which rows."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the rows that fit, by the columns' names."""
    from functions.nodes.apps.google.nodes.sheets.reading import read

    return read(call, params)


OPERATION = Operation(
    resource="row",
    name="read",
    label="Read",
    summary="Reads the rows of a sheet, all of them or those with given values: one item each.",
    params=Params,
    run=run,
    output_example=({"Name": "Ada", "Age": 36, "row_number": 2},),
)
