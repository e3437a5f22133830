"""Signed calls: whether a body was sent by who knows the secret, and lately. HMAC over the body exactly as it was sent.

A preset is how one provider signs. All fail closed: no secret, no header, a version that is not known, a time that is
no time or outside the window let nobody in. Digests are compared in constant time, and the message of a refusal tells
what is wrong with the call, never with how much of the secret.

| preset | header | signed | source |
| --- | --- | --- | --- |
| github | `X-Hub-Signature-256: sha256=<hex>` | body | docs.github.com, "Validating webhook deliveries" |
| stripe | `Stripe-Signature: t=<time>,v1=<hex>` | `<time>.<body>` | docs.stripe.com/webhooks/signature |
| slack | `X-Slack-Signature: v0=<hex>` | `v0:<time>:<body>` | docs.slack.dev, "Verifying requests from Slack" |
| shopify | `X-Shopify-Hmac-Sha256: <base64>` | body | shopify.dev, "Verify a webhook's origin" |
| svix | `svix-signature: v1,<base64> ...` | `<id>.<time>.<body>` | docs.svix.com, standardwebhooks.com |
"""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from functions.system.webhook.replays import UNTIMED_SECONDS, Message
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request

Encoding = Literal["hex", "base64"]
_TIME: Final = re.compile(r"[0-9]{1,13}")
_MILLISECONDS_FROM: Final = 100_000_000_000
"""A time so large is in milliseconds: in seconds it would be in the year 5138."""
_TELLING: Final = ("github", "shopify")
"""Presets without a time whose bodies say of what they tell: no two are the same."""
_WHSEC: Final = "whsec_"
_HOLES: Final = re.compile(r"(\{timestamp\}|\{body\})")


@dataclass(frozen=True)
class Signed:
    """What a call says of its signature. `texts` are those of versions that are known; any may be right."""

    texts: Sequence[str]
    message: bytes
    timestamp: str = ""
    encoding: Encoding = "hex"
    algorithm: str = "sha256"


def check_signature(
    request: Request, rules: Mapping[str, Any], secrets: Iterable[str], now: float | None = None
) -> Message | None:
    """Let in a call that is signed with one of the secrets, and return its message for `replays.once`.

    A time that is signed makes each message one of its kind. Of GitHub and Shopify the body does: it has ids and times.
    Who signs a body alone in a way of their own may mean the same again, so None is returned.

    Args:
        request: the call.
        rules: `preset`, `window` in seconds, and of preset `custom` what `_custom` reads.
        secrets: the secret, and a former one while it is changed; empty ones count for nothing.
        now: seconds of the epoch, for tests.

    Raises:
        Refusal: 401 `wrong_signature`, or `signature_expired` for a time outside the window; 403 `no_secret`.
    """
    preset = str(rules.get("preset", ""))
    read = _PRESETS.get(preset)
    keys = [_key(preset, secret) for secret in secrets if secret]
    if read is None or not keys:
        raise Refusal(403, "no_secret", "Not set up", "The webhook has no secret to check signatures with.")
    signed = read(request, rules)
    if signed.timestamp:
        _check_time(signed.timestamp, int(rules.get("window", 0)), time.time() if now is None else now)
    digests = [_digest(key, signed) for key in keys]
    # All pairs, whichever is right: how long it takes says nothing.
    found = [_same(text, signed.encoding, digest) for text in signed.texts for digest in digests]
    if not any(found):
        words = "The signature is not the one of this body: is the secret the sender's, and the body as it was signed?"
        raise _wrong(words)
    if not signed.timestamp and preset not in _TELLING:
        return None
    # Within its window on both sides of its time it would be let in again.
    seconds = 2 * int(rules.get("window", 0)) + 1 if signed.timestamp else UNTIMED_SECONDS
    return Message(hashlib.sha256(signed.message).hexdigest(), seconds)


def _github(request: Request, rules: Mapping[str, Any]) -> Signed:
    header = _header(request, "x-hub-signature-256")
    version, _, text = header.partition("=")
    return Signed(_known([text] if version == "sha256" else [], "sha256"), request.body)


def _stripe(request: Request, rules: Mapping[str, Any]) -> Signed:
    pairs = [part.strip().partition("=")[::2] for part in _header(request, "stripe-signature").split(",")]
    at = next((value for name, value in pairs if name == "t"), "")
    texts = [value for name, value in pairs if name == "v1"]
    return Signed(_known(texts, "v1"), _joined(_time(at), b".", request.body), at)


def _slack(request: Request, rules: Mapping[str, Any]) -> Signed:
    version, _, text = _header(request, "x-slack-signature").partition("=")
    at = _time(_header(request, "x-slack-request-timestamp"))
    return Signed(_known([text] if version == "v0" else [], "v0"), _joined("v0:", at, b":", request.body), at)


def _shopify(request: Request, rules: Mapping[str, Any]) -> Signed:
    return Signed([_header(request, "x-shopify-hmac-sha256")], request.body, encoding="base64")


def _svix(request: Request, rules: Mapping[str, Any]) -> Signed:
    family = "svix" if "svix-signature" in request.headers else "webhook"
    id, at = _header(request, f"{family}-id"), _time(_header(request, f"{family}-timestamp"))
    parts = [part.partition(",")[::2] for part in _header(request, f"{family}-signature").split()]
    texts = [text for version, text in parts if version == "v1"]
    return Signed(_known(texts, "v1"), _joined(id, b".", at, b".", request.body), at, "base64")


def _custom(request: Request, rules: Mapping[str, Any]) -> Signed:
    """Read what a sender signs in a way of its own.

    `header`, `prefix` (what stands before the digest), `encoding`, `algorithm`, `content` (`{timestamp}` and `{body}`
    stand for themselves), `timeHeader`.
    """
    header, prefix = _header(request, str(rules["header"]).lower()), str(rules.get("prefix", ""))
    text = header[len(prefix) :] if header.startswith(prefix) else ""
    at = _time(_header(request, str(rules["timeHeader"]).lower())) if rules.get("timeHeader") else ""
    stand = {"{timestamp}": at.encode(), "{body}": request.body}
    parts = [stand.get(part, part.encode()) for part in _HOLES.split(str(rules["content"]))]
    texts = _known([text] if text else [], prefix or "the digest alone")
    encoding: Encoding = "base64" if rules.get("encoding") == "base64" else "hex"
    return Signed(texts, b"".join(parts), at, encoding, str(rules["algorithm"]))


_PRESETS: Final[dict[str, Callable[[Request, Mapping[str, Any]], Signed]]] = {
    "github": _github,
    "stripe": _stripe,
    "slack": _slack,
    "shopify": _shopify,
    "svix": _svix,
    "custom": _custom,
}


def _header(request: Request, name: str) -> str:
    value = request.headers.get(name, "").strip()
    if not value:
        raise _wrong(f"The call is not signed: the header {name} is missing.")
    return value


def _known(texts: list[str], version: str) -> list[str]:
    if not texts:
        raise _wrong(f"The signature has no version that is known here ({version}).")
    return texts


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise _wrong("The signature's time is missing, or is none in seconds.")
    return text


def _check_time(text: str, window: int, now: float) -> None:
    at = int(text)
    seconds = at / 1000 if at >= _MILLISECONDS_FROM else at
    if abs(now - seconds) > window:
        words = f"The call was signed more than {window} seconds ago, or so far ahead of this clock: send it anew."
        raise Refusal(401, "signature_expired", "Too old", words)


def _digest(key: bytes, signed: Signed) -> bytes:
    return hmac.new(key, signed.message, signed.algorithm).digest()


def _same(text: str, encoding: Encoding, digest: bytes) -> bool:
    """Compare bytes, so that neither upper case of hex nor base64 without its padding matters."""
    return hmac.compare_digest(_read(text, encoding), digest)


def _read(text: str, encoding: Encoding) -> bytes:
    """Return the bytes that a digest's text stands for; nothing, which is no digest, where it stands for none."""
    try:
        if encoding == "base64":
            bare = text.rstrip("=")
            return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _key(preset: str, secret: str) -> bytes:
    """Return the key of a secret. Svix's is base64 after `whsec_`; Stripe's begins so, too, and is taken as it is."""
    if preset != "svix":
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_WHSEC), validate=True)
    except ValueError:
        words = "The webhook's secret is none of Svix: whsec_ and base64."
        raise Refusal(403, "no_secret", "Not set up", words) from None


def _joined(*parts: str | bytes) -> bytes:
    return b"".join(part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts)


def _wrong(words: str) -> Refusal:
    return Refusal(401, "wrong_signature", "Not signed", words)
