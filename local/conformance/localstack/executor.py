"""Runs a Lambda function's environment as a process of this machine. Imported in LocalStack's environment only."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

WORKER = Path(__file__).with_name("worker.py")
INIT_SECONDS = 10
"""How long a function may take to be imported, as on AWS."""


class ProcessExecutor(RuntimeExecutor):  # type: ignore[misc]  # LocalStack is in another environment
    """One environment of a function version: a process that takes invocations line by line."""

    process: "subprocess.Popen[bytes] | None" = None
    broken: bytes | None = None
    folder = ""

    def start(self, env_vars: dict[str, str]) -> None:
        """Start the process."""
        self.variables = {key: str(value) for key, value in env_vars.items()}
        self.folder = tempfile.mkdtemp(prefix="stepweave-function-")
        self._spawn()

    def stop(self) -> None:
        """End the process."""
        self._kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Return the function's answer. A process that died or hangs is an error, and the next one is new."""
        request, seconds = payload["invoke-id"], int(self.function_version.config.timeout)
        if self.process is None or self.process.poll() is not None:
            self._spawn()
        if self.broken is not None:
            return InvocationResult(request, self.broken, True, "")
        answer = self._asked({**payload, "timeout": seconds}, seconds)
        if answer is None:
            self._kill()
            return InvocationResult(request, _error("Sandbox.Timedout", f"timed out after {seconds} seconds"), True, "")
        if not answer:
            self._kill()
            return InvocationResult(request, _error("Runtime.ExitError", "the process ended"), True, "")
        return InvocationResult(request, answer["payload"].encode(), answer["failed"], answer["logs"])

    def get_address(self) -> str:
        """Return where the function runs."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        """Return where the function finds LocalStack."""
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        """Return nothing: nobody calls back."""
        return ""

    def get_logs(self) -> str:
        """Return nothing: logs come with each answer."""
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack a version's code."""
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Leave the code where it is: LocalStack ends with the run."""

    def _spawn(self) -> None:
        code = str(self.function_version.config.code.get_unzipped_code_location())
        place = {"PATH": os.environ["PATH"], "HOME": self.folder, "TMPDIR": self.folder, "LAMBDA_TASK_ROOT": code}
        self.process = subprocess.Popen(
            [os.environ.get("LAMBDA_PYTHON", sys.executable), str(WORKER)],
            cwd=code,
            env={**self.variables, **place},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        begun = self._read(INIT_SECONDS)
        self.broken = None
        if not begun or not begun.get("ready"):
            self.broken = (begun or {}).get("payload", "").encode() or _error("Runtime.ExitError", "did not begin")
            self._kill()

    def _asked(self, request: dict[str, Any], seconds: float) -> Any:
        if self.process is None or self.process.stdin is None:
            return {}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return self._read(seconds)

    def _read(self, seconds: float) -> Any:
        """Return the next line as JSON: None where none came in time, {} where the process has ended."""
        if self.process is None or self.process.stdout is None:
            return {}
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else None
        return json.loads(line) if line else None if line is None else {}

    def _kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def _error(type: str, message: str) -> bytes:
    return json.dumps({"errorType": type, "errorMessage": message}).encode()
