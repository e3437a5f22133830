"""Deletes a message of the app's."""

from functions.nodes.apps.slack.fields import Stamped
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="delete",
    label="Delete",
    summary="Deletes a message of the app's.",
    params=Stamped,
    request=RequestSpec("POST", "/chat.delete", body={"channel": "{channel}", "ts": "{ts}"}),
    output_example=({"ok": True, "channel": "C024BE91L", "ts": "1503435956.000247"},),
)
