"""The code of functions and layers on disk, unpacked once per content and shared by every process that runs it.

MiniStack unpacks the zip anew for each process. Unpacked by content hash it costs nothing the second time, and the
bytecode Python writes beside the sources on the first start makes the later cold starts as fast as on AWS with prepared
layers.
"""

import asyncio
import io
import os
import shutil
import tempfile
import time
import zipfile
from pathlib import Path

from local.emulator.functions.model import Archive


class Bundles:
    """Unpacked zips below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._unpacking: dict[str, asyncio.Task[Path]] = {}

    async def folder(self, archive: Archive) -> Path:
        """The folder that holds the content of `archive`."""
        digest = archive.digest
        target = self._root / digest
        if digest not in self._unpacking:
            if target.is_dir():
                return target
            self._unpacking[digest] = asyncio.ensure_future(asyncio.to_thread(lambda: unpack(archive.read(), target)))
        try:
            return await asyncio.shield(self._unpacking[digest])
        finally:
            self._unpacking.pop(digest, None)


def unpack(archive: bytes, target: Path) -> Path:
    """Unpack with the times and modes of the zip, so that bytecode compiled before zipping is still accepted."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpacking-"))
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as content:
            for entry in content.infolist():
                path = Path(content.extract(entry, work))
                mode = entry.external_attr >> 16 & 0o777
                if mode and not entry.is_dir():
                    path.chmod(mode | 0o600)
                moment = time.mktime((*entry.date_time, 0, 0, -1))
                os.utime(path, (moment, moment))
        work.chmod(0o755)
        work.rename(target)
    except OSError:
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target
