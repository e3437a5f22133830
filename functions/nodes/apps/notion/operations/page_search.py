"""Finds pages by their titles."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import Answered
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text

_SEARCH = RequestSpec(
    "POST",
    "/search",
    body={
        "query": "{text?}",
        "filter": {"property": "object", "value": "page"},
        "sort": {"timestamp": "last_edited_time", "direction": "descending"},
    },
)


class Params(Listed, Answered):
    """Which pages."""

    text: Text = ui("", title="Title", kind=Kind.TEXT, help="Words of the title; empty finds all.", max_length=500)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the pages."""
    from functions.nodes.apps.notion.pages import entries, given

    for page in entries(call.ask, _SEARCH, None if params.return_all else params.limit):
        yield given(call, page, raw=params.raw)


OPERATION = Operation(
    resource="page",
    name="search",
    label="Search",
    summary="Finds pages by their titles, of all that the integration sees; those last changed come first.",
    params=Params,
    run=run,
    output_example=(
        {"id": "1f2e", "url": "https://www.notion.so/1f2e", "title": "Ada", "properties": {"Name": "Ada", "Age": 36}},
    ),
)
