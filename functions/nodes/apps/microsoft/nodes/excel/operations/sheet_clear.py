"""Empties cells."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.microsoft.nodes.excel.fields import InSheet
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_SHEET = "/{drive*}/items/{workbook}/workbook/worksheets/{sheet}"
_CLEAR = RequestSpec("POST", f"{_SHEET}/range(address='{{cells}}')/clear", body={"applyTo": "{what}"})
_ALL = RequestSpec("POST", f"{_SHEET}/range/clear", body={"applyTo": "{what}"})


class Params(InSheet):
    """Which cells."""

    cells: Text = ui(
        "",
        title="Cells",
        kind=Kind.TEXT,
        placeholder="A2:F500",
        help="Empty: the whole worksheet.",
        pattern=r"^[A-Za-z0-9$:]*$",
        max_length=40,
    )
    what: Literal["Contents", "Formats", "All"] = ui(
        "Contents",
        title="Take away",
        kind=Kind.SELECT,
        expression=False,
        options=[("Contents", "Contents"), ("Formats", "Formats"), ("All", "Both")],
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give what was emptied."""
    call.ask(_CLEAR if params.cells else _ALL)
    yield {"sheet": params.sheet, "cells": params.cells, "cleared": True}


OPERATION = Operation(
    resource="sheet",
    name="clear",
    label="Clear",
    summary="Empties cells of a worksheet, or all of it.",
    params=Params,
    run=run,
    output_example=({"sheet": "Sheet1", "cells": "A2:F500", "cleared": True},),
)
