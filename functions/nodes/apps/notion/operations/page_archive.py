"""Puts a page into the trash, or takes it out."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import Answered, OfPage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec

_ARCHIVE = RequestSpec("PATCH", "/pages/{id}", body={"in_trash": "{archived}"})


class Params(Answered, OfPage):
    """Which page."""

    restore: bool = ui(False, title="Restore it", kind=Kind.BOOLEAN, expression=False, help="Take it out of the trash.")


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the page as it is then."""
    from functions.nodes.apps.notion.ids import id_of
    from functions.nodes.apps.notion.pages import given

    page = call.ask(_ARCHIVE, id=id_of(params.page, "Page", "params.page"), archived=not params.restore)
    yield given(call, page, raw=params.raw)


OPERATION = Operation(
    resource="page",
    name="archive",
    label="Archive",
    summary="Puts a page into the trash, or takes it out.",
    params=Params,
    run=run,
    output_example=(
        {
            "id": "1f2e",
            "url": "https://www.notion.so/1f2e",
            "title": "Ada",
            "properties": {"Name": "Ada", "Age": 36},
            "archived": True,
        },
    ),
)
