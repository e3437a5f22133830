"""Builds the zips of layers and functions for one target, each once per content.

    uv.lock -> packages of a layer, as wheels for the target, with bytecode   (a folder, kept)
    packages + our source with bytecode -> zip                                (kept)

What is kept is named by a digest of all that goes into it, so the second time nothing is built.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from stacks.bundling.archive import files_below, unpacked_bytes, write_zip
from stacks.bundling.bytecode import compile_below, interpreter
from stacks.bundling.layers import LAYERS, MOST_BYTES
from stacks.bundling.target import Target
from stacks.bundling.uv import ROOT, BundlingError, install

BUILD: Final = ROOT / ".stepweave" / "build"
KEPT: Final = 4
"""How many builds of one thing stay: this one and those of other targets or branches."""
_RECIPE: Final = 1
"""Raise it when the way of building changes, so that no old build is taken for a new one."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A zip for Lambda. `key` changes exactly when lock, source, target or the way of building do."""

    path: Path
    key: str


class Bundling(Protocol):
    """What the stacks need of a bundler."""

    def layer(self, name: str) -> Bundle:
        """Return the zip of a layer of `LAYERS`."""

    def code(self, name: str, files: Mapping[str, Path]) -> Bundle:
        """Return the zip of a function's own files (name in the zip -> file on disk)."""


class Bundler:
    """Builds for `target` below `folder`. Several processes may use one folder at the same time."""

    def __init__(self, target: Target, folder: Path = BUILD) -> None:
        self._target = target
        self._folder = folder
        self._python = interpreter(target)
        # A build without bytecode is another build.
        self._about = f"{_RECIPE}|{target.key}|{'bytecode' if self._python else 'source'}"

    def layer(self, name: str) -> Bundle:
        """Return the zip of a layer of `LAYERS`. Raises BundlingError."""
        layer = LAYERS[name]
        requirements = sorted(layer.requirements().values())
        source = files_below(layer.source, f"python/{layer.source.name}/") if layer.source else {}
        bundle = self._zipped(f"layer-{name}", _without_caches(source), self._packages(name, requirements))
        if (size := unpacked_bytes(bundle.path)) > MOST_BYTES:
            raise BundlingError(
                f"layer {name!r} has {size / 1024**2:.0f} MB unzipped; Lambda takes 250 MB.\n"
                "  Split it in stacks/bundling/layers.py."
            )
        return bundle

    def code(self, name: str, files: Mapping[str, Path]) -> Bundle:
        """Return the zip of a function's own files, with their bytecode. Raises BundlingError."""
        return self._zipped(name, _without_caches(files), None)

    def _packages(self, name: str, requirements: list[str]) -> Path:
        """Return a folder with the installed and compiled packages."""
        key = _digest([self._about, *requirements])
        folder = self._folder / f"packages-{name}-{key}"
        with self._alone():
            if folder.is_dir():
                os.utime(folder)
                return folder
            with self._workplace() as work:
                locked, packages = work / "requirements.txt", work / "python"
                locked.write_text("\n".join(requirements) + "\n")
                packages.mkdir()
                if requirements:
                    install(locked, packages, self._target)
                shutil.rmtree(packages / "bin", ignore_errors=True)  # scripts for the machine that built it
                compile_below(packages, self._python)
                packages.rename(folder)
            self._forget_old(f"packages-{name}-")
        return folder

    def _zipped(self, name: str, files: Mapping[str, Path], packages: Path | None) -> Bundle:
        contents = [f"{entry} {_digest([file.read_bytes()])}" for entry, file in sorted(files.items())]
        key = _digest([self._about, packages.name if packages else "", *contents])
        bundle = Bundle(self._folder / f"{name}-{key}.zip", key)
        with self._alone():
            if bundle.path.exists():
                os.utime(bundle.path)
                return bundle
            with self._workplace() as work:
                for entry, file in files.items():
                    (work / entry).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, work / entry)
                compile_below(work, self._python)
                installed = files_below(packages, "python/") if packages else {}
                write_zip(bundle.path, installed | files_below(work))
            self._forget_old(f"{name}-")
        return bundle

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _workplace(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".work-") as work:
            yield Path(work)

    def _forget_old(self, prefix: str) -> None:
        builds = [path for path in self._folder.glob(f"{prefix}*") if _is_build(path, prefix)]
        for path in sorted(builds, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _is_build(path: Path, prefix: str) -> bool:
    """Whether `path` is a build of just this thing, and not of one whose name goes on after `prefix`."""
    return len(path.name.removeprefix(prefix).removesuffix(".zip")) == _KEY_LENGTH


def _without_caches(files: Mapping[str, Path]) -> dict[str, Path]:
    return {name: path for name, path in files.items() if "__pycache__" not in path.parts}


_KEY_LENGTH: Final = 32


def _digest(parts: list[str] | list[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return total.hexdigest()[:_KEY_LENGTH]
