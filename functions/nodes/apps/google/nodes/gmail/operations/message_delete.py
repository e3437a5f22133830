"""Deletes a message for ever; needs the scope https://mail.google.com/."""

from functions.nodes.apps.google.nodes.gmail.fields import OfMessage
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="message",
    name="delete",
    label="Delete for ever",
    summary="Deletes a message for ever; needs the scope https://mail.google.com/.",
    params=OfMessage,
    request=RequestSpec("DELETE", "/gmail/v1/users/me/messages/{message}"),
    output_example=({},),
)
