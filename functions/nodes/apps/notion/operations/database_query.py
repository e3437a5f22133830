"""Finds pages of a database."""

from collections.abc import Iterator
from typing import Any, Literal

from functions.nodes.apps.notion.conditions import Condition, Sorted
from functions.nodes.apps.notion.fields import Answered, InDatabase
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation, RequestSpec

_QUERY = RequestSpec("POST", "/data_sources/{id}/query", body={"filter": "{found?}", "sorts": "{sorts?}"})


class Params(Listed, Answered, InDatabase):
    """Which pages."""

    where: list[Condition] = ui(..., title="Where", kind=Kind.COLLECTION, default_factory=list, max_length=50)
    combine: Literal["and", "or"] = ui(
        "and",
        title="Conditions",
        kind=Kind.SELECT,
        expression=False,
        options=[("and", "All must hold"), ("or", "One must hold")],
        group="options",
    )
    filter: dict[str, Any] = ui(
        ...,
        title="Filter as JSON",
        kind=Kind.JSON,
        placeholder='{"property": "Done", "checkbox": {"equals": true}}',
        help="As Notion's API takes it; holds besides the conditions.",
        default_factory=dict,
        group="options",
    )
    sort: list[Sorted] = ui(..., title="Sort by", kind=Kind.COLLECTION, default_factory=list, max_length=10)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the pages."""
    from functions.nodes.apps.notion.filters import filter_of, sorts_of
    from functions.nodes.apps.notion.pages import entries, given
    from functions.nodes.apps.notion.schema import known_source

    source = known_source(call, params.database)
    known = source.get("properties", {})
    found = filter_of(params.where, params.combine, params.filter, known)
    most = None if params.return_all else params.limit
    for page in entries(call.ask, _QUERY, most, id=source["id"], found=found, sorts=sorts_of(params.sort, known)):
        yield given(call, page, raw=params.raw)


OPERATION = Operation(
    resource="database",
    name="query",
    label="Find pages",
    summary="Finds pages of a database by conditions on their properties.",
    params=Params,
    run=run,
    output_example=(
        {"id": "1f2e", "url": "https://www.notion.so/1f2e", "title": "Ada", "properties": {"Name": "Ada", "Age": 36}},
    ),
)
