"""Who sends, and through which server: what a credential says, in one shape for passwords and tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stepweave.runtime.errors import CredentialMissing


@dataclass(frozen=True, slots=True)
class Account:
    """An account that sends. Without `user` there is no log-in; `token` stands in the place of `password`."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    sender: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Account":
        """Read a credential's data. Raises CredentialMissing: it is not complete, or cannot be sent."""
        token = str(data.get("accessToken") or "")
        names = ("smtpHost", "smtpPort", "smtpSecurity") if token else ("host", "port", "security")
        host, port, security = (data.get(name) for name in names)
        if token and not host:
            raise CredentialMissing(
                "The mail account's credential names no host for sending.", "Fill in its host for sending (SMTP)."
            )
        if not host or not isinstance(port, int):
            raise CredentialMissing("The mail server's credential has no host and port.", "Complete the credential.")
        user = str(data.get("user") or "")
        return cls(
            host=str(host),
            port=port,
            security=str(security or "starttls"),
            user=user,
            password=str(data.get("password") or ""),
            token=token,
            sender=str(data.get("from") or (user if token else "")),
        )
