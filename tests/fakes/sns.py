"""SNS as a topic's subscribers see it: it signs with a certificate made here, and serves it."""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.fakes.web import Exchange, Web

TOPIC = "arn:aws:sns:eu-central-1:123456789012:orders"
PATH = "/SimpleNotificationService-0123abcd.pem"
_KEY = generate_private_key(65537, 2048)
_SIGNED: dict[str, tuple[str, ...]] = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


class Sns:
    """The service on a fake server: subscriptions by ARN, and the tokens that were confirmed."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.subscriptions: dict[str, dict[str, str]] = {}
        self.confirmed: list[str] = []
        self.refuses: tuple[Any, ...] = ()
        self._key = _KEY
        self.pem = self._certificate(1)
        web.routes["/"] = self._answer
        web.routes[PATH] = lambda it: it.answer(200, self.pem)

    def signed(self, message: dict[str, Any], version: str = "1") -> dict[str, Any]:
        """Return a message as SNS sends it."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        base = {
            "Type": "Notification",
            "MessageId": str(uuid.uuid4()),
            "TopicArn": TOPIC,
            "Message": "",
            "Timestamp": now,
        }
        whole = {**base, **message}
        text = "".join(f"{name}\n{whole[name]}\n" for name in _SIGNED[whole["Type"]] if name in whole)
        signature = self._key.sign(text.encode(), PKCS1v15(), SHA256() if version == "2" else SHA1())
        return {
            **whole,
            "SignatureVersion": version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": self.web.url(PATH),
            "UnsubscribeURL": self.web.url("/?Action=Unsubscribe"),
        }

    def renews(self, days: int = 1) -> None:
        """Serve another certificate, of another key where it is good for days to come."""
        self._key = generate_private_key(65537, 2048) if days > 0 else self._key
        self.pem = self._certificate(days)

    def _certificate(self, days: int) -> bytes:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=9))
            .not_valid_after(now + timedelta(days=days))
            .sign(self._key, SHA256())
        )
        return made.public_bytes(Encoding.PEM)

    def _answer(self, it: Exchange) -> None:
        asked = dict(parse_qsl(it.asked.body.decode()))
        if self.refuses:
            status, code, *words = self.refuses
            text = f"<Error><Code>{code}</Code><Message>{words[0] if words else 'no'}</Message></Error>"
            it.answer(status, f"<ErrorResponse>{text}</ErrorResponse>".encode())
            return
        action, arn = asked.get("Action"), asked.get("SubscriptionArn", "")
        answer = ""
        if action == "Subscribe":
            arn = f"{asked['TopicArn']}:{uuid.uuid4()}"
            self.subscriptions[arn] = asked
            answer = f"<SubscriptionArn>{arn}</SubscriptionArn>"
        elif action == "ConfirmSubscription":
            self.confirmed.append(asked["Token"])
        elif action == "Unsubscribe" and self.subscriptions.pop(arn, None) is None:
            it.answer(404, b"<ErrorResponse><Error><Code>NotFound</Code><Message>no</Message></Error></ErrorResponse>")
            return
        elif action == "ListSubscriptionsByTopic":
            answer = "".join(
                f"<member><SubscriptionArn>{arn}</SubscriptionArn><Endpoint>{one['Endpoint']}</Endpoint></member>"
                for arn, one in self.subscriptions.items()
            )
        it.answer(200, f"<{action}Response>{answer}</{action}Response>".encode())
