"""X: 200 MB of CSV to rows, and the rows to a workbook: seconds, and the memory that each step holds at most.

Each step runs in a process of its own, as a function would, with S3 as a folder: what it takes beside the step itself
(this process, the libraries) is in the figure, too.
"""

import hashlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Final

from benchmarks.figures import Figure, figure
from local.offline.steps import Steps
from local.offline.storage import MemoryStorage

BYTES: Final = 200 * 1000**2
MOST_MB: Final = 300
_TENANT: Final = "0b0e4f6c-58a5-4a6e-9a37-2f1df3a5a001"
_LINE: Final = "{0},Customer {0},customer{0}@example.com,2026-01-{1:02},{2}.5,true,Some words about order {0}\r\n"


class FolderStorage(MemoryStorage):
    """Objects as files; nothing of them is in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def _path(self, key: str) -> Path:
        return self._folder / key.replace("/", "_")

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/json") -> str:
        """Store `body` and return its digest."""
        self._path(key).write_bytes(body)
        return hashlib.sha256(body).hexdigest()

    def begin_upload(self, bucket: str, key: str, content_type: str) -> str:
        """Begin an empty file."""
        self._path(key).write_bytes(b"")
        return key

    def put_part(self, bucket: str, key: str, upload_id: str, number: int, part: bytes) -> str:
        """Put a part behind those before."""
        with self._path(key).open("ab") as file:
            file.write(part)
        return str(number)

    def end_upload(self, bucket: str, key: str, upload_id: str, etags: Sequence[str]) -> None:
        """Do nothing: the file is whole."""

    def get_file(self, bucket: str, key: str, file: IO[bytes], part: tuple[int, int] | None = None) -> None:
        """Write a file's bytes, or a part of them."""
        with self._path(key).open("rb") as stored:
            stored.seek(part[0] if part else 0)
            file.write(stored.read(part[1] if part else -1))


def measure(say: Callable[[str], None]) -> list[Figure]:
    """Return the figures."""
    folder = Path(tempfile.mkdtemp(prefix="stepweave-files-"))
    try:
        say(f"X: {BYTES // 1000**2} MB of CSV to rows, and to a workbook")
        ref = _csv(folder)
        rows = _step(folder, "extract_from_file", {}, {"count": 1, "items": [{"json": {}, "binary": {"data": ref}}]})
        book = _step(folder, "convert_to_file", {"format": "xlsx"}, rows["batch"])
        written = book["batch"]["items"][0]["json"]["rows"]
        if written != rows["batch"]["count"]:
            raise RuntimeError(f"{rows['batch']['count']} rows were read, and {written} written")
        say(f"X: {written:,} rows, {rows['batch']['ref']['size'] // 1000**2} MB of items")
        return [
            figure("X.csv_200_mb_to_rows_mb", rows["mb"], at_most=MOST_MB),
            figure("X.csv_200_mb_to_rows_s", rows["seconds"]),
            figure("X.rows_to_xlsx_mb", book["mb"], at_most=MOST_MB),
            figure("X.rows_to_xlsx_s", book["seconds"]),
        ]
    finally:
        shutil.rmtree(folder)


def _csv(folder: Path) -> dict[str, Any]:
    key, size, number, digest = f"{_TENANT}/in.csv", 0, 0, hashlib.sha256()
    storage = FolderStorage(folder)
    with storage._path(key).open("wb") as file:
        while size < BYTES:
            lines = ("id,name,email,day,amount,paid,notes\r\n" if not number else "") + "".join(
                _LINE.format(line, line % 28 + 1, line % 1000) for line in range(number, number + 10_000)
            )
            number += 10_000
            content = lines.encode()
            size += file.write(content)
            digest.update(content)
    sha256 = digest.hexdigest()
    return {"bucket": "memory", "key": key, "size": size, "sha256": sha256, "mimeType": "text/csv"}


def _step(folder: Path, type: str, params: dict[str, Any], batch: dict[str, Any]) -> dict[str, Any]:
    given = json.dumps({"folder": str(folder), "type": type, "params": params, "batch": batch})
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.files"], input=given, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _child() -> None:
    given = json.load(sys.stdin)
    steps = Steps(FolderStorage(Path(given["folder"])))
    context = {
        "tenantId": _TENANT,
        "executionId": "5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002",
        "workflowId": "9a6f6f8e-0f62-4a52-8f0e-8e0d3f4c0003",
        "workflowName": "Files",
        "workflowVersion": 1,
        "trigger": "manual",
        "mode": "live",
        "startedAt": "2026-11-23T09:00:00.000Z",
        "timeZone": "UTC",
    }
    payload = {
        "context": context,
        "node": {"id": given["type"], "name": "Node", "type": given["type"], "version": 1},
        "params": given["params"],
        "settings": {"onError": "stop", "maxAttempts": 1},
        "inputs": {"main": [given["batch"]]},
        "attempt": 1,
    }
    begun = time.perf_counter()
    batch = steps.run(payload)["output"]["main"]
    seconds = time.perf_counter() - begun
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"batch": batch, "seconds": seconds, "mb": mb}))


if __name__ == "__main__":
    _child()
