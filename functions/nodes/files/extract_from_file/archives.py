"""Office files are zip archives: opened with bounds."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

from functions.nodes.files.extract_from_file.source import Source
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.file_errors import FileEncrypted

MOST_ENTRIES: Final = 10_000
MOST_UNPACKED: Final = 1024**3
MOST_HELD: Final = 200 * 1024**2
"""Of a part that is held in memory: shared texts, a document."""
_HELD: Final = ("sharedStrings.xml", "styles.xml", "document.xml", "workbook.xml")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@contextmanager
def opened(source: Source, what: str) -> Iterator[tuple[IO[bytes], zipfile.ZipFile]]:
    """Give a copy of the file, and its archive.

    Raises:
        FileInvalid: it is none.
        FileEncrypted: Office encrypted it.
        DataTooLarge: it unpacks to more than `MOST_UNPACKED`. What a zip says of its sizes is true to who reads it:
            Python's reader stops there.
    """
    with source.copied() as copy:
        if copy.read(8) == _OLE:
            copy.seek(0)
            if _ENCRYPTED in copy.read():
                raise encrypted(what)
            raise source.invalid(what, "it is of an older format (.xls or .doc)")
        try:
            archive = zipfile.ZipFile(copy)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise source.invalid(what, str(error).rstrip(".").lower() or "it is damaged") from None
        with archive:
            _check(archive.infolist(), what)
            try:
                yield copy, archive
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
                raise source.invalid(what, "it is damaged") from None


def _check(entries: Sequence[zipfile.ZipInfo], what: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    held = max((entry.file_size for entry in entries if entry.filename.endswith(_HELD)), default=0)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or held > MOST_HELD:
        raise DataTooLarge(
            f"The file unpacks to {len(entries):,} parts of {size_text(unpacked)}; {size_text(MOST_UNPACKED)} are "
            f"read, and {size_text(MOST_HELD)} of its texts.",
            "Send fewer sheets or rows, or CSV, which has no such limit.",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted(what)


def encrypted(what: str) -> FileEncrypted:
    """Return the error of a file with a password."""
    return FileEncrypted(f"The {what} has a password.", "Save it without a password.", details={"field": "params.file"})
