"""The few uv commands that bundling needs."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

from stacks.bundling.target import Target

ROOT: Final = Path(__file__).resolve().parents[2]
_OWN_UV: Final = ROOT / ".stepweave" / "tools" / "bin" / "uv"


class BundlingError(Exception):
    """A bundle could not be built. `str()` says which command failed, its words, and what to do."""


def export(package: str | None, group: str | None, prune: tuple[str, ...]) -> dict[str, str]:
    """Return what uv.lock pins for a workspace package or a dependency group of the root: name -> requirement.

    A requirement carries its version, markers and hashes. `prune` names packages to leave out with all that only they
    need. Raises BundlingError.
    """
    what = ["--package", package, "--no-dev"] if package else ["--only-group", str(group)]
    left_out = [word for name in prune for word in ("--prune", name)]
    # --frozen: a stale lock is the business of `make check`; a bundle is what the lock says.
    form = ["--frozen", "--no-emit-workspace", "--no-header", "--no-annotate"]
    text = run_uv(["export", "--quiet", *form, *what, *left_out])
    requirements = text.replace("\\\n", "").splitlines()
    return {line.split("==")[0].strip(): " ".join(line.split()) for line in requirements if line.strip()}


def install(requirements: Path, folder: Path, target: Target) -> None:
    """Install locked requirements with their hashes into `folder`, as wheels for `target`. Raises BundlingError."""
    platform = ["--python-platform", target.wheels] if target.wheels else []
    run_uv(
        [
            "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:",
            "--link-mode", "copy", "--python-version", target.python, *platform,
            "--target", str(folder), "--requirement", str(requirements),
        ]
    )  # fmt: skip


def find_python(version: str) -> Path | None:
    """Return an interpreter of `version` on this machine, or None."""
    try:
        return Path(run_uv(["python", "find", "--no-python-downloads", version]).strip())
    except BundlingError:
        return None


def run_uv(arguments: list[str]) -> str:
    """Run uv in the checkout and return what it printed. Raises BundlingError with its words."""
    # Where uv runs inside an environment, --target would still look there for what is installed.
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(  # noqa: S603  # our own arguments, no shell
        [uv_command(), *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BundlingError(
            f"`uv {' '.join(arguments[:3])}` ended with status {done.returncode}:\n{done.stderr.strip()}\n"
            "  If a download broke, check the connection to the package index and run again."
        )
    return done.stdout


@cache
def uv_command() -> str:
    """Return the path of uv: the one on PATH, or the one `make` installed. Raises BundlingError where there is none."""
    found = shutil.which("uv") or (str(_OWN_UV) if _OWN_UV.exists() else None)
    if found is None:
        raise BundlingError(f"uv is missing: neither on PATH nor at {_OWN_UV}.\n  `make setup` installs it.")
    return found
