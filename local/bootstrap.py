"""The first thing `make` runs, with whatever Python there is: make the environments, then hand over to them.

Standard library only, and runs on Python 3.8 and later, so that an old Python gets a sentence, not a traceback.

    python3 local/bootstrap.py setup        all environments, nothing else
    python3 local/bootstrap.py up [...]     the same, then `python -m local.up` in the project's environment
    python3 local/bootstrap.py run CMD...   the same, then CMD with the project's environment first on PATH

Each step is skipped when a stamp under `.stepweave/stamps` says that its inputs have not changed since it succeeded.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".stepweave"
UV_VERSION = "0.13.9"
PYTHON_MIN = (3, 11)
PYTHON_END = (3, 14)
NODE_MIN = 20
NPM_INSTALL = ["npm", "install", "--no-save", "--no-audit", "--no-fund"]
"""Takes the locked versions and changes no file, as `npm ci` does. `npm ci` also asks that the lock file names other
platforms' binaries, which a registry that lacks them cannot give."""


class SetupError(Exception):
    """A step of the set-up failed. `str()` says which part, where its log is, and what to do."""


def main(arguments: Sequence[str]) -> int:  # noqa: RET503  # execvpe does not return
    """Set up what `arguments[0]` needs, then run it. Returns the exit status."""
    if not arguments or arguments[0] not in ("setup", "up", "run"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        setup()
    except SetupError as error:
        print(f"\nstepweave: {error}", file=sys.stderr)
        return 1
    if arguments[0] == "setup":
        return 0
    python = str(venv_python(ROOT / ".venv"))
    command = [python, "-m", "local.up", *arguments[1:]] if arguments[0] == "up" else list(arguments[1:])
    os.chdir(ROOT)
    os.execvpe(command[0], command, environment())  # noqa: S606  # hand over: no shell, our own arguments


def environment() -> dict[str, str]:
    """Return what commands run in: the project's environment comes first on PATH, and what Python compiles is kept.

    Images of Python often say `PYTHONDONTWRITEBYTECODE`: with it each of the hundreds of Pythons that tests and the
    embedded stack start compiles anew what it imports (reading the tests: 35 s of a processor, 14 s without).
    """
    folders = [str(ROOT / ".venv" / "bin"), str(STATE / "tools" / "bin"), os.environ["PATH"]]
    found = {**os.environ, "VIRTUAL_ENV": str(ROOT / ".venv"), "PATH": os.pathsep.join(folders)}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def setup() -> None:
    """Make every environment the project needs. Raises SetupError naming the part, its log and the remedy."""
    check_python()
    check_node()
    (STATE / "stamps").mkdir(parents=True, exist_ok=True)
    (STATE / "logs").mkdir(parents=True, exist_ok=True)
    (STATE / ".gitignore").write_text("*\n")
    uv = ensure_uv()
    step(
        "python",
        "Python packages (uv.lock)",
        [ROOT / "uv.lock", ROOT / "pyproject.toml", *sorted(ROOT.glob("layers/*/pyproject.toml"))],
        lambda log: run([str(uv), "sync", "--frozen", "--python", sys.executable], log),
        lambda: venv_python(ROOT / ".venv").exists(),
    )
    step(
        "lambda-runtime",
        "Lambda runtime (boto3, as AWS provides it)",
        [ROOT / "local" / "lambda_runtime.txt"],
        lambda log: make_venv(uv, STATE / "lambda-runtime", ROOT / "local" / "lambda_runtime.txt", log),
        lambda: venv_python(STATE / "lambda-runtime").exists(),
    )
    step(
        "emulator",
        "AWS emulator",
        [ROOT / "local" / "emulator" / "requirements.txt"],
        lambda log: make_venv(uv, STATE / "emulator-venv", ROOT / "local" / "emulator" / "requirements.txt", log),
        lambda: venv_python(STATE / "emulator-venv").exists(),
    )
    if os.environ.get("STEPWEAVE_LOCAL_MODEL") != "0":
        optional(
            "model",
            "local language model",
            [ROOT / "local" / "model" / "requirements.txt"],
            lambda log: make_venv(uv, STATE / "model-venv", ROOT / "local" / "model" / "requirements.txt", log),
            lambda: venv_python(STATE / "model-venv").exists(),
        )
    for name, title, folder in (("cdk", "CDK command line", "stacks/cli"), ("web", "web packages", "web")):
        step(
            name,
            f"{title} ({folder}/package-lock.json)",
            [ROOT / folder / "package-lock.json"],
            lambda log, folder=folder: run([*NPM_INSTALL, "--prefix", folder], log),  # type: ignore[misc]
            lambda folder=folder: (ROOT / folder / "node_modules").is_dir(),  # type: ignore[misc]
        )
    sources = [path for path in sorted((ROOT / "web").rglob("*")) if path.is_file() and is_web_source(path)]
    step(
        "web-build",
        "web app",
        sources,
        lambda log: run(["npm", "run", "build", "--prefix", "web"], log),
        lambda: (ROOT / "web" / "dist" / "index.html").exists(),
    )


def is_web_source(path: Path) -> bool:
    """Whether the web app's build depends on `path`."""
    return not {"node_modules", "dist", "e2e", "test-results", "playwright-report", "coverage"} & set(path.parts)


def check_python() -> None:
    """Refuse a Python that the locked packages do not support."""
    if not PYTHON_MIN <= sys.version_info[:2] < PYTHON_END:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(
            f"Python {found} at {sys.executable} is not supported; Stepweave needs 3.11, 3.12 or 3.13.\n"
            "  Install one of them and run `make PYTHON=/path/to/python3.11 ...`."
        )


def check_node() -> None:
    """Refuse a missing or old Node; the web app and the CDK command line need it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise SetupError(
            "Node is missing.\n  Install Node 20 or later with npm (https://nodejs.org), then run the command again."
        )
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    match = re.match(r"v(\d+)", version)
    if match is None or int(match.group(1)) < NODE_MIN:
        raise SetupError(f"Node {version or '?'} at {node} is too old.\n  Install Node {NODE_MIN} or later.")


def ensure_uv() -> Path:
    """Return the pinned `uv`, installing it into `.stepweave/tools` where it is missing."""
    uv = STATE / "tools" / "bin" / "uv"

    def install(log: Path) -> None:
        run([sys.executable, "-m", "venv", "--clear", str(STATE / "tools")], log)
        run([str(venv_python(STATE / "tools")), "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}"], log)

    step(f"uv-{UV_VERSION}", f"uv {UV_VERSION}", [], install, uv.exists)
    return uv


def make_venv(uv: Path, where: Path, requirements: Path, log: Path) -> None:
    """Make a virtual environment at `where` with exactly `requirements`."""
    run([str(uv), "venv", "--quiet", "--clear", "--python", sys.executable, str(where)], log)
    install = [str(uv), "pip", "sync", "--quiet", "--compile-bytecode", "--python", str(venv_python(where))]
    run([*install, str(requirements)], log)


def venv_python(where: Path) -> Path:
    """Return the interpreter of the virtual environment at `where`."""
    return where / "bin" / "python"


def step(
    name: str, title: str, inputs: Sequence[Path], action: Callable[[Path], None], done: Callable[[], bool]
) -> None:
    """Run `action(log)` unless it already succeeded with the same inputs and its result is still there."""
    stamp = STATE / "stamps" / name
    fingerprint = digest(inputs)
    if done() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    print(f"stepweave: setting up {title} ...", flush=True)
    log = STATE / "logs" / f"setup-{name}.log"
    log.unlink(missing_ok=True)
    try:
        action(log)
    except OSError as error:
        raise SetupError(f"{title} could not be set up: {error}.\n  Log: {log}") from error
    stamp.write_text(fingerprint)


def optional(
    name: str, title: str, inputs: Sequence[Path], action: Callable[[Path], None], done: Callable[[], bool]
) -> None:
    """Run a step that nothing else needs: where it fails, that is said, and it is tried again the next time."""
    try:
        step(name, title, inputs, action, done)
    except SetupError as error:
        print(f"stepweave: there is no {title}, which nothing else needs: {error}", file=sys.stderr)


def digest(paths: Sequence[Path]) -> str:
    """Return a digest of the interpreter and of the names and bytes of `paths`.

    Raises SetupError where one is missing.
    """
    total = hashlib.sha256(f"{sys.version}|{sys.platform}".encode())
    for path in paths:
        try:
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
        except FileNotFoundError:
            raise SetupError(
                f"{path.relative_to(ROOT)} is missing.\n  The checkout is incomplete: `git status` shows what is gone."
            ) from None
    return total.hexdigest()


def run(command: list[str], log: Path, timeout: float | None = 1800) -> None:
    """Run `command`, its output in `log`. Raises SetupError with the log's last lines when it fails."""
    with log.open("ab") as output:
        output.write(("$ " + " ".join(command) + "\n").encode())
        output.flush()
        environment = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
        try:
            status = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            fail(command, log, f"took longer than {timeout:.0f} s")
    if status != 0:
        fail(command, log, f"ended with status {status}")


def fail(command: list[str], log: Path, what: str) -> NoReturn:
    """Raise SetupError about `command` with the end of its log."""
    tail = "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-12:])
    raise SetupError(
        f"`{Path(command[0]).name} {' '.join(command[1:3])}` {what}.\n{tail}\n  Log: {log}\n"
        "  If a download broke, check the connection to the package registry and run again; what is done is kept."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
