"""Tokens of a Google service account: a statement that it signs with its key (RFC 7523, 2.1), exchanged for a token.

The statement is a JWT (RFC 7519) with RS256. What it is signed with comes from the JSON file that Google gives out;
where it is sent to does not: a file that names another server would have it there.
"""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from stepweave.spec.credential_parts import OAuth2
from stepweave.spec.templates import filled
from stepweave_data.oauth2.grants import ProviderRefused, by_assertion
from stepweave_data.oauth2.tokens import Tokens

_LASTS: Final = 3600
"""Seconds; Google takes no longer statements."""
_EARLIER: Final = 30
"""Seconds by which a statement says that it was made before: clocks differ, and one of the future is refused."""


@dataclass(frozen=True, slots=True)
class Key:
    """A service account's key, as its JSON file has it."""

    email: str
    id: str
    pem: str

    def __repr__(self) -> str:
        """Return no secret."""
        return f"Key(email={self.email!r})"

    @classmethod
    def read(cls, text: str) -> "Key":
        """Read the JSON file. Raises ProviderRefused where it is none of a service account."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            raise _unfit("is no JSON: paste the whole file, from its first brace to its last") from None
        kind = data.get("type") if isinstance(data, dict) else None
        if kind != "service_account":
            named = f", but of type {kind[:40]}" if isinstance(kind, str) else ""
            raise _unfit(f"is not that of a service account{named}")
        email, pem = data.get("client_email"), data.get("private_key")
        if not (isinstance(email, str) and email and isinstance(pem, str) and pem):
            raise _unfit("lacks client_email or private_key")
        return cls(email, str(data.get("private_key_id") or ""), pem)


def by_service_account(oauth2: OAuth2, fields: Mapping[str, Any]) -> Tokens:
    """Return a service account's token. Raises OAuthError.

    Args:
        oauth2: of the credential's type; its scopes are templates over the fields.
        fields: `key`, the JSON file, and `subject`, the person as whom it acts ("" for itself).
    """
    key = Key.read(str(fields.get("key", "")))
    scopes = (filled(scope, fields) for scope in oauth2.scopes)
    claims = {"iss": key.email, "scope": " ".join(scope for scope in scopes if scope), "aud": oauth2.token_url}
    subject = str(fields.get("subject") or "")
    signed = signed_jwt(key, {**claims, **({"sub": subject} if subject else {})})
    return by_assertion(oauth2, oauth2.token_url, signed, [key.pem])


def signed_jwt(key: Key, claims: Mapping[str, Any]) -> str:
    """Return claims as a JWT that lasts an hour. Raises ProviderRefused where the key is no RSA key."""
    # Imported here: most of the vault's starts sign nothing.
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        # Whoever pastes the file's parts into an environment and back has `\\n` in it for a line's end.
        private = load_pem_private_key(key.pem.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError):
        raise _unfit("has a private_key that cannot be read") from None
    if not isinstance(private, RSAPrivateKey):
        raise _unfit("has a private_key that is no RSA key")
    now = int(time.time()) - _EARLIER
    head = {"alg": "RS256", "typ": "JWT", **({"kid": key.id} if key.id else {})}
    parts = [json.dumps(part).encode() for part in (head, {**claims, "iat": now, "exp": now + _LASTS})]
    text = b".".join(map(_base64url, parts))
    return (text + b"." + _base64url(private.sign(text, PKCS1v15(), SHA256()))).decode()


def _unfit(words: str) -> ProviderRefused:
    return ProviderRefused("", f"The key {words}.")


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
