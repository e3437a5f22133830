"""Archives, written while the files are read."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import IO, Any, Final, cast

from functions.nodes.files.compress.spec import Params
from stepweave.model.items import BinaryRef, Item
from stepweave.runtime import Step
from stepweave.runtime.files import StoredFile
from stepweave.runtime.item_files import OpenFile, file_of
from stepweave.runtime.placing import invalid

Member = tuple[str, StoredFile]
"""A path in the archive, and the file."""
_ENDS: Final = {
    "zip": (".zip", "application/zip"),
    "tar": (".tar", "application/x-tar"),
    "tarGz": (".tar.gz", "application/gzip"),
}
_MOST_MEMBERS: Final = 10_000
_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Of all members: an attempt that is made again gives the same archive."""


def members(source: Item, params: Params, open_file: OpenFile, *, every: bool = True) -> list[Member]:
    """Return an item's files with their paths.

    Args:
        source: the item.
        params: which files.
        open_file: opens a reference.
        every: whether the item must have files.

    Raises:
        ParameterInvalid: it does not have them, or has none.
    """
    names = list(params.files) or list(source.get("binary", {}))
    if not names and every:
        raise invalid("files", "Files: the item has none.", "Put a node before it that gives files.")
    found = [(name, file_of(name, source, open_file, "Files", "params.files")) for name in names]
    folder = [part for part in params.folder.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return [("/".join((*folder, _plain(file.name) or _plain(name) or "file")), file) for name, file in found]


def archive(step: Step[Params], params: Params, found: list[Member]) -> tuple[dict[str, Any], dict[str, BinaryRef]]:
    """Store an archive of files; return what is told of it, and the file."""
    if len(found) > _MOST_MEMBERS:
        raise invalid("files", f"Files: there are {len(found):,}; an archive gets {_MOST_MEMBERS:,}.", "Make several.")
    end, mime_type = _ENDS[params.format]
    name = _plain(params.file_name) or f"archive{end}"
    with step.new_file(mime_type) as out:
        file = cast("IO[bytes]", out)
        if params.format == "zip":
            _zip(file, _unique(found))
        elif params.format == "tar":
            _tar(file, _unique(found))
        else:
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                _tar(cast("IO[bytes]", packed), _unique(found))
        ref = out.file(name)
    return {"fileName": name, "size": ref["size"], "files": len(found)}, {params.output_file: ref}


def gzipped(step: Step[Params], member: Member) -> BinaryRef:
    """Store a file compressed, and return its reference."""
    path, source = member
    with step.new_file("application/gzip") as out:
        with gzip.GzipFile(path, "wb", 6, cast("IO[bytes]", out), mtime=0) as packed:
            for piece in source.chunks():
                packed.write(piece)
        return out.file(f"{path}.gz")


def _zip(file: IO[bytes], found: Iterable[Member]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        for path, source in found:
            info = zipfile.ZipInfo(path, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with made.open(info, "w", force_zip64=source.size > 2**31) as member:
                for piece in source.chunks():
                    member.write(piece)


def _tar(file: IO[bytes], found: Iterable[Member]) -> None:
    with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as made:
        for path, source in found:
            info = tarfile.TarInfo(path)
            info.size = source.size
            made.addfile(info, cast("IO[bytes]", io.BufferedReader(source.reader())))


def _unique(found: Iterable[Member]) -> Iterable[Member]:
    seen: set[str] = set()
    for path, file in found:
        free, number = path, 1
        while free.casefold() in seen:  # Windows would write one over the other
            number += 1
            there = PurePosixPath(path)
            free = str(there.with_name(f"{there.stem} ({number}){there.suffix}"))
        seen.add(free.casefold())
        yield free, file


def _plain(name: str) -> str:
    """Return the last part of a name, without what no system takes in one."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*').strip()
    return "" if kept in (".", "..") else kept[:200]
