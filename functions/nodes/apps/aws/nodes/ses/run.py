"""Sends a mail through SES for each item."""

import json
import re
from email.utils import formataddr, getaddresses
from typing import Any, Final

from functions.nodes.apps.aws.files import content_of
from functions.nodes.apps.aws.nodes.ses.spec import Params
from functions.nodes.apps.aws.service import Services
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid
from stepweave.runtime.item_files import file_of

_MOST_BYTES: Final = 30 * 1024 * 1024
"""Of attachments before they are Base64, in which a mail of 40 MB has them."""
_ADDRESS: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the mails' ids, in the order of the input items."""
    services = Services(step, "sesv2")

    def sent(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        to = {
            "ToAddresses": _addresses(params.to, "to"),
            "CcAddresses": _addresses(params.cc, "cc"),
            "BccAddresses": _addresses(params.bcc, "bcc"),
        }
        answer = services.of(params.region).call(
            "SendEmail",
            f"the sender {params.sender}",
            field="params.sender",
            FromEmailAddress=_addresses(params.sender, "sender")[0],
            Destination={name: found for name, found in to.items() if found},
            ReplyToAddresses=_addresses(params.reply_to, "replyTo") or None,
            ConfigurationSetName=params.configuration_set or None,
            Content=_content(step, entry),
        )
        return [item({"messageId": answer.get("MessageId")})]

    return step.each(sent)


def _content(step: Step[Params], entry: Entry[Params]) -> dict[str, Any]:
    params = entry.params
    files = _attachments(step, entry)
    more = {"Attachments": files} if files else {}
    if params.content == "template":
        data = params.template_data if isinstance(params.template_data, str) else json.dumps(params.template_data or {})
        return {"Template": {"TemplateName": params.template, "TemplateData": data, **more}}
    if not (params.text or params.html):
        words = "The mail has neither text nor HTML."
        raise ParameterInvalid(words, "Write one of both.", details={"field": "params.text"})
    body = {"Text": params.text, "Html": params.html}
    parts = {name: {"Data": text, "Charset": "UTF-8"} for name, text in body.items() if text}
    return {"Simple": {"Subject": {"Data": params.subject, "Charset": "UTF-8"}, "Body": parts, **more}}


def _attachments(step: Step[Params], entry: Entry[Params]) -> list[dict[str, Any]]:
    made, left = [], _MOST_BYTES
    for name in entry.params.attachments:
        file = file_of(name, entry.item, step.open_file, "Attachments", "params.attachments")
        left -= file.size
        if left < 0:
            words = "The attachments have more than 30 MB together; SES takes mails of up to 40 MB."
            raise DataTooLarge(words, "Send a link instead.", details={"field": "params.attachments"})
        content = content_of(step, entry.item, name, "params.attachments", most=_MOST_BYTES)
        made.append(
            {
                "FileName": file.name or name,
                "RawContent": content,
                "ContentType": file.mime_type or "application/octet-stream",
                "ContentDisposition": "ATTACHMENT",
                "ContentTransferEncoding": "BASE64",
            }
        )
    return made


def _addresses(text: str, name: str) -> list[str]:
    """Return the addresses of a list, each as it is written. Raises ParameterInvalid for what is none."""
    found = []
    for shown, address in getaddresses([text.replace(";", ",")]):
        if not shown and not address:
            continue
        if not _ADDRESS.fullmatch(address) or any(ord(char) < 32 for char in shown):
            words = f"“{(address or shown)[:100]}” is no address."
            raise ParameterInvalid(words, "Write ada@example.com.", details={"field": f"params.{name}"})
        found.append(formataddr((shown, address)))
    return found
