"""A file server as the node sees it, whatever it speaks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

Write = Callable[[bytes], int]
Type = Literal["file", "folder", "link", "other"]


@dataclass(frozen=True, slots=True)
class Found:
    """A file or folder."""

    path: str
    type: Type
    size: int | None = None
    modified: float | None = None

    def told(self) -> dict[str, Any]:
        """Return it as an item has it."""
        moment = None
        if self.modified is not None:
            moment = datetime.fromtimestamp(self.modified, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        name = self.path.rstrip("/").rpartition("/")[2]
        return {"name": name, "path": self.path, "type": self.type, "size": self.size, "modified": moment}


class FileServer(Protocol):
    """What can be done. All of it raises FileServerRefused, ServerFileNotFound and FileServerUnavailable."""

    def folder(self, path: str) -> list[Found]:
        """Return what is in a folder."""

    def look(self, path: str) -> Found | None:
        """Return what is at a path; None for nothing."""

    def download(self, path: str, write: Write) -> int | None:
        """Give a file's bytes to `write`; return how many the server said there are."""

    def upload(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write a file."""

    def move(self, path: str, to: str, *, replace: bool) -> None:
        """Rename a file or folder."""

    def remove(self, path: str) -> None:
        """Delete a file."""

    def remove_folder(self, path: str) -> None:
        """Delete an empty folder."""

    def make_folder(self, path: str) -> None:
        """Make a folder in one that is there."""

    def close(self) -> None:
        """Log out."""


def joined(folder: str, name: str) -> str:
    """Return the path of what is in a folder."""
    return f"{folder.rstrip('/')}/{name}" if folder not in ("", ".") else name
