"""Starts the engines, each on a free port with a folder of its own, and ends them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from local.conformance.localstack import environment as localstack
from local.emulator import environment as emulator
from local.settings import ROOT

START_SECONDS: Final = 120


class EngineMissing(Exception):
    """An engine cannot run here. `str()` says what it needs."""


@contextlib.contextmanager
def emulated(folder: Path) -> Iterator[str]:
    """Run the embedded emulator while the block runs; yield its endpoint."""
    port = _free_port()
    python = emulator.ensure(ROOT)
    command = [str(python), "-m", "local.emulator", "--port", str(port), "--state-dir", str(folder / "state")]
    with _running([*command, "--lambda-python", sys.executable], folder, {"PATH": os.defpath}, ROOT):
        _await(port, folder)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def localstacked(folder: Path) -> Iterator[str]:
    """Run LocalStack while the block runs; yield its endpoint. Raises EngineMissing without Python 3.13."""
    try:
        python = localstack.ensure(ROOT)
    except (localstack.PythonMissing, RuntimeError) as error:
        raise EngineMissing(str(error)) from None
    port = _free_port()
    variables = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        "FILESYSTEM_ROOT": str(folder / "filesystem"),
        "LAMBDA_PYTHON": sys.executable,
        "LAMBDA_SYNCHRONOUS_CREATE": "1",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
        "SERVICES": "stepfunctions,lambda,s3,iam,sts,logs,events",
        "EAGER_SERVICE_LOADING": "0",
    }
    launch = Path(localstack.__file__).with_name("launch.py")
    with _running([str(python), str(launch)], folder, variables, folder):
        _await(port, folder)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _running(command: Sequence[str], folder: Path, variables: Mapping[str, str], at: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "engine.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=at, env=dict(variables), stdout=log, stderr=log, start_new_session=True)
        try:
            yield
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            continue
        return


def _await(port: int, folder: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    log = (folder / "engine.log").read_text(encoding="utf-8", errors="replace")
    raise EngineMissing(f"It did not start within {START_SECONDS} s. Its log ends:\n{log[-1500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


Start = Callable[[Path], contextlib.AbstractContextManager[str]]
"""Runs an engine: a folder to the endpoint."""
ENGINES: Final[Mapping[str, Start]] = {"embedded emulator": emulated, "LocalStack 4.14": localstacked}
