"""The tokens of a credential, as they lie sealed beside its fields, and when they are due."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

KEY: Final = "$tokens"
"""Beside the fields in a credential's data; no field can be called so."""
MARGIN_SECONDS: Final = 120.0
"""How long before its end a token is renewed: a worker keeps one for 30 s, and a request may last."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave.

    Attributes:
        access: goes with requests.
        refresh: renews it; "" where the provider gave none.
        renew_at: the time (of the epoch) from which it is to be renewed; None where it was not said to end.
        expires_at: its end; None likewise.
        scope: what it may do, in the provider's words.
        ends_at: until when it can be renewed, where the provider just said so: a person must agree again by then. It is
            told at once, and not kept beside the others.
    """

    access: str
    refresh: str = ""
    renew_at: float | None = None
    expires_at: float | None = None
    scope: str = ""
    ends_at: float | None = None

    @classmethod
    def lasting(
        cls, access: str, refresh: str, seconds: float | None, scope: str, renewable: float | None = None
    ) -> "Tokens":
        """Return tokens that were given now, of which `access` lasts for `seconds`, and `refresh` for `renewable`."""
        ends_at = None if renewable is None else time.time() + renewable
        if seconds is None:
            return cls(access, refresh, scope=scope, ends_at=ends_at)
        end = time.time() + seconds
        return cls(access, refresh, end - min(MARGIN_SECONDS, seconds / 2), end, scope, ends_at)

    def __repr__(self) -> str:
        """Return no secret."""
        return f"Tokens(expires_at={self.expires_at!r}, scope={self.scope!r})"

    @property
    def digest(self) -> str:
        """What names the access token without telling it."""
        return hashlib.sha256(self.access.encode()).hexdigest()[:32]

    def is_due(self, refused: str = "") -> bool:
        """Return whether it is to be renewed: soon at its end, or the one with the digest `refused`."""
        return self.digest == refused or (self.renew_at is not None and time.time() >= self.renew_at)

    def is_alive(self, refused: str = "") -> bool:
        """Return whether it may still work."""
        return self.digest != refused and (self.expires_at is None or time.time() < self.expires_at)


def parted(stored: Mapping[str, Any]) -> tuple[dict[str, Any], Tokens | None]:
    """Return the fields of a credential's stored data, and its tokens where there are some."""
    fields = {name: value for name, value in stored.items() if name != KEY}
    given = stored.get(KEY)
    if not isinstance(given, dict):
        return fields, None
    return fields, Tokens(
        given["accessToken"], given["refreshToken"], given["renewAt"], given["expiresAt"], given["scope"]
    )


def joined(fields: Mapping[str, Any], tokens: Tokens | None) -> dict[str, Any]:
    """Return what `parted` takes apart."""
    if tokens is None:
        return dict(fields)
    given = {
        "accessToken": tokens.access,
        "refreshToken": tokens.refresh,
        "renewAt": tokens.renew_at,
        "expiresAt": tokens.expires_at,
        "scope": tokens.scope,
    }
    return {**fields, KEY: given}
