"""Opens a chat with a person."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.graph import BASE_URL, literal
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operations import Call, Operation, RequestSpec
from stepweave.spec.parts import Text

_ME = RequestSpec("GET", "/me", query=(("$select", "id"),))
_OPEN = RequestSpec("POST", "/chats", body={"chatType": "oneOnOne", "members": "{members}"})


class Params(NodeParams):
    """With whom."""

    person: Text = ui(
        ...,
        title="Person",
        kind=Kind.TEXT,
        placeholder="ada@example.com",
        help="The address that she logs in with, or her ID.",
        min_length=1,
        max_length=320,
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the chat. Teams has one with each person, so that asking again gives the same."""
    if "me" not in call.shared:
        call.shared["me"] = str(call.ask(_ME)["id"])
    yield call.ask(_OPEN, members=[_member(call.shared["me"]), _member(params.person.strip())])


def _member(user: str) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "roles": ["owner"],
        "user@odata.bind": f"{BASE_URL}/users({literal(user)})",
    }


OPERATION = Operation(
    resource="chat",
    name="open",
    label="Open",
    summary="Gives the chat with a person, which is made where there is none.",
    params=Params,
    run=run,
    output_example=({"id": "19:b@unq.gbl.spaces", "chatType": "oneOnOne"},),
)
