"""Files of archives: which format, what is safe, how much."""

import mimetypes
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import IO, Any, Final, NamedTuple

from functions.nodes.files.compress.errors import ArchiveUnsafe
from functions.nodes.files.compress.spec import Params
from stepweave.model.items import BinaryRef
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.file_errors import FileInvalid
from stepweave.runtime.files import StoredFile
from stepweave.runtime.uploads import Upload

MOST_RATIO: Final = 200
"""Times its size that an archive may unpack to, beyond `FREE_BYTES`: text compresses to a tenth."""
FREE_BYTES: Final = 50 * 1024**2
_PIECE: Final = 256 * 1024
_NOT_READ: Final = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)
DAMAGED: Final = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError)
"""What the readers of archives raise of damaged ones."""
NewFile = Callable[[str], Upload]
Log = Callable[..., None]


class Member(NamedTuple):
    """A file in an archive."""

    path: str
    size: int | None
    """Bytes, where the archive says so."""
    content: IO[bytes]
    unsafe: str = ""
    """Why it is not to be taken out; empty where nothing is."""


def unpacked(
    file: StoredFile, params: Params, new_file: NewFile, log: Log
) -> Iterator[tuple[dict[str, Any], BinaryRef]]:
    """Yield what is told of each file, and the file.

    Raises:
        FileInvalid: it is no archive that is read, or damaged.
        FileEncrypted: it has a password.
        ArchiveUnsafe: it holds what is not to be taken out.
        DataTooLarge: it holds more than is allowed.
    """
    budget = _Budget(params, file.size)
    patterns = [pattern.strip() for pattern in params.only.split(",") if pattern.strip()]
    seen: dict[str, int] = {}
    for member in _members(file, params, budget):
        path = safe_path(member.path)
        why = member.unsafe or ("" if path else "a path that leads out of it")
        if why:
            _refuse(member.path, why, params, log)
            continue
        name = path.rpartition("/")[2]
        if patterns and not any(fnmatchcase(path, one) or fnmatchcase(name, one) for one in patterns):
            continue
        budget.begin(member.size)
        seen[path] = seen.get(path, 0) + 1
        if seen[path] > 1:
            log("warning", f"The archive has {path[:200]} {seen[path]} times; all are taken out.")
        try:
            ref = _stored(member, name, budget, new_file)
        except DAMAGED as error:
            raise damaged(error) from None
        yield {"path": path, "fileName": name, "size": ref["size"]}, ref


def _stored(member: Member, name: str, budget: "_Budget", new_file: NewFile) -> BinaryRef:
    with new_file(mimetypes.guess_type(name)[0] or "application/octet-stream") as out:
        while piece := member.content.read(_PIECE):
            budget.take(len(piece))
            out.write(piece)
        return out.file(name)


def damaged(error: BaseException) -> FileInvalid:
    """Return the error of an archive that cannot be read to its end."""
    return FileInvalid(
        f"The archive is damaged: {str(error).rstrip('.') or type(error).__name__}.",
        "Make it again, and send all of it.",
        details={"field": "params.file"},
    )


def safe_path(path: str) -> str:
    """Return a path within the archive, with slashes; empty for one that leads out."""
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or "\x00" in path or parts[0][1:2] == ":":
        return ""
    return "/".join(part for part in parts if part not in ("", "."))


def _refuse(path: str, why: str, params: Params, log: Log) -> None:
    if params.unsafe == "fail":
        raise ArchiveUnsafe(
            f"The archive has {why}: {path[:200]!r}.",
            "Take it out of the archive, or let such be left out (options).",
            details={"path": path[:500]},
        )
    log("warning", f"Left out of the archive: {why}: {path[:200]!r}.")


def _members(file: StoredFile, params: Params, budget: "_Budget") -> Iterator[Member]:
    head = file.reader().peek(600)[:600]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        from functions.nodes.files.compress.zips import members as zip_members

        return zip_members(file, params)
    for mark, name in _NOT_READ:
        if head.startswith(mark):
            raise FileInvalid(f"{name} is not read.", "Send a ZIP, or tar.gz.", details={"field": "params.file"})
    from functions.nodes.files.compress.tars import members as tar_members

    return tar_members(file, head, budget.take_unpacked)


class _Budget:
    """How much may still be taken out."""

    def __init__(self, params: Params, packed: int) -> None:
        self._most_files = params.max_files
        self._most_bytes = params.max_mb * 1024**2
        self._packed = packed
        self._files = self._bytes = self._read = 0

    def begin(self, size: int | None) -> None:
        """Count a file. Raises DataTooLarge."""
        self._files += 1
        if self._files > self._most_files:
            raise DataTooLarge(
                f"The archive has more than {self._most_files:,} files.",
                "Take some of them (a pattern), or allow more.",
            )
        if size is not None and self._bytes + size > self._most_bytes:
            self._too_large()

    def take(self, count: int) -> None:
        """Count bytes of a file. Raises DataTooLarge."""
        self._bytes += count
        if self._bytes > self._most_bytes:
            self._too_large()
        if self._bytes > FREE_BYTES and self._bytes > MOST_RATIO * self._packed:
            raise DataTooLarge(
                f"The archive unpacks to more than {MOST_RATIO} times its {size_text(self._packed)}.",
                "Nobody's files compress so well: it may be made to fill disks.",
            )

    def take_unpacked(self, count: int) -> None:
        """Count bytes of an archive that is compressed as a whole, skipped ones, too. Raises DataTooLarge."""
        self._read += count
        if self._read > 2 * self._most_bytes + FREE_BYTES:
            self._too_large()

    def _too_large(self) -> None:
        raise DataTooLarge(
            f"The archive unpacks to more than {size_text(self._most_bytes)}.",
            "Take some of its files (a pattern), or allow more (options).",
        )
