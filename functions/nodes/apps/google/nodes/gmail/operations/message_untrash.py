"""Takes a message out of the Trash."""

from functions.nodes.apps.google.nodes.gmail.fields import OfMessage
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="untrash",
    label="Take out of Trash",
    summary="Takes a message out of the Trash.",
    params=OfMessage,
    request=RequestSpec("POST", "/gmail/v1/users/me/messages/{message}/untrash"),
    output_example=({"id": "18c2f", "labelIds": []},),
)
