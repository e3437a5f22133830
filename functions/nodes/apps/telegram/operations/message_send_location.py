"""Sends a place on the map."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.telegram.fields import Sending
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation


class Params(Sending):
    """The place."""

    latitude: float = ui(..., title="Latitude", kind=Kind.NUMBER, ge=-90, le=90)
    longitude: float = ui(..., title="Longitude", kind=Kind.NUMBER, ge=-180, le=180)


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the message."""
    from functions.nodes.apps.telegram.sending import ask, sending

    place = {"latitude": params.latitude, "longitude": params.longitude}
    yield ask(call, "sendLocation", {**sending(params), **place})


OPERATION = Operation(
    resource="message",
    name="send_location",
    label="Send location",
    summary="Sends a place on the map.",
    params=Params,
    run=run,
    output_example=({"message_id": 7, "chat": {"id": 42}, "location": {"latitude": 52.52, "longitude": 13.4}},),
)
