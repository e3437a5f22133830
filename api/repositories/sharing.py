"""Files that people share by links, asked for by those who have one."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session


class Linked(NamedTuple):
    """A file that a link leads to: its path and key, its size in bytes, and its media type."""

    path: str
    key: str
    size: int
    mime_type: str


class Links:
    """Links to kept files. Whoever follows one belongs to no tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, token_hash: str) -> Linked | None:
        """Return what a link leads to; None where it never was, is over, or leads to nothing any more."""
        query = text("SELECT path, key, size, mime_type FROM linked_file(:hash)")
        row = self._session.execute(query, {"hash": token_hash}).first()
        return Linked(*row) if row else None
