"""Adds a page below another one."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import Answered, Content
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Content, Answered):
    """The page."""

    parent: Text = ui(
        ..., title="Parent page", kind=Kind.TEXT, help="Its ID or address.", min_length=1, max_length=2000
    )
    title: Text = ui(..., title="Title", kind=Kind.TEXT, min_length=1, max_length=2000)
    emoji: Text = ui("", title="Icon", kind=Kind.TEXT, placeholder="🎉", group="options", max_length=20)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the page."""
    from functions.nodes.apps.notion.creating import created
    from functions.nodes.apps.notion.ids import id_of
    from functions.nodes.apps.notion.texts import rich_text

    parent = {"type": "page_id", "page_id": id_of(params.parent, "Parent page", "params.pageAddParent")}
    properties = {"title": {"title": rich_text(params.title)}}
    yield created(call, parent, properties, params.content, params.emoji, raw=params.raw)


OPERATION = Operation(
    resource="page",
    name="add",
    label="Create below a page",
    summary="Adds a page below another page, with a title and content.",
    params=Params,
    run=run,
    output_example=(
        {"id": "1f2e", "url": "https://www.notion.so/1f2e", "title": "Ada", "properties": {"Name": "Ada", "Age": 36}},
    ),
)
