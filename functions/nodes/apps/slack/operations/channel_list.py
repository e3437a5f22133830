"""Lists channels that the app sees."""

from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Cursor, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Listed):
    """Which channels."""

    types: Text = ui(
        "public_channel,private_channel",
        title="Kinds",
        kind=Kind.TEXT,
        help="Of public_channel, private_channel, mpim and im, separated by commas.",
        max_length=100,
    )
    archived: bool = ui(False, title="Without archived ones", kind=Kind.BOOLEAN, group="options")


OPERATION = Operation(
    resource="channel",
    name="list",
    label="List",
    summary="Lists channels that the app sees.",
    params=Params,
    request=RequestSpec("GET", "/conversations.list", query=(("types", "{types}"), ("exclude_archived", "{archived}"))),
    items="channels",
    paging=Cursor(query="cursor", at="response_metadata.next_cursor", size_query="limit", size=200),
    output_example=({"id": "C024BE91L", "name": "orders", "is_private": False, "num_members": 12},),
)
