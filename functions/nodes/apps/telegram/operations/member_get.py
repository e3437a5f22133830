"""Reads what somebody is in a chat: member, administrator, gone."""

from functions.nodes.apps.telegram.fields import Chat
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec


class Params(Chat):
    """Who."""

    user: int = ui(..., title="User", kind=Kind.NUMBER, help="The id of a person, {{ $json.message.from.id }}.", ge=1)


OPERATION = Operation(
    resource="member",
    name="get",
    label="Get",
    summary="Reads what somebody is in a chat: member, administrator, gone.",
    params=Params,
    request=RequestSpec("POST", "/{credential}/getChatMember", body={"chat_id": "{chat}", "user_id": "{user}"}),
    items="result",
    output_example=({"status": "member", "user": {"id": 42, "is_bot": False, "first_name": "Ada"}},),
)
