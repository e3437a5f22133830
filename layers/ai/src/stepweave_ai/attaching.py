"""Pictures and files of an item, as a model is shown them."""

import base64
from collections.abc import Iterator, Sequence
from typing import Final

from stepweave.model.items import Item
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid
from stepweave.runtime.files import StoredFile
from stepweave.runtime.item_files import OpenFile, file_of
from stepweave.spec.models import FileRow
from stepweave_ai.talking import Document, Image, Part, Text

MOST_FILE_BYTES: Final = 20 * 1024 * 1024
"""Of all files of a request together, before base64: Anthropic takes 32 MB of a request, OpenAI 50 MB."""
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_TEXTS: Final = ("text/", "application/json", "application/xml", "application/yaml", "application/csv")


def files_of(rows: Sequence[FileRow], item: Item, open_file: OpenFile) -> list[Part]:
    """Return the files that rows name, as a model takes them.

    Raises:
        ParameterInvalid: a file is not there, or none that models take.
        DataTooLarge: they are too large together.
        DataMissing: a file is gone.
    """
    return list(_files(rows, item, open_file))


def _files(rows: Sequence[FileRow], item: Item, open_file: OpenFile) -> Iterator[Part]:
    total = 0
    for number, row in enumerate(rows, 1):
        place = f"params.files.{number - 1}.file"
        stored = file_of(row.file, item, open_file, f"File {number}", place)
        total += stored.size
        if total > MOST_FILE_BYTES:
            raise DataTooLarge(
                f"The files have more than {size_text(MOST_FILE_BYTES)} together.",
                "Send fewer or smaller files, or pictures of a lower resolution.",
                details={"field": place},
            )
        yield _part(stored, place)


def _part(stored: StoredFile, place: str) -> Part:
    kind = stored.mime_type.partition(";")[0].strip().lower()
    content = b"".join(stored.chunks())
    if kind in _PICTURES:
        return Image(kind, base64.b64encode(content).decode())
    if kind == "application/pdf":
        return Document(stored.name or "file.pdf", kind, base64.b64encode(content).decode())
    if kind.startswith(_TEXTS):
        text = content.decode("utf-8-sig", "replace")
        return Text(f"File {stored.name}:\n{text}" if stored.name else text)
    raise ParameterInvalid(
        f"{stored.name or 'The file'} is of type {kind or 'unknown'}, which models do not take.",
        "Send a picture (PNG, JPEG, GIF, WebP), a PDF, or a text file.",
        details={"field": place},
    )
