"""Reads a page."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import Answered, OfPage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec

_GET = RequestSpec("GET", "/pages/{id}")


class Params(Answered, OfPage):
    """Which page."""

    with_content: bool = ui(
        False,
        title="With content",
        kind=Kind.BOOLEAN,
        expression=False,
        help="The output then has content, as Markdown.",
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the page."""
    from functions.nodes.apps.notion.blocks.sending import content
    from functions.nodes.apps.notion.blocks.writing import markdown_from
    from functions.nodes.apps.notion.ids import id_of
    from functions.nodes.apps.notion.pages import given

    id = id_of(params.page, "Page", "params.page")
    page = given(call, call.ask(_GET, id=id), raw=params.raw)
    yield {**page, "content": markdown_from(content(call, id, None))} if params.with_content else page


OPERATION = Operation(
    resource="page",
    name="get",
    label="Get",
    summary="Reads a page, and its content as Markdown where that is wanted.",
    params=Params,
    run=run,
    output_example=(
        {"id": "1f2e", "url": "https://www.notion.so/1f2e", "title": "Ada", "properties": {"Name": "Ada", "Age": 36}},
    ),
)
