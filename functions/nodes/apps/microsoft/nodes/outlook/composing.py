"""Messages as Graph takes them, and their files: small ones within, large ones piece by piece to a draft."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.nodes.apps.microsoft.nodes.outlook.fields import Content, Message
from functions.nodes.apps.microsoft.once import once
from functions.nodes.apps.microsoft.uploads import upload
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.mail.addresses import addresses_of
from stepweave.spec.operation_files import SentFile
from stepweave.spec.operations import Call, RequestSpec

MOST_WITHIN: Final = 2_500_000
"""Bytes of files that go along: a request takes 4 MB, and base64 is a third longer."""
MOST_ATTACHED: Final = 3 * 1024 * 1024
"""Of one file that is attached in one request."""
MOST_BYTES: Final = 150 * 1024 * 1024
"""Of one file (learn.microsoft.com/graph/outlook-large-attachments)."""

_SEND: Final = RequestSpec("POST", "/{mailbox*}/sendMail", body={"message": "{made}", "saveToSentItems": "{keepCopy}"})
_DRAFT: Final = RequestSpec("POST", "/{mailbox*}/messages", body="{made}")
_SEND_DRAFT: Final = RequestSpec("POST", "/{mailbox*}/messages/{draft}/send")
_ATTACH: Final = RequestSpec("POST", "/{mailbox*}/messages/{draft}/attachments", body="{attached}")
_SESSION: Final = RequestSpec(
    "POST",
    "/{mailbox*}/messages/{draft}/attachments/createUploadSession",
    body={"AttachmentItem": {"attachmentType": "file", "name": "{name}", "size": "{size}", "contentType": "{type}"}},
)
_SENT: Final = ("The message may have been sent", "Sent Items")


def sent(call: Call, params: Message, *, keep: bool) -> dict[str, Any]:
    """Send a message, and return what was sent to whom. Raises OutcomeUnknown where no answer comes."""
    message, files = message_of(params), call.files("attachments")
    if not message.get("toRecipients") and not message.get("ccRecipients") and not message.get("bccRecipients"):
        raise ParameterInvalid("To: there is no address.", "Write one.", details={"field": "params.to"})
    if sum(file.size for file in files) <= MOST_WITHIN:
        within = {"attachments": [attachment(file) for file in files]} if files else {}
        with once(*_SENT):
            call.ask(_SEND, made={**message, **within}, keepCopy=keep)
    else:
        draft = drafted(call, message, files)
        send_draft(call, str(draft["id"]))
    to = [one["emailAddress"]["address"] for one in message.get("toRecipients", [])]
    return {"sent": True, "to": to, "subject": params.subject, "attachments": [file.name for file in files]}


def drafted(call: Call, message: Mapping[str, Any], files: Sequence[SentFile]) -> dict[str, Any]:
    """Make a draft with files, and return it."""
    draft = dict(call.ask(_DRAFT, made=dict(message)))
    for file in files:
        attach(call, str(draft["id"]), file)
    return draft


def send_draft(call: Call, draft: str) -> None:
    """Send a draft. Raises OutcomeUnknown where no answer comes."""
    with once(*_SENT):
        call.ask(_SEND_DRAFT, draft=draft)


def attach(call: Call, draft: str, file: SentFile) -> None:
    """Attach a file to a draft. Raises ParameterInvalid where it is larger than Outlook takes."""
    if file.size > MOST_BYTES:
        raise ParameterInvalid(
            f"Attachments: {file.name or 'a file'} has {file.size} bytes; Outlook takes {MOST_BYTES}.",
            "Send a smaller file, or a link.",
            details={"field": "params.attachments"},
        )
    if file.size <= MOST_ATTACHED:
        call.ask(_ATTACH, draft=draft, attached=attachment(file))
        return
    kind = file.mime_type or "application/octet-stream"
    session = call.ask(_SESSION, draft=draft, name=file.name or "file", size=file.size, type=kind)
    upload(str(session["uploadUrl"]), file)


def attachment(file: SentFile) -> dict[str, Any]:
    """Return a file as Graph takes it within a request."""
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": file.name or "file",
        "contentType": file.mime_type or "application/octet-stream",
        "contentBytes": base64.b64encode(b"".join(file.chunks())).decode(),
    }


def message_of(params: Message) -> dict[str, Any]:
    """Return a message without its files. Raises AddressInvalid."""
    made: dict[str, Any] = {
        "subject": params.subject,
        "body": body_of(params),
        "importance": params.importance,
        "toRecipients": recipients(params.to, "To"),
        "ccRecipients": recipients(params.cc, "Cc"),
        "bccRecipients": recipients(params.bcc, "Bcc"),
        "replyTo": recipients(params.reply_to, "Reply to"),
    }
    made = {name: value for name, value in made.items() if value != []}
    sender = recipients(params.sender, "From")
    return {**made, "from": sender[0]} if sender else made


def body_of(params: Content) -> dict[str, str]:
    """Return a message's text."""
    return {"contentType": params.body_type, "content": params.body}


def recipients(text: str, field: str) -> list[dict[str, Any]]:
    """Return addresses as Graph has them. Raises AddressInvalid."""
    found = addresses_of(text, field)
    return [{"emailAddress": {"address": one.spec, **({"name": one.name} if one.name else {})}} for one in found]
