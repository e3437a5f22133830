"""Database files: from the items to this machine, and back."""

import hashlib
from pathlib import Path
from typing import Any, Final

from functions.nodes.databases.sqlite.session import MOST_BYTES
from stepweave.model.items import BinaryRef
from stepweave.model.sizes import size_text
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.files import StoredFile
from stepweave.runtime.item_files import OpenFile, file_of

_PIECE: Final = 1024 * 1024
_TYPE: Final = "application/vnd.sqlite3"


def file_key(entry: Entry[Any]) -> str:
    """Return what tells an item's file apart from others; "" for a new database."""
    value = entry.params.file
    ref = entry.item.get("binary", {}).get(value) if isinstance(value, str) else value
    if isinstance(ref, dict):
        return str(ref.get("key", ""))
    return str(value or "")


def opened(entry: Entry[Any], open_file: OpenFile) -> StoredFile | None:
    """Return an item's file; None for a new database.

    Raises:
        ParameterInvalid: the item has no such file.
        DataMissing: it is no reference to a file of this workspace.
    """
    if entry.params.file in ("", None):
        return None
    return file_of(entry.params.file, entry.item, open_file, "Database file", "params.file")


def fetch(file: StoredFile, path: Path) -> None:
    """Write a file to this machine.

    Raises:
        DataTooLarge: it has more than `MOST_BYTES`.
        DataMissing: it is gone.
        StorageUnavailable: it could not be fetched.
    """
    if file.size > MOST_BYTES:
        raise DataTooLarge(
            f"The database file has {size_text(file.size)}; {size_text(MOST_BYTES)} are allowed.",
            "Use a smaller one, or a database server.",
        )
    with path.open("wb") as out:
        for piece in file.chunks():
            out.write(piece)


def store(step: Step[Any], path: Path, name: str) -> BinaryRef:
    """Store a changed database and return the reference to it. Raises StorageUnavailable."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
        size = file.tell()
        file.seek(0)
        return step.store_file(file, size=size, sha256=digest.hexdigest(), mime_type=_TYPE, file_name=name)
