"""Answers a message."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import Content, OfMessage
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Call, Operation, RequestSpec

_ANSWER = RequestSpec("POST", "/{mailbox*}/messages/{message}/createReply", body={"comment": "{body}"})
_TO_ALL = RequestSpec("POST", "/{mailbox*}/messages/{message}/createReplyAll", body={"comment": "{body}"})


class Params(Content, OfMessage):
    """The answer."""

    to_all: bool = ui(False, title="To all", kind=Kind.BOOLEAN, expression=False)
    draft: bool = ui(
        False, title="Only a draft", kind=Kind.BOOLEAN, expression=False, help="Do not send it.", group="options"
    )


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the answer: a draft comes first, so that what it answers stands below it, and files can be large."""
    from functions.nodes.apps.microsoft.nodes.outlook.composing import attach, send_draft

    comment = params.body if params.body_type == "html" else _as_html(params.body)
    draft = call.ask(_TO_ALL if params.to_all else _ANSWER, body=comment)
    for file in call.files("attachments"):
        attach(call, str(draft["id"]), file)
    if not params.draft:
        send_draft(call, str(draft["id"]))
    yield {**draft, "sent": not params.draft}


def _as_html(text: str) -> str:
    from html import escape

    return escape(text, quote=False).replace("\n", "<br>")


OPERATION = Operation(
    resource="message",
    name="reply",
    label="Reply",
    summary="Answers a message, whose text stands below the answer.",
    params=Params,
    run=run,
    output_example=({"id": "AAMk2", "subject": "RE: Order 7", "sent": True},),
)
