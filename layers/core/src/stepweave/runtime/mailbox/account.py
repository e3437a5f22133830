"""Whose mailbox, on which server: what a credential says, in one shape for passwords and tokens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from stepweave.runtime.errors import CredentialMissing

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox's account: either `password` or `token` is there."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        """The server, for messages."""
        return f"{self.host}:{self.port}"

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Account":
        """Read a credential's data. Raises CredentialMissing: it is not complete, or cannot be sent."""
        token = str(data.get("accessToken") or "")
        host, port, security = (
            data.get(name)
            for name in (("imapHost", "imapPort", "imapSecurity") if token else ("host", "port", "security"))
        )
        user, password, port = str(data.get("user") or ""), str(data.get("password") or ""), port or 993
        if token and not host:
            raise CredentialMissing(
                "The mail account's credential names no host for reading.", "Fill in its host for reading (IMAP)."
            )
        if not host or not user or not isinstance(port, int):
            raise CredentialMissing("The mailbox's credential has no host, port and user.", "Complete the credential.")
        if _CONTROL.search(user + password + token):
            raise CredentialMissing(
                "User or password hold a line break or another control character.",
                "Enter them again in the credential.",
            )
        return cls(str(host), port, str(security or "tls"), user, password, token)
