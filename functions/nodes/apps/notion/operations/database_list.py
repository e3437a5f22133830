"""Lists databases."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text

_SEARCH = RequestSpec(
    "POST", "/search", body={"query": "{text?}", "filter": {"property": "object", "value": "data_source"}}
)


class Params(Listed):
    """Which databases."""

    text: Text = ui("", title="Title", kind=Kind.TEXT, help="Words of the title; empty finds all.", max_length=500)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the data sources."""
    from functions.nodes.apps.notion.pages import entries

    return entries(call.ask, _SEARCH, None if params.return_all else params.limit)


OPERATION = Operation(
    resource="database",
    name="list",
    label="List",
    summary="Lists the databases that the integration sees: the data sources that they have.",
    params=Params,
    run=run,
    output_example=({"id": "a1b2", "object": "data_source", "title": [{"plain_text": "Tasks"}]},),
)
