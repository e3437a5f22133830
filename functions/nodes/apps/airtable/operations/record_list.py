"""Lists the records of a table."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.airtable.conditions import Condition, Sorted
from functions.nodes.apps.airtable.fields import IN_TABLE, Answered, InTable, view_field
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import FieldNames, Text, names_field


class Params(Listed, Answered, InTable):
    """Which records."""

    where: list[Condition] = ui(..., title="Where", kind=Kind.COLLECTION, default_factory=list, max_length=50)
    combine: Literal["AND", "OR"] = ui(
        "AND",
        title="Conditions",
        kind=Kind.SELECT,
        expression=False,
        options=[("AND", "All must hold"), ("OR", "One must hold")],
        group="options",
    )
    formula: Text = ui(
        "",
        title="Formula",
        kind=Kind.MULTILINE,
        placeholder='AND({Status}="Done", {Total}>100)',
        help="Of Airtable. Values from outside belong into conditions, where they are quoted.",
        group="options",
        max_length=50_000,
    )
    view: Text = view_field()
    sort: list[Sorted] = ui(..., title="Sort by", kind=Kind.COLLECTION, default_factory=list, max_length=10)
    names: FieldNames = names_field(
        "Only these fields",
        placeholder="Name, Email",
        options_from=OptionsFrom("fields", needs=IN_TABLE, separator=","),
        group="options",
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the records."""
    from functions.nodes.apps.airtable.formulas import formula_of
    from functions.nodes.apps.airtable.listing import records_in

    formula = formula_of(params.where, params.combine, params.formula)
    sort = [one.model_dump(mode="json") for one in params.sort]
    most = None if params.return_all else params.limit
    return records_in(call.ask, most, formula=formula, sort=sort, byFieldId=params.by_field_id)


OPERATION = Operation(
    resource="record",
    name="list",
    label="List",
    summary="Lists the records of a table that conditions or a formula find. Cells that are empty are not there.",
    params=Params,
    run=run,
    output_example=({"id": "rec1", "createdTime": "2026-11-30T09:00:00.000Z", "fields": {"Name": "Ada"}},),
)
