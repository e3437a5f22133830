"""Logging in at mail servers with an OAuth2 token: XOAUTH2, as Google and Microsoft do, and OAUTHBEARER (RFC 7628).

What a server answers where it refuses is JSON in base64, which must be answered before it says so in words.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

MECHANISMS: Final = ("XOAUTH2", "OAUTHBEARER")
"""The first that a server has is taken."""
_SHOWN: Final = ("error_description", "status", "error", "scope", "openid-configuration", "schemes")
_MOST_WORDS: Final = 500


def mechanism_of(offered: Collection[str]) -> str | None:
    """Return the way in that a server has among those that it offers; None where it takes no tokens."""
    known = {name.upper() for name in offered}
    return next((name for name in MECHANISMS if name in known), None)


@dataclass
class TokenLogin:
    """One log-in.

    Attributes:
        mechanism: of `MECHANISMS`.
        user: whose mailbox.
        token: the access token; in no `repr`.
        host: of the server.
        port: of the server.
        refusal: what the server said of the token, in words; "" where it said nothing.
    """

    mechanism: str
    user: str
    token: str = field(repr=False)
    host: str
    port: int
    refusal: str = ""
    _is_sent: bool = False

    def answer(self, challenge: bytes | None) -> bytes:
        """Return what to answer: at first the token, then what lets the server go on and refuse."""
        if not self._is_sent:
            self._is_sent = True
            return self._first()
        self.refusal = refusal_of(challenge or b"")
        return b"\x01" if self.mechanism == "OAUTHBEARER" else b""

    def _first(self) -> bytes:
        if self.mechanism == "XOAUTH2":
            return f"user={self.user}\x01auth=Bearer {self.token}\x01\x01".encode()
        name = self.user.replace("=", "=3D").replace(",", "=2C")
        return f"n,a={name},\x01host={self.host}\x01port={self.port}\x01auth=Bearer {self.token}\x01\x01".encode()


def refusal_of(challenge: bytes) -> str:
    """Return what a server says of a token that it refuses (`{"status": "401", "schemes": "bearer"}`), in words."""
    text = challenge.decode("utf-8", "replace").strip()
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return _line(text)
    if not isinstance(told, dict):
        return _line(text)
    return _line(", ".join(f"{name} {told[name]}" for name in _SHOWN if told.get(name)))


def _line(text: str) -> str:
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]}…"
