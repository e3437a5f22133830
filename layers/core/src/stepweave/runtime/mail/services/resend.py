"""Resend: emails (https://resend.com/docs/api-reference/emails/send-email)."""

import hashlib
import json
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

BASE_URL: Final = "https://api.resend.com"
_USED_UP: Final = ("daily_quota_exceeded", "monthly_quota_exceeded")
"""What answers 429, and no retry helps."""


class Resend(Api):
    """Sends with an API key; the same message twice within a day is sent once."""

    name = "Resend"
    base_url = BASE_URL
    most_bytes = 29 * 1024 * 1024
    """A message has 40 MB at most, its files as base64."""

    def posting(self, mail: Mail) -> Posting:
        """Return the message as Resend's JSON."""
        to, cc, bcc = once_each(mail)
        written = mail.written
        value: dict[str, Any] = {
            "from": shown(mail.sender),
            "to": [shown(one) for one in to],
            "subject": written.subject,
            "text": written.text,
        }
        lists = (("cc", cc), ("bcc", bcc), ("reply_to", mail.reply_to))
        value |= {name: [shown(one) for one in addresses] for name, addresses in lists if addresses}
        if written.html.strip():
            value["html"] = written.html
            if not written.text.strip():
                del value["text"]
        if mail.headers:
            value["headers"] = {name: header_text(text) for name, text in mail.headers}
        if written.files:
            value["attachments"] = [
                {"filename": file.name, "content": Content(file), "content_type": file.mime_type}
                | ({"content_id": file.content_id} if file.content_id else {})
                for file in written.files
            ]
        # With what is sent in it: a message that was changed is another one, and Resend refuses it under the same key.
        told = f"{mail.key}\n{json.dumps(value, default=lambda one: one.file.size)}"
        once = {"idempotency_key": hashlib.sha256(told.encode()).hexdigest()} if mail.key else {}
        return json_posting("/emails", value, **once)

    def result(self, mail: Mail, answered: Answered) -> dict[str, Any]:
        """Return Resend's id; the header that it writes itself is not told."""
        id = str(answered.json.get("id") or "")
        return {"messageId": id, "id": id}

    def said(self, answered: Answered) -> tuple[str, str]:
        """Return the error's name and words."""
        return str(answered.json.get("name") or ""), str(answered.json.get("message") or "")

    def passes(self, answered: Answered, code: str) -> bool:
        """Whether a refusal is for now only: also while the same message is being sent by an attempt before."""
        if code == "concurrent_idempotent_requests":
            return True
        return code not in _USED_UP and super().passes(answered, code)
