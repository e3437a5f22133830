"""Gets the address of a message, for people."""

from functions.nodes.apps.slack.fields import Stamped
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="permalink",
    label="Get link",
    summary="Gets the address of a message, for people.",
    params=Stamped,
    request=RequestSpec("GET", "/chat.getPermalink", query=(("channel", "{channel}"), ("message_ts", "{ts}"))),
    output_example=({"ok": True, "permalink": "https://acme.slack.com/archives/C024BE91L/p1503435956000247"},),
)
