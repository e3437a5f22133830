"""An emulator for tests: the real one, as a subprocess on a free port."""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from local import aws
from local.stack.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
ROLE = "arn:aws:iam::000000000000:role/test"
Json = dict[str, Any]


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def eventually(check: Callable[[], Any], seconds: float = 30) -> Any:
    """The first true value of `check`; a deadline only so that a broken emulator does not hang the tests."""
    deadline = time.monotonic() + seconds
    while True:
        if value := check():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {seconds} s; last seen: {value!r}")
        time.sleep(0.02)


class Emulator:
    """A running emulator, and short ways to put things into it."""

    def __init__(self, python: Path, state: Path, options: Sequence[str] = ()) -> None:
        self.python = python
        self.state = state
        self.options = list(options)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Any] = {}

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, environment: dict[str, str] | None = None) -> "Emulator":
        self.state.mkdir(parents=True, exist_ok=True)
        command = [str(self.python), "-m", "local.emulator", "--port", str(self.port), "--state-dir", str(self.state)]
        with (self.state / "emulator.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--lambda-python", sys.executable, *self.options],
                cwd=ROOT,
                env={"PATH": os.defpath, **(environment or {})},
                stdout=log,
                stderr=log,
            )
        eventually(self._answers, 60)
        return self

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError((self.state / "emulator.log").read_text())
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = aws.client(
                service,
                self.endpoint,
                retries={"total_max_attempts": 1},
                max_pool_connections=60,
                read_timeout=120,
            )
        return self._clients[service]

    def function(self, code: str, name: str = "", **options: Any) -> str:
        """Create a function whose module is `code`; its ARN."""
        files: dict[str, str | bytes] = {"index.py": textwrap.dedent(code), **options.pop("files", {})}
        arn: str = self.client("lambda").create_function(
            FunctionName=name or f"f-{uuid.uuid4().hex[:8]}",
            Runtime="python3.12",
            Role=ROLE,
            Handler=options.pop("Handler", "index.handler"),
            Code={"ZipFile": zipped(files)},
            Timeout=options.pop("Timeout", 30),
            **options,
        )["FunctionArn"]
        return arn

    def invoke(self, function: str, event: Any = None, **options: Any) -> Any:
        """Invoke a function; the payload, or the error payload under `error`."""
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event), **options)
        payload = json.loads(answer["Payload"].read() or b"null")
        return {"error": payload} if answer.get("FunctionError") else payload

    def machine(self, definition: Json, kind: str = "STANDARD", jsonata: bool = True) -> str:
        """Create a state machine; its ARN."""
        if jsonata:
            definition = {"QueryLanguage": "JSONata", **definition}
        arn: str = self.client("stepfunctions").create_state_machine(
            name=f"m-{uuid.uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=ROLE, type=kind
        )["stateMachineArn"]
        return arn

    def run(self, definition: Json | str, data: Any = None, jsonata: bool = True) -> Json:
        """Run a Standard execution to its end; its description with the output parsed."""
        arn = definition if isinstance(definition, str) else self.machine(definition, jsonata=jsonata)
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=arn, input=json.dumps({} if data is None else data)
        )["executionArn"]
        return self.ended(started)

    def ended(self, execution: str) -> Json:
        """The description of an execution once it has ended."""
        states = self.client("stepfunctions")

        def look() -> Json | None:
            found: Json = states.describe_execution(executionArn=execution)
            return found if found["status"] != "RUNNING" else None

        found: Json = eventually(look, 60)
        if found.get("output"):
            found["output"] = json.loads(found["output"])
        return found

    def output(self, states: Json, start: str = "", data: Any = None, **more: Any) -> Any:
        """The output of a machine of these states; the first is where it starts."""
        found = self.run({"StartAt": start or next(iter(states)), "States": states, **more}, data)
        assert found["status"] == "SUCCEEDED", f"{found.get('error')}: {found.get('cause')}"
        return found["output"]

    def history(self, execution: str) -> list[Json]:
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution)
        return [event for page in pages for event in page["events"]]

    def queue(self, **attributes: str) -> tuple[str, str]:
        """Create a queue, FIFO when asked for; its URL and ARN."""
        suffix = ".fifo" if attributes.get("FifoQueue") == "true" else ""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex[:8]}{suffix}", Attributes=attributes)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return url, arn


def messages(emulator: Emulator, url: str, count: int = 1, seconds: float = 30) -> list[str]:
    """Take this many messages from a queue."""
    taken: list[str] = []

    def enough() -> bool:
        found = emulator.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in found.get("Messages", ()):
            emulator.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken.append(message["Body"])
        return len(taken) >= count

    eventually(enough, seconds)
    return taken


@contextlib.contextmanager
def running(emulator: Emulator) -> Iterator[Emulator]:
    """An emulator for the duration of a block."""
    try:
        yield emulator.start()
    finally:
        emulator.stop()
