"""Postmark: email (https://postmarkapp.com/developer/api/email-api#send-a-single-email)."""

import re
from typing import Any, Final

from stepweave.runtime.mail.message import Mail
from stepweave.runtime.mail.services.api import (
    Answered,
    Api,
    Content,
    Posting,
    header_text,
    json_posting,
    once_each,
    shown,
)

BASE_URL: Final = "https://api.postmarkapp.com"
_INACTIVE: Final = re.compile(r"inactive addresses:\s*(.+?)\.(?:\s|$)", re.DOTALL)
"""What a message that goes to some of its recipients is answered with."""


class Postmark(Api):
    """Sends with a server's token, in one of its message streams."""

    name = "Postmark"
    base_url = BASE_URL
    most_bytes = 7 * 1024 * 1024
    """A message has 10 MB at most, its files as base64."""

    def posting(self, mail: Mail) -> Posting:
        """Return the message as Postmark's JSON."""
        to, cc, bcc = once_each(mail)
        written = mail.written
        lists = (("To", to), ("Cc", cc), ("Bcc", bcc), ("ReplyTo", mail.reply_to))
        headers = [("Message-ID", mail.message_id), ("X-PM-KeepID", "true"), *mail.headers]
        value: dict[str, Any] = {
            "From": shown(mail.sender),
            **{name: ", ".join(map(shown, addresses)) for name, addresses in lists if addresses},
            "Subject": written.subject,
            "Headers": [{"Name": name, "Value": header_text(text)} for name, text in headers],
            "MessageStream": str(self.data.get("stream") or "outbound"),
        }
        value |= {"HtmlBody": written.html} if written.html.strip() else {}
        value |= {"TextBody": written.text} if written.text.strip() or "HtmlBody" not in value else {}
        if written.files:
            value["Attachments"] = [
                {"Name": file.name, "Content": Content(file), "ContentType": file.mime_type}
                | ({"ContentID": f"cid:{file.content_id}"} if file.content_id else {})
                for file in written.files
            ]
        return json_posting("/email", value)

    def result(self, mail: Mail, answered: Answered) -> dict[str, Any]:
        """Return Postmark's id, and who does not get the message."""
        found = _INACTIVE.search(str(answered.json.get("Message") or ""))
        named = {one.strip().casefold() for one in found[1].split(",")} if found else set()
        refused = [one for one in mail.recipients if one.casefold() in named]
        accepted = [one for one in mail.recipients if one not in refused]
        return {"id": str(answered.json.get("MessageID") or ""), "accepted": accepted, "rejected": refused}

    def said(self, answered: Answered) -> tuple[str, str]:
        """Return the error's number and words."""
        code = answered.json.get("ErrorCode")
        return "" if code is None else str(code), str(answered.json.get("Message") or "")
