"""LocalStack's environment: made once, with Python 3.13."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
VERSION: Final = "3.13"


class PythonMissing(Exception):
    """There is no Python 3.13. `str()` says how to get one."""


def ensure(root: Path) -> Path:
    """Make or reuse the environment below `root` and return its interpreter.

    Args:
        root: the repository; the environment becomes `.stepweave/localstack-venv` in it.

    Raises:
        PythonMissing: LocalStack 4.14 needs a Python that is not there.
        RuntimeError: the environment could not be made.
    """
    folder = root / ".stepweave" / "localstack-venv"
    python, mark = folder / "bin" / "python", folder / "stepweave-requirements"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if python.exists() and mark.is_file() and mark.read_text() == wanted:
        return python
    base = find_python()
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
    for command in ([base, "-m", "venv", str(folder)], pip):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())
        if done.returncode:
            raise RuntimeError(f"`{' '.join(command)}` failed:\n{done.stderr.strip()[-2000:]}")
    mark.write_text(wanted)
    return python


def find_python() -> str:
    """Return a Python 3.13: the one that `STEPWEAVE_PYTHON313` names, one on PATH, or pyenv's. Raises PythonMissing."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [
        os.environ.get("STEPWEAVE_PYTHON313"),
        *(str(path) for path in sorted(pyenv.glob(f"{VERSION}.*/bin/python"), reverse=True)),
        shutil.which(f"python{VERSION}"),
    ]
    for candidate in candidates:
        if candidate and _version(candidate) == VERSION:
            return candidate
    raise PythonMissing(
        f"LocalStack 4.14 needs Python {VERSION}, and there is none. Install it (`pyenv install {VERSION}`, or your "
        f"system's python{VERSION}), or name one in STEPWEAVE_PYTHON313."
    )


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what belongs to its own virtual environment."""
    return {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}


def _version(python: str) -> str:
    show = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", show], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
