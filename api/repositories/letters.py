"""Links in mails, which are asked for and followed before anybody has logged in (`auth_...` functions)."""

import json
import uuid
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


class Letters:
    """Letters by the SHA-256 of their token."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, kind: str, digest: bytes, user_id: uuid.UUID | None, email: str, details: dict[str, str], seconds: int
    ) -> None:
        """Keep a letter that is good once within `seconds`."""
        query = text(
            "SELECT auth_letter_add(:kind, :hash, CAST(:user AS uuid), :email, CAST(:details AS jsonb), :left)"
        )
        values = {"kind": kind, "hash": digest, "user": user_id, "email": email, "left": seconds}
        self._session.execute(query, {**values, "details": json.dumps(details)})

    def find(self, kind: str, digest: bytes) -> Row[Any] | None:
        """Return `user_id`, `email`, `details` and the user's `name` of a letter that is good, or None."""
        query = text("SELECT user_id, email, details, name FROM auth_letter(:kind, :hash)")
        return self._session.execute(query, {"kind": kind, "hash": digest}).one_or_none()

    def confirm_registration(self, digest: bytes, slug: str) -> Row[Any] | None:
        """Make the user and the tenant that a letter is about; return `user_id` and `tenant_id`. Raises Duplicate."""
        query = text("SELECT user_id, tenant_id FROM auth_confirm_registration(:hash, :slug)")
        return self._session.execute(query, {"hash": digest, "slug": slug}).one_or_none()

    def reset(self, digest: bytes, hashed: str) -> Row[Any] | None:
        """Replace a password and end all sessions; return `user_id`, `tenant_id` and `email`."""
        query = text("SELECT user_id, tenant_id, email FROM auth_reset(:hash, :new)")
        return self._session.execute(query, {"hash": digest, "new": hashed}).one_or_none()

    def change_email(self, kind: str, digest: bytes) -> Row[Any] | None:
        """Change an address; return `user_id`, `tenant_id`, `former` and `email`. Raises Duplicate, at the end."""
        query = text("SELECT user_id, tenant_id, former, email FROM auth_change_email(:kind, :hash)")
        return self._session.execute(query, {"kind": kind, "hash": digest}).one_or_none()
