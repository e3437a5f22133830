"""Zips whose bytes depend on content only: sorted names, one date, one mode."""

import os
import stat
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The oldest date a zip can tell."""
_FILE_MODE: Final = (stat.S_IFREG | 0o644) << 16
_PROGRAM_MODE: Final = (stat.S_IFREG | 0o755) << 16


def write_zip(where: Path, files: Mapping[str, Path]) -> None:
    """Write a zip of `files` (name in the zip -> file on disk), whole or not at all."""
    where.parent.mkdir(parents=True, exist_ok=True)
    unfinished = where.with_name(f".{where.name}.{os.getpid()}")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PROGRAM_MODE if os.access(files[name], os.X_OK) else _FILE_MODE
            archive.writestr(entry, files[name].read_bytes())
    unfinished.replace(where)


def files_below(folder: Path, prefix: str = "") -> dict[str, Path]:
    """Return every file below `folder` by its name in a zip, `prefix` before it."""
    return {prefix + path.relative_to(folder).as_posix(): path for path in _walk(folder)}


def unpacked_bytes(where: Path) -> int:
    """Return how large a zip is once unpacked."""
    with zipfile.ZipFile(where) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _walk(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
