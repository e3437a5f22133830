"""Providers that send mail, on loopback: they check requests as their API references say, and answer in their words."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from tests.fakes.web import Exchange, Web

KEYS = {"sendgrid": "SG.right", "mailgun": "key-right", "resend": "re_right", "postmark": "11111111-2222"}
Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class MailServices:
    """All of them on one server. `sent` has what was taken, `answers` what the next requests get instead."""

    web: Web
    sent: list[tuple[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    once: dict[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)
    """Resend's idempotency keys, with the request and its answer."""

    def __post_init__(self) -> None:
        served: dict[str, Callable[[Exchange], Answer]] = {
            "/v3/mail/send": self._sendgrid,
            "/v3/mg.example.com/messages.mime": self._mailgun,
            "/emails": self._resend,
            "/email": self._postmark,
            "/v2/email/outbound-emails": self._ses,
        }
        for path, give in served.items():
            self.web.routes[path] = lambda exchange, give=give: self._given(exchange, give)  # type: ignore[misc]

    def _given(self, exchange: Exchange, give: Callable[[Exchange], Answer]) -> None:
        status, body, headers = self.answers.pop(0) if self.answers else give(exchange)
        content = b"" if status == 202 else json.dumps(body).encode()
        exchange.answer(status, content, content_type="application/json", **headers)

    def _sendgrid(self, exchange: Exchange) -> Answer:
        """Docs: twilio.com/docs/sendgrid/api-reference/mail-send/mail-send."""
        asked = exchange.asked
        if asked.headers.get("authorization") != f"Bearer {KEYS['sendgrid']}":
            words = "The provided authorization grant is invalid, expired, or revoked"
            return 401, {"errors": [{"message": words, "field": None, "help": None}]}, {}
        body = json.loads(asked.body)
        [whom] = body["personalizations"]
        emails = [one["email"].lower() for name in ("to", "cc", "bcc") for one in whom.get(name, [])]
        if len(set(emails)) < len(emails):
            words = (
                "Each email address in the personalization block should be unique between to, cc, and bcc. We found"
                f" the first duplicate instance of [{emails[0]}] in the personalizations.0 field."
            )
            return 400, {"errors": [{"message": words, "field": "personalizations.0", "help": "x"}]}, {}
        if not body["subject"]:
            words = "The subject is required. You can get around this requirement if you use a template."
            return 400, {"errors": [{"message": words, "field": "subject", "help": None}]}, {}
        assert all(content["value"] for content in body["content"])
        assert not {name.lower() for name in body["headers"]} & {"to", "from", "cc", "bcc", "subject", "reply-to"}
        for file in body.get("attachments", []):
            base64.b64decode(file["content"], validate=True)
        self.sent.append(("sendgrid", body))
        return 202, {}, {"x_message_id": "14c5d75ce93.dfd.64b469"}

    def _mailgun(self, exchange: Exchange) -> Answer:
        """Docs: documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages."""
        asked = exchange.asked
        given = base64.b64encode(f"api:{KEYS['mailgun']}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {given}":
            return 401, {"message": "Invalid private key"}, {}
        parts = parts_of(asked.body, asked.headers["content-type"].partition("boundary=")[2])
        to = [content.decode() for name, content in parts if name == "to"]
        [mime] = [content for name, content in parts if name == "message"]
        message = mail_of(mime)
        if not to:
            return 400, {"message": "'to' parameter is not a valid address. please check documentation"}, {}
        self.sent.append(("mailgun", (to, message)))
        return 200, {"id": message["Message-ID"], "message": "Queued. Thank you."}, {}

    def _resend(self, exchange: Exchange) -> Answer:
        """Docs: resend.com/docs/api-reference/emails/send-email, .../errors, .../idempotency-keys."""
        asked = exchange.asked
        if asked.headers.get("authorization") != f"Bearer {KEYS['resend']}":
            return 401, {"statusCode": 401, "name": "invalid_api_key", "message": "API key is invalid"}, {}
        body, key = json.loads(asked.body), asked.headers.get("idempotency-key", "")
        if key in self.once:
            same, answer = self.once[key]
            if same != asked.body:
                words = "This idempotency key has been used on a request with a different payload."
                return 409, {"statusCode": 409, "name": "invalid_idempotent_request", "message": words}, {}
            return 200, answer, {}
        if len(body["to"]) > 50 or not (body.get("html") or "text" in body):
            return 422, {"statusCode": 422, "name": "validation_error", "message": "Invalid `to` field."}, {}
        if "unverified" in body["from"]:
            words = "The unverified.example domain is not verified. Please, add and verify your domain"
            return 403, {"statusCode": 403, "name": "validation_error", "message": words}, {}
        answer = {"id": f"49a3999c-0ce1-4ea6-ab68-afcd6dc2e79{len(self.sent)}"}
        self.once |= {key: (asked.body, answer)} if key else {}
        self.sent.append(("resend", body))
        return 200, answer, {}

    def _postmark(self, exchange: Exchange) -> Answer:
        """Docs: postmarkapp.com/developer/api/email-api, .../overview#error-codes."""
        asked = exchange.asked
        if asked.headers.get("x-postmark-server-token") != KEYS["postmark"]:
            words = "The Server Token you provided in the X-Postmark-Server-Token request header was invalid."
            return 401, {"ErrorCode": 10, "Message": words}, {}
        body = json.loads(asked.body)
        emails = [one for name in ("To", "Cc", "Bcc") for one in re.findall(r"[\w.+-]+@[\w.-]+", body.get(name, ""))]
        inactive = [one for one in emails if one.startswith("inactive")]
        if len(inactive) == len(emails):
            words = "You tried to send to recipient(s) that have been marked as inactive."
            return 422, {"ErrorCode": 406, "Message": words}, {}
        self.sent.append(("postmark", body))
        words = f"Message OK, but will not deliver to these inactive addresses: {', '.join(inactive)}. Inactive"
        told = {"ErrorCode": 0, "Message": words if inactive else "OK", "MessageID": "0a129aee-e1cd-480d"}
        return 200, {**told, "To": body["To"], "SubmittedAt": "2026-11-30T10:00:00.0-05:00"}, {}

    def _ses(self, exchange: Exchange) -> Answer:
        """Docs: docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html."""
        asked = exchange.asked
        signed = asked.headers.get("authorization", "")
        if "Credential=AKIARIGHT/" not in signed or "/eu-central-1/ses/aws4_request" not in signed:
            words = "The security token included in the request is invalid."
            return 403, {"message": words}, {"x_amzn_ErrorType": "UnrecognizedClientException"}
        body = json.loads(asked.body)
        message = mail_of(base64.b64decode(body["Content"]["Raw"]["Data"], validate=True))
        if body["FromEmailAddress"].startswith("unverified"):
            words = (
                "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1:"
                f" {body['FromEmailAddress']}"
            )
            return 400, {"message": words}, {"x_amzn_ErrorType": "MessageRejected"}
        self.sent.append(("aws", (body["Destination"], message)))
        return 200, {"MessageId": "0107019abc-1-000000"}, {}


def parts_of(body: bytes, boundary: str) -> list[tuple[str, bytes]]:
    """Return name and content of a form's parts as they are: a mail in it is not taken apart."""
    found = []
    for part in body.split(f"--{boundary}".encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        named = re.search(rb'name="([^"]*)"', head)
        assert named is not None
        found.append((named[1].decode(), content.removesuffix(b"\r\n")))
    return found


def mail_of(content: bytes) -> EmailMessage:
    """Return a message as Python's parser reads it, of bytes that are lines as mails have them."""
    assert b"\n" not in content.replace(b"\r\n", b"")
    made = message_from_bytes(content, policy=default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made
