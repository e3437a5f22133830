"""SendGrid: Mail Send, version 3 (https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send)."""

import time
from typing import Any, Final

from stepweave.runtime.mail.addresses import Address
from stepweave.runtime.mail.attachments import Attachment
from stepweave.runtime.mail.message import Mail
from stepweave.runtime.mail.services.api import Answered, Api, Content, Posting, header_text, json_posting, once_each

BASE_URL: Final = "https://api.sendgrid.com"
TOO_MANY: Final = 429


class SendGrid(Api):
    """Sends with an API key that may send."""

    name = "SendGrid"
    base_url = BASE_URL
    most_bytes = 20 * 1024 * 1024
    """A message has 30 MB at most, its files as base64."""

    def posting(self, mail: Mail) -> Posting:
        """Return the message as SendGrid's JSON."""
        to, cc, bcc = once_each(mail)
        lists = {"to": to, "cc": cc, "bcc": bcc}
        whom = {name: [_address(one) for one in addresses] for name, addresses in lists.items() if addresses}
        written = mail.written
        kinds = (("text/plain", written.text), ("text/html", written.html))
        texts = [{"type": kind, "value": text} for kind, text in kinds if text.strip()]
        value: dict[str, Any] = {
            "personalizations": [whom],
            "from": _address(mail.sender),
            "subject": written.subject,
            "content": texts or [{"type": "text/plain", "value": " "}],
            "headers": {"Message-ID": mail.message_id} | {name: header_text(text) for name, text in mail.headers},
        }
        if mail.reply_to:
            value["reply_to_list"] = [_address(one) for one in mail.reply_to]
        if written.files:
            value["attachments"] = [_attachment(file) for file in written.files]
        return json_posting("/v3/mail/send", value)

    def result(self, mail: Mail, answered: Answered) -> dict[str, Any]:
        """Return SendGrid's own id."""
        return {"id": answered.headers.get("x-message-id", "")}

    def said(self, answered: Answered) -> tuple[str, str]:
        """Return the words of all errors, each with the field that it is about."""
        errors = [one for one in answered.json.get("errors") or [] if isinstance(one, dict)]
        words = (f"{one.get('message')}" + (f" ({one['field']})" if one.get("field") else "") for one in errors)
        return "", "; ".join(words)

    def wait(self, answered: Answered) -> float | None:
        """Return the seconds until the limit begins anew."""
        reset = answered.headers.get("x-ratelimit-reset", "")
        told = super().wait(answered)
        if told is None and answered.status == TOO_MANY and reset.isdecimal() and len(reset) < 12:
            return max(0.0, float(reset) - time.time())
        return told


def _address(address: Address) -> dict[str, str]:
    return {"email": address.spec} | ({"name": address.name} if address.name else {})


def _attachment(file: Attachment) -> dict[str, Any]:
    made: dict[str, Any] = {"content": Content(file), "type": file.mime_type, "filename": file.name}
    if file.content_id:
        return {**made, "disposition": "inline", "content_id": file.content_id}
    return {**made, "disposition": "attachment"}
