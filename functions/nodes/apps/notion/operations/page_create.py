"""Adds a page to a database."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import Content, Filled, InDatabase
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation
from stepweave.spec.parts import Text


class Params(Content, Filled, InDatabase):
    """The page."""

    emoji: Text = ui("", title="Icon", kind=Kind.TEXT, placeholder="🎉", group="options", max_length=20)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the page."""
    from functions.nodes.apps.notion.creating import created
    from functions.nodes.apps.notion.schema import known_source
    from functions.nodes.apps.notion.writing import properties_of

    source = known_source(call, params.database)
    properties = properties_of(params, source.get("properties", {}))
    parent = {"type": "data_source_id", "data_source_id": str(source["id"])}
    yield created(call, parent, properties, params.content, params.emoji, raw=params.raw)


OPERATION = Operation(
    resource="page",
    name="create",
    label="Create in a database",
    summary="Adds a page to a database, with properties and content.",
    params=Params,
    run=run,
    output_example=(
        {"id": "1f2e", "url": "https://www.notion.so/1f2e", "title": "Ada", "properties": {"Name": "Ada", "Age": 36}},
    ),
)
