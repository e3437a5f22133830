"""Shows for five seconds, or until a message comes, that the bot is typing."""

from typing import Literal

from functions.nodes.apps.telegram.fields import Chat
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec


class Params(Chat):
    """Which chat, and what is shown."""

    action: Literal["typing", "upload_photo", "upload_video", "record_voice", "upload_document", "find_location"] = ui(
        "typing",
        title="Shows",
        kind=Kind.SELECT,
        options=[
            ("typing", "Is typing"),
            ("upload_photo", "Sends a photo"),
            ("upload_video", "Sends a video"),
            ("record_voice", "Records a voice message"),
            ("upload_document", "Sends a file"),
            ("find_location", "Looks for a place"),
        ],
    )


OPERATION = Operation(
    resource="chat",
    name="action",
    label="Show what the bot does",
    summary="Shows for five seconds, or until a message comes, that the bot is typing.",
    params=Params,
    request=RequestSpec("POST", "/{credential}/sendChatAction", body={"chat_id": "{chat}", "action": "{action}"}),
    items="result",
    output_example=({"data": True},),
)
