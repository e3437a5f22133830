"""The text of PDFs."""

import logging
from collections.abc import Iterator
from typing import Any, Final

from pypdf import PasswordType, PdfReader
from pypdf.errors import PyPdfError

from functions.nodes.files.extract_from_file.source import Source
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.file_errors import FileEncrypted

MOST_BYTES: Final = 100 * 1024**2
MOST_PAGES: Final = 5000
MOST_TEXT: Final = 20_000_000
_INFO: Final = {
    "title": "title",
    "author": "author",
    "subject": "subject",
    "creator": "creator",
    "producer": "producer",
}


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield a PDF's text, or each page's.

    Raises:
        FileInvalid: it is no PDF, or damaged.
        FileEncrypted: it has a password, and none is given, or a wrong one.
        DataTooLarge: it has more pages or text than is read.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it says much about files that are slightly wrong
    with source.copied(MOST_BYTES) as copy:
        try:
            reader = PdfReader(copy, strict=False)
            _unlock(reader, source.params.password)
            yield from _texts(reader, source)
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise source.invalid("PDF", f"it cannot be read ({type(error).__name__})") from None


def _unlock(reader: PdfReader, password: str) -> None:
    if reader.is_encrypted and reader.decrypt(password) == PasswordType.NOT_DECRYPTED:
        wrong = "The password is not that of the PDF." if password else "The PDF has a password."
        raise FileEncrypted(wrong, "Write its password in the options.", details={"field": "params.password"})


def _texts(reader: PdfReader, source: Source) -> Iterator[dict[str, Any]]:
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise DataTooLarge(f"The PDF has {count:,} pages; {MOST_PAGES:,} are read.", "Split it, with the node PDF.")
    texts: list[str] = []
    size = 0
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text().replace("\x00", "")
        size += len(text)
        if size > MOST_TEXT:
            raise DataTooLarge(f"The PDF has more than {MOST_TEXT:,} letters.", "Split it, with the node PDF.")
        if source.params.pages == "each":
            yield {"page": number, "pages": count, "text": text}
        else:
            texts.append(text)
    if source.params.pages == "together":
        yield {"text": "\n\n".join(texts), "pages": count, "info": _info(reader)}


def _info(reader: PdfReader) -> dict[str, str]:
    known = reader.metadata
    found = {name: getattr(known, name) for name in _INFO} if known else {}
    return {name: value.replace("\x00", "") for name, value in found.items() if isinstance(value, str) and value}
