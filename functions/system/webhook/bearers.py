"""JSON Web Tokens that callers bring: checked with the key and the one algorithm of the webhook's credential.

What a token's own header says of its algorithm is only compared: `none`, and a public key taken for a secret, let
nobody in (RFC 8725, sections 2.1 and 3.1).
"""

import base64
import re
import time
from typing import Any, Final

from stepweave.model import json_text
from stepweave.model.json_text import JsonInvalid
from stepweave.runtime.errors import NodeError
from stepweave.runtime.jwks import KeySets, KeyUnknown
from stepweave.runtime.tokens import TokenMalformed, header_of
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.telemetry import logger

_PEM: Final = re.compile(r"-----BEGIN ([A-Z ]+)-----(.+?)-----END \1-----", re.DOTALL)
_LINE: Final = 64
KEY_SETS: Final = KeySets()
"""Of this worker."""
_SET_SECONDS: Final = 5.0
"""For a set of keys to arrive, while the caller waits."""


def claims_of(authorization: str, credential: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of the token in an `Authorization` header.

    Args:
        authorization: the header's value.
        credential: of type `webhook_jwt`.

    Raises:
        Refusal: 401 with what is wrong with the token; 403 where the credential has no key that fits its algorithm;
            503 where the issuer's keys cannot be had now.
    """
    import jwt  # only where tokens are asked for: with `cryptography` it costs a cold start

    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _refused("The call brings no token: send Authorization: Bearer and the token.")
    token = token.strip()
    try:
        header = header_of(token)
    except TokenMalformed as error:
        raise _refused(f"The token is none. {error}") from None
    key, algorithms = _published(credential["jwksUrl"], header) if credential.get("jwksUrl") else _own(credential)
    needed = [] if credential.get("expiry") == "optional" else ["exp"]
    try:
        jwt.decode(
            token,
            key,
            algorithms=algorithms,
            audience=credential.get("audience") or None,
            issuer=credential.get("issuer") or None,
            leeway=credential.get("leewaySeconds", 0),
            # An issuer's keys are for the tokens of all whom it serves: one for somebody else must not count here.
            options={
                "require": needed,
                "verify_aud": bool(credential.get("audience") or credential.get("jwksUrl")),
            },
        )
    except jwt.InvalidKeyError:
        raise _no_key() from None
    except jwt.ExpiredSignatureError:
        raise _refused("The token has expired.") from None
    except jwt.PyJWTError as error:
        raise _refused(f"The token is not valid ({_words(error)}).") from None
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise _refused("The token is none.") from None
    return _claims(token)


def _claims(token: str) -> dict[str, Any]:
    """Return a checked token's claims as items may carry them: no NaN, no half of a surrogate pair."""
    payload = token.split(".")[1]
    try:
        claims = json_text.read(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (JsonInvalid, ValueError) as error:
        raise _refused(f"The token's claims are {error}.") from None
    return claims if isinstance(claims, dict) else {}


def _published(url: str, header: dict[str, Any]) -> tuple[Any, list[str]]:
    """Return the issuer's key that a token names, and the algorithms that it is for."""
    try:
        found = KEY_SETS.key_for(url, header, deadline=time.monotonic() + _SET_SECONDS)
    except KeyUnknown as error:
        raise _refused(f"The token is of none of the issuer's keys. {error}") from None
    except NodeError as error:
        logger().warning("the keys of an issuer of tokens cannot be had", error=type(error).__name__)
        words = "The keys that tokens are checked with cannot be fetched now."
        raise Refusal(503, "no_credential", "Not available", words, {"retry-after": "10"}) from error
    return found.key, list(found.algorithms)


def _own(credential: dict[str, Any]) -> tuple[str, list[str]]:
    return _key(credential), [credential["algorithm"]]


def _key(credential: dict[str, Any]) -> str:
    if credential["algorithm"].startswith("HS"):
        key: str = credential.get("secret", "")
    else:
        key = _pem(credential.get("publicKey", ""))
    if not key:
        raise _no_key()
    return key


def _pem(text: str) -> str:
    """Return a PEM with its lines, which forms and environment variables take from it; "" where there is none."""
    found = _PEM.search(text.replace("\\n", "\n"))
    if found is None:
        return ""
    body = re.sub(r"\s", "", found[2])
    lines = "\n".join(body[at : at + _LINE] for at in range(0, len(body), _LINE))
    return f"-----BEGIN {found[1]}-----\n{lines}\n-----END {found[1]}-----\n"


def _words(error: Exception) -> str:
    return re.sub(r"[^\x20-\x7e]", "", str(error))[:200] or type(error).__name__


def _no_key() -> Refusal:
    return Refusal(403, "no_secret", "Not set up", "The webhook has no key that fits its algorithm.")


def _refused(words: str) -> Refusal:
    headers = {"www-authenticate": 'Bearer realm="webhook", error="invalid_token"'}
    return Refusal(401, "not_allowed", "Unauthorized", words, headers)
