"""Pages of PDFs: read, chosen, written again."""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from pypdf import PasswordType, PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.file_errors import FileEncrypted, FileInvalid
from stepweave.runtime.files import StoredFile
from stepweave.runtime.placing import invalid

MOST_BYTES: Final = 100 * 1024**2
MOST_PAGES: Final = 5000
_DAMAGED: Final = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_RANGE: Final = re.compile(r"\s*(-?\d{1,6})\s*(?:(-)\s*(-?\d{1,6})?)?\s*")


@contextmanager
def opened(file: StoredFile, password: str) -> Iterator[PdfReader]:
    """Give a PDF's reader.

    Raises:
        FileInvalid: it is none, or damaged.
        FileEncrypted: it has a password.
        DataTooLarge: it has more than `MOST_BYTES` or `MOST_PAGES`.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it says much about files that are slightly wrong
    with file.copied(MOST_BYTES, "The PDF") as copy:
        try:
            reader = PdfReader(copy, strict=False)
            if reader.is_encrypted and reader.decrypt(password) == PasswordType.NOT_DECRYPTED:
                words = "The password is not that of the PDF" if password else "The PDF has a password"
                name = f" {file.name[:80]}" if file.name else ""
                raise FileEncrypted(
                    f"{words}{name}.", "Write its password in the options.", details={"field": "params.password"}
                )
            count = len(reader.pages)
        except _DAMAGED as error:
            raise _wrong(error) from None
        if not count:
            raise FileInvalid("The PDF has no pages.", "Send another.")
        if count > MOST_PAGES:
            raise DataTooLarge(f"The PDF has {count:,} pages; {MOST_PAGES:,} are read.", "Split it where it is made.")
        yield reader


def chosen(text: str, count: int) -> list[int]:
    """Return the numbers (from 0) of the pages that a text names. Raises ParameterInvalid."""
    numbers: list[int] = []
    for part in text.split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            raise invalid("pages", f"Pages: “{part.strip()[:40]}” is none.", "Write numbers as 1-3, 7, -1 or 5-.")
        first = _number(int(found[1]), count)
        last = first if not found[2] else count - 1 if found[3] is None else _number(int(found[3]), count)
        numbers += range(first, last + 1) if first <= last else range(first, last - 1, -1)
        if len(numbers) > MOST_PAGES:
            raise DataTooLarge(f"More than {MOST_PAGES:,} pages are asked for.", "Take fewer.")
    return numbers


def _number(given: int, count: int) -> int:
    number = given - 1 if given > 0 else count + given
    if given == 0 or not 0 <= number < count:
        raise invalid("pages", f"Pages: there is no page {given}; the PDF has {count}.", "Choose pages that it has.")
    return number


def written(parts: Sequence[tuple[PdfReader, Sequence[int]]]) -> bytes:
    """Return a PDF of pages of others. Raises FileInvalid."""
    writer, out = PdfWriter(), io.BytesIO()
    try:
        for reader, numbers in parts:
            if list(numbers) == list(range(len(reader.pages))):
                writer.append(reader, import_outline=False)
            else:
                for number in numbers:
                    writer.add_page(reader.pages[number])
        writer.write(out)
    except _DAMAGED as error:
        raise _wrong(error) from None
    return out.getvalue()


def _wrong(error: Exception) -> FileInvalid:
    return FileInvalid(
        f"The file is no PDF that can be read ({type(error).__name__}).",
        "Send a whole PDF.",
        details={"field": "params.file"},
    )
