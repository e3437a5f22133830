"""Lists the comments on a page."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import OfPage
from stepweave.spec.operations import Call, Listed, Operation, RequestSpec

_LIST = RequestSpec("GET", "/comments", query=(("block_id", "{id}"),))


class Params(Listed, OfPage):
    """On which page."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the comments, with their text."""
    from functions.nodes.apps.notion.ids import id_of
    from functions.nodes.apps.notion.pages import entries
    from functions.nodes.apps.notion.plain import text_of

    most = None if params.return_all else params.limit
    for one in entries(call.ask, _LIST, most, id=id_of(params.page, "Page", "params.page")):
        yield {**one, "text": text_of(one.get("rich_text"))}


OPERATION = Operation(
    resource="comment",
    name="list",
    label="List",
    summary="Lists the open comments on a page or block.",
    params=Params,
    run=run,
    output_example=({"id": "c1", "discussion_id": "d1", "text": "Done"},),
)
