"""Has what would be deployed or seeded changed? A digest over files and settings answers without asking AWS."""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path


def fingerprint(paths: Iterable[Path], settings: Mapping[str, str]) -> str:
    """Return a digest of the interpreter, of `settings` and of every file in `paths` (folders are walked)."""
    total = hashlib.sha256(json.dumps([sys.version, dict(settings)], sort_keys=True).encode())
    for path in sorted(_files(paths)):
        total.update(str(path).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_file():
            yield path
        else:
            yield from (file for file in path.rglob("*") if file.is_file() and _matters(file.relative_to(path)))


def _matters(file: Path) -> bool:
    return not {"__pycache__", "node_modules", ".mypy_cache", ".ruff_cache"} & set(file.parts) and file.suffix != ".pyc"
