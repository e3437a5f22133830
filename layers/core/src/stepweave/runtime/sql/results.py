"""What rows become: items, within limits, or a file of JSON lines that holds as many as there are."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import IO, Any, Final, Protocol

from stepweave.model.items import BinaryRef, Item, item
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.sql.session import Answer

_MOST_FILE_BYTES: Final = 400 * 1024 * 1024
"""What a function's /tmp has room for, beside what else is there (Lambda quotas: 512 MB)."""
_WRITE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class StoreFile(Protocol):
    """`Step.store_file`."""

    def __call__(self, file: IO[bytes], *, size: int, sha256: str, mime_type: str, file_name: str = "") -> BinaryRef:
        """Store a file."""


def items_of(answer: Answer, most: int) -> list[Item]:
    """Return the rows as items, or one item that says how many rows were changed, where there are none by nature.

    Raises:
        DataTooLarge: there are more than `most`. No more of them are read.
    """
    if answer.rows is None:
        told = {"affected": answer.affected}
        return [item({**told, "insertId": answer.insert_id} if answer.insert_id else told)]
    with closing_rows(answer.rows) as rows:
        found = [item(row) for row in islice(rows, most + 1)]
    if len(found) > most:
        raise DataTooLarge(
            f"The statement returned {len(found)} rows or more; {most} are allowed.",
            "Add a LIMIT, or have the rows as a file (Options).",
        )
    return found


def counted(answer: Answer) -> list[Item]:
    """Return an item that says how many rows were changed or found; the rows themselves are not kept."""
    if answer.rows is None:
        return items_of(answer, 1)
    with closing_rows(answer.rows) as rows:
        return [item({"affected": sum(1 for _ in rows)})]


def file_of_rows(answer: Answer, store: StoreFile) -> list[Item]:
    """Return an item with a file that has a line of JSON for each row.

    Raises:
        DataTooLarge: the file is larger than a function can hold.
        StorageUnavailable: it could not be stored.
    """
    if answer.rows is None:
        return items_of(answer, 1)
    digest, size, count = hashlib.sha256(), 0, 0
    with tempfile.TemporaryFile() as file, closing_rows(answer.rows) as rows:
        for row in rows:
            line = _WRITE(row).encode("utf-8", "replace") + b"\n"
            digest.update(line)
            file.write(line)
            size, count = size + len(line), count + 1
            if size > _MOST_FILE_BYTES:
                raise DataTooLarge(
                    f"{count} rows have {size_text(size)} of JSON; a file takes {size_text(_MOST_FILE_BYTES)}.",
                    "Select fewer rows or columns.",
                )
        file.seek(0)
        ref = store(
            file, size=size, sha256=digest.hexdigest(), mime_type="application/x-ndjson", file_name="rows.jsonl"
        )
    made = item({"rows": count})
    made["binary"] = {"data": ref}
    return [made]


def closing_rows(rows: Iterator[dict[str, Any]]) -> Any:
    """Return a context that ends the reading of rows, also where some are left."""
    return closing(rows) if hasattr(rows, "close") else closing(row for row in rows)
