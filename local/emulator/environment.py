"""The emulator's own virtual environment: made once, checked at every start.

MiniStack pins the version of botocore it was built with, so it may not share an environment with the product.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def ensure(root: Path) -> Path:
    """Make or reuse the emulator's environment below `root` and give its interpreter.

    Args:
        root: the repository; the environment becomes `.stepweave/emulator-venv` in it.

    Raises:
        RuntimeError: the environment could not be made; the message says how to see why.
    """
    folder = root / ".stepweave" / "emulator-venv"
    python = folder / "bin" / "python"
    mark = folder / "stepweave-requirements"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    if _is_right(python, mark, wanted):
        return python
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_suffix(".lock")):
        if not _is_right(python, mark, wanted):
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, python)
            mark.write_text(wanted)
    return python


def _is_right(python: Path, mark: Path, wanted: str) -> bool:
    return python.exists() and mark.exists() and mark.read_text() == wanted


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Only one process at a time makes the environment."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make(folder: Path, python: Path) -> None:
    uv = _uv()
    if uv is not None:
        commands = [
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
            # Compiled at once: the first start would otherwise compile MiniStack's 200,000 lines.
            [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), "-r", str(REQUIREMENTS)],
        ]
    else:
        commands = [
            [sys.executable, "-m", "venv", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
        ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
        if done.returncode:
            raise RuntimeError(f"Could not make {folder}: `{' '.join(command)}` failed:\n{done.stderr.strip()}")


def _environment() -> dict[str, str]:
    # Whoever calls us may run inside a virtual environment; this one is another.
    return {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}


def _uv() -> str | None:
    beside = Path(sysconfig.get_path("scripts")) / "uv"
    return str(beside) if beside.exists() else shutil.which("uv")


if __name__ == "__main__":
    print(ensure(Path(__file__).resolve().parents[2]))
