"""Updates rows that are there."""

from collections.abc import Iterable, Sequence
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import Updated
from stepweave.spec.operations import Call, Operation


class Params(Updated):
    """Which rows, and what is written to them."""


def together(pairs: Sequence[tuple[Call, Params]]) -> Iterable[list[dict[str, Any]] | Exception]:
    """Give what becomes of each item's rows."""
    from functions.nodes.apps.google.nodes.sheets.rows import updated

    return updated(pairs)


OPERATION = Operation(
    resource="row",
    name="update",
    label="Update",
    summary="Writes cells of the row with a number, or of all rows that have the item's value in the key column.",
    params=Params,
    together=together,
    most=500,
    output_example=({"Email": "ada@example.com", "Name": "Ada L.", "row_number": 7},),
)
