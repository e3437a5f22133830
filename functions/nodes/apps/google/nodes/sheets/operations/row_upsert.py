"""Updates the row with a key, or appends one."""

from collections.abc import Iterable, Sequence
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import Upserted
from stepweave.spec.operations import Call, Operation


class Params(Upserted):
    """The row, and what it is known by."""


def together(pairs: Sequence[tuple[Call, Params]]) -> Iterable[list[dict[str, Any]] | Exception]:
    """Give what becomes of each item's rows."""
    from functions.nodes.apps.google.nodes.sheets.rows import upserted

    return upserted(pairs)


OPERATION = Operation(
    resource="row",
    name="upsert",
    label="Append or update",
    summary="Updates the rows that have the item's value in the key column, or appends one where there is none.",
    params=Params,
    together=together,
    most=500,
    output_example=({"Email": "ada@example.com", "Name": "Ada", "row_number": 7},),
)
