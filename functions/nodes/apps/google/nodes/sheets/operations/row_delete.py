"""Deletes rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from functions.nodes.apps.google.nodes.sheets.fields import Deleted
from stepweave.spec.operations import Call, Operation


class Params(Deleted):
    """Which rows."""


def together(pairs: Sequence[tuple[Call, Params]]) -> Iterable[list[dict[str, Any]] | Exception]:
    """Give what becomes of each item's rows."""
    from functions.nodes.apps.google.nodes.sheets.rows import deleted

    return deleted(pairs)


OPERATION = Operation(
    resource="row",
    name="delete",
    label="Delete",
    summary="Deletes rows by their numbers, or all that have a value in the key column. The rows below move up.",
    params=Params,
    together=together,
    most=500,
    output_example=({"deleted": 1, "rows": [7]},),
)
