"""Deletes a block."""

from collections.abc import Iterator
from typing import Any

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_DELETE = RequestSpec("DELETE", "/blocks/{id}")


class Params(NodeParams):
    """Which block."""

    block: Text = ui(..., title="Block", kind=Kind.TEXT, help="Its ID or address.", min_length=1, max_length=2000)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the block that is gone."""
    from functions.nodes.apps.notion.ids import id_of

    yield call.ask(_DELETE, id=id_of(params.block, "Block", "params.blockDeleteBlock"))


OPERATION = Operation(
    resource="block",
    name="delete",
    label="Delete",
    summary="Puts a block, with what lies in it, into the trash.",
    params=Params,
    run=run,
    output_example=({"id": "b1", "type": "paragraph", "in_trash": True},),
)
