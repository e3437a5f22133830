"""Reads a channel."""

from functions.nodes.apps.slack.fields import Channel
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="channel",
    name="get",
    label="Get",
    summary="Reads a channel.",
    params=Channel,
    request=RequestSpec(
        "GET",
        "/conversations.info",
        query=(("channel", "{channel}"), ("include_num_members", "true")),
    ),
    items="channel",
    output_example=({"id": "C024BE91L", "name": "orders", "is_private": False, "num_members": 12},),
)
