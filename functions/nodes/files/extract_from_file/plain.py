"""A file as its text, or as base64."""

import base64
from collections.abc import Iterator
from typing import Any

from functions.nodes.files.extract_from_file.source import MOST_TEXT_BYTES, Source


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the file's text, or its bytes as base64. Raises FileNotText, DataTooLarge."""
    file = source.file
    told = {"fileName": file.name, "mimeType": file.mime_type, "size": file.size}
    if source.format == "base64":
        file.check(MOST_TEXT_BYTES)
        yield {"data": base64.b64encode(b"".join(file.chunks())).decode(), **told}
    else:
        yield {"text": source.text().removeprefix("\ufeff"), **told}
