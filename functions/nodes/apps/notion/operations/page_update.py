"""Changes the properties of a page."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import Filled, InDatabase, OfPage
from stepweave.spec.operations import Call, Operation, RequestSpec

_UPDATE = RequestSpec("PATCH", "/pages/{id}", body={"properties": "{made}"})


class Params(Filled, OfPage, InDatabase):
    """The page, and what becomes of its properties."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the page as it is then."""
    from functions.nodes.apps.notion.ids import id_of
    from functions.nodes.apps.notion.pages import given
    from functions.nodes.apps.notion.schema import known_source
    from functions.nodes.apps.notion.writing import properties_of

    made = properties_of(params, known_source(call, params.database).get("properties", {}))
    page = call.ask(_UPDATE, id=id_of(params.page, "Page", "params.page"), made=made)
    yield given(call, page, raw=params.raw)


OPERATION = Operation(
    resource="page",
    name="update",
    label="Update",
    summary="Changes properties of a page in a database; the others stay as they are.",
    params=Params,
    run=run,
    output_example=(
        {"id": "1f2e", "url": "https://www.notion.so/1f2e", "title": "Ada", "properties": {"Name": "Ada", "Age": 36}},
    ),
)
