"""Files of tar archives, and of gzip and bzip2, which hold one: read from the beginning to the end."""

import bz2
import gzip
import io
import tarfile
from collections.abc import Callable, Iterator
from typing import IO, Any, Final, cast

from functions.nodes.files.compress.unpacking import DAMAGED, Member, damaged
from stepweave.runtime.file_errors import FileInvalid
from stepweave.runtime.files import StoredFile

_LONGEST_HEADER: Final = 1024**2
"""Of what stands before a file in the archive: its long name and attributes, which are read into memory."""
_HEADERS: Final = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
_MAGIC: Final = (257, b"ustar")


def members(file: StoredFile, head: bytes, take: Callable[[int], None]) -> Iterator[Member]:
    """Yield the files of an archive.

    Args:
        file: tar, tar.gz, tar.bz2, gzip or bzip2.
        head: its first bytes.
        take: counts what is unpacked.

    Raises:
        FileInvalid: it is none of them, or damaged.
    """
    reader = file.reader()
    content: io.BufferedReader[Any] = reader
    try:
        if head.startswith(_GZIP):
            content = io.BufferedReader(_Counted(cast("IO[bytes]", gzip.GzipFile(fileobj=reader)), take))
        elif head.startswith(_BZIP2):
            content = io.BufferedReader(_Counted(cast("IO[bytes]", bz2.BZ2File(reader)), take))
        start = content.peek(1024)[:1024]
        if _is_tar(start):
            yield from _tar(content)
        elif content is not reader:
            yield Member(_inner_name(file.name), None, cast("IO[bytes]", content))
        else:
            raise FileInvalid(
                "The file is no archive that is read.",
                "Send a ZIP, tar, tar.gz or gzip.",
                details={"field": "params.file"},
            )
    except DAMAGED as error:
        raise damaged(error) from None


class _Counted(io.RawIOBase):
    def __init__(self, content: IO[bytes], take: Callable[[int], None]) -> None:
        self._content, self._take = content, take

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._content.read(len(buffer))
        self._take(len(piece))
        buffer[: len(piece)] = piece
        return len(piece)


class _Header(tarfile.TarInfo):
    def _proc_member(self, archive: tarfile.TarFile) -> Any:
        if self.type in _HEADERS and self.size > _LONGEST_HEADER:
            raise tarfile.ReadError("a name or its attributes are longer than 1 MB")
        # Of Python since 2.6, though its stubs leave it out.
        return super()._proc_member(archive)  # type: ignore[misc]


def _tar(content: "io.BufferedReader[Any]") -> Iterator[Member]:
    with tarfile.open(fileobj=content, mode="r|", tarinfo=_Header) as archive:
        for entry in archive:
            if entry.isdir():
                continue
            if entry.isreg():
                found = archive.extractfile(entry)
                if found is not None:
                    yield Member(entry.name, entry.size, found)
            else:
                kind = "a link" if entry.issym() or entry.islnk() else "a device"
                yield Member(entry.name, 0, io.BytesIO(), kind)


def _is_tar(start: bytes) -> bool:
    place, magic = _MAGIC
    if start[place : place + 5] == magic:
        return True
    try:  # of 1979, without a magic: its checksum is right
        tarfile.TarInfo.frombuf(start[:512], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _inner_name(name: str) -> str:
    for end, instead in ((".tgz", ".tar"), (".gz", ""), (".bz2", "")):
        if name.lower().endswith(end) and len(name) > len(end):
            return name[: -len(end)] + instead
    return name or "file"
