"""Whether SNS signed a message: docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html.

The certificate's address stands in the message itself, so it counts only where it is that of the topic's own region.
"""

import base64
import binascii
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from stepweave.runtime.aws_account import Account

NOTIFICATION: Final = "Notification"
CONFIRMATIONS: Final = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
_SIGNED: Final[Mapping[str, tuple[str, ...]]] = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(CONFIRMATIONS, ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")),
}
_NEEDED: Final = ("Message", "MessageId", "Timestamp", "TopicArn")
_PATH: Final = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem")
_KEPT_SECONDS: Final = 3600.0
_MOST_KEPT: Final = 16
_kept: Final[dict[str, tuple[float, bytes]]] = {}
_lock: Final = Lock()


def problem_of(message: Mapping[str, Any], account: Account) -> str:
    """Return why a message is not one that SNS signed; "" where it is.

    Args:
        message: as it came.
        account: of the topic's region.

    Raises:
        NodeError: what asking for the certificate can raise.
    """
    names = _SIGNED.get(str(message.get("Type")))
    if names is None or not all(isinstance(message.get(name), str) for name in _NEEDED):
        return "it is no message of SNS"
    values = [(name, message[name]) for name in names if message.get(name) is not None]
    if not all(isinstance(value, str) for _, value in values):
        return "it is no message of SNS"
    version, url, signature = (message.get(name) for name in ("SignatureVersion", "SigningCertURL", "Signature"))
    if version not in ("1", "2") or not isinstance(url, str) or not isinstance(signature, str):
        return "it is not signed"
    if not _is_ours(url, account):
        return "its certificate is not the one of SNS in the topic's region"
    text = "".join(f"{name}\n{value}\n" for name, value in values)
    try:
        signed = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return "its signature is none"
    return "" if _is_signed(_certificate(url, account), signed, text.encode(), version) else "its signature is wrong"


def _is_ours(url: str, account: Account) -> bool:
    base = account.endpoint or f"https://sns.{account.region}.{account.domain}"
    return url.startswith(f"{base}/") and _PATH.fullmatch(url[len(base) :]) is not None


def _is_signed(pem: bytes, signature: bytes, text: bytes, version: str) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256
    from cryptography.x509 import load_pem_x509_certificate

    try:
        certificate = load_pem_x509_certificate(pem)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    now = datetime.now(UTC)
    if (
        not isinstance(key, RSAPublicKey)
        or not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    ):
        return False
    try:
        # Version 1 is SHA-1, which is what topics have unless somebody set version 2.
        key.verify(signature, text, PKCS1v15(), SHA256() if version == "2" else SHA1())  # noqa: S303
    except InvalidSignature:
        return False
    return True


def _certificate(url: str, account: Account) -> bytes:
    with _lock:
        ends, pem = _kept.get(url, (0.0, b""))
    if ends > time.monotonic():
        return pem
    pem = account.fetched(url)
    with _lock:
        if len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[url] = (time.monotonic() + _KEPT_SECONDS, pem)
    return pem
