"""How fast the emulator is: `python -m benchmarks.emulator [--stock] ...`, printing JSON.

Run by an interpreter that has boto3 (the project's). It starts emulators of its own, deploys an HTTP API whose function
starts an Express execution of two function steps, each of which also sends a batch of messages to a FIFO queue that a
recorder function drains, and measures it with one client and with fifty; then a hundred executions of five steps at
once.
"""

import argparse
import asyncio
import contextlib
import io
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from local.emulator import environment

ROOT = Path(__file__).resolve().parents[1]
ROLE = "arn:aws:iam::000000000000:role/load"

STEP = """
import json, os
from botocore.config import Config
from botocore.session import get_session  # not boto3: stock MiniStack runs functions under its own interpreter
sqs = get_session().create_client("sqs", config=Config(parameter_validation=False))
def handler(event, context):
    group = event["execution"][-36:]
    entries = [{"Id": kind, "MessageBody": json.dumps({"kind": kind, "execution": group}), "MessageGroupId": group,
                "MessageDeduplicationId": context.aws_request_id + kind} for kind in ("started", "succeeded")]
    sqs.send_message_batch(QueueUrl=os.environ["QUEUE"], Entries=entries)
    return {"items": [{"json": {"n": event.get("n", 0) + 1}}]}
"""
WEBHOOK = """
import json, os
from botocore.config import Config
from botocore.session import get_session
config = Config(parameter_validation=False, inject_host_prefix=False)
states = get_session().create_client("stepfunctions", config=config)
def handler(event, context):
    answer = states.start_sync_execution(stateMachineArn=os.environ["MACHINE"], input=event.get("body") or "{}")
    status = 200 if answer["status"] == "SUCCEEDED" else 500
    return {"statusCode": status, "body": answer.get("output") or answer.get("cause")}
"""
RECORDER = """
def handler(event, context):
    return {"batchItemFailures": []}
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stock", action="store_true", help="without any correction")
    parser.add_argument("--compare", action="store_true", help="first without any correction, then with all")
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--without", action="append", default=[])
    given = parser.parse_args()
    corrected = [word for name in given.without for word in ("--without", name)]
    kinds = {"stock": ["--stock"], "corrected": corrected}
    if not given.compare:
        kinds.pop("corrected" if given.stock else "stock")
    for kind, options in kinds.items():
        with tempfile.TemporaryDirectory() as folder, emulator(Path(folder), options) as (endpoint, pid):
            print(json.dumps({kind: measure(endpoint, pid, given), "load": os.getloadavg()}, indent=2), flush=True)


@contextlib.contextmanager
def emulator(folder: Path, options: list[str]) -> Any:
    """An emulator for the duration of the measurement."""
    python = environment.ensure(ROOT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(python), "-m", "local.emulator", "--port", str(port), "--state-dir", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--lambda-python", sys.executable, *options],
            cwd=ROOT,
            env={"PATH": os.defpath},
            stdout=log,
            stderr=log,
        )
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def client(endpoint: str, service: str) -> Any:
    """A boto3 client."""
    from local import aws

    return aws.client(service, endpoint, max_pool_connections=50, retries={"total_max_attempts": 1})


def deploy(endpoint: str) -> tuple[str, str, list[str]]:
    """Deploy the example; the webhook's URL, the long machine and the ARNs of its functions."""
    functions, states, sqs = client(endpoint, "lambda"), client(endpoint, "stepfunctions"), client(endpoint, "sqs")
    queue = sqs.create_queue(QueueName="events.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]

    def function(name: str, code: str, **variables: str) -> str:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("index.py", code)
        made = functions.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=ROLE,
            Handler="index.handler",
            Code={"ZipFile": buffer.getvalue()},
            Timeout=60,
            Environment={"Variables": {"QUEUE": queue, **variables}},
        )
        arn: str = made["FunctionArn"]
        return arn

    def machine(name: str, steps: list[str], kind: str) -> str:
        chain: dict[str, Any] = {}
        for position, arn in enumerate(steps):
            payload = {"n": position, "execution": "{% $states.context.Execution.Id %}", "input": "{% $states.input %}"}
            chain[f"S{position}"] = {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": arn, "Payload": payload},
                "Assign": {f"r{position}": "{% $states.result.Payload.items %}"},
                "Output": "{% $states.result.Payload %}",
                **({"End": True} if position == len(steps) - 1 else {"Next": f"S{position + 1}"}),
            }
        definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "S0", "States": chain})
        made: str = states.create_state_machine(name=name, definition=definition, roleArn=ROLE, type=kind)[
            "stateMachineArn"
        ]
        return made

    steps = [function(f"step{number}", STEP) for number in range(5)]
    short = machine("short", steps[:2], "EXPRESS")
    long = machine("long", steps, "STANDARD")
    webhook = function("webhook", WEBHOOK, MACHINE=short, STEPWEAVE_LOCAL_WORKERS="16")
    recorder = function("recorder", RECORDER)
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    functions.create_event_source_mapping(
        EventSourceArn=queue_arn, FunctionName=recorder, BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    gateway = client(endpoint, "apigatewayv2")
    api = gateway.create_api(Name="load", ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=webhook, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    gateway.create_route(ApiId=api, RouteKey="POST /hook", Target=f"integrations/{integration}")
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    return f"/_aws/execute-api/{api}/$default/hook", long, steps


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """One request on an open connection, by hand: a client library would cost more than what is measured."""
    body = b'{"hello": "world"}'
    kind = "Host: localhost\r\nContent-Type: application/json"
    writer.write(f"POST {path} HTTP/1.1\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    await reader.readexactly(length)
    return int(answer.split(b" ", 2)[1])


async def clients(endpoint: str, path: str, count: int, until: Any) -> tuple[list[float], list[int]]:
    """So many clients, each sending the next request when it has the answer to the last."""
    times: list[float] = []
    statuses: list[int] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(endpoint.rsplit(":", 1)[1]))
        while not until(len(times)):
            started = time.perf_counter()
            statuses.append(await post(reader, writer, path))
            times.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(one() for _ in range(count)))
    return times, statuses


def summary(times: list[float]) -> dict[str, float]:
    """Percentiles in milliseconds."""
    ordered = sorted(times)
    pick = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1) for name, share in pick.items()
    }


def processor_seconds(pid: int) -> float:
    """The processor time the emulator itself has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(endpoint: str, pid: int, given: argparse.Namespace) -> dict[str, Any]:
    """Everything, in one run."""
    path, long, _ = deploy(endpoint)
    states = client(endpoint, "stepfunctions")
    first = time.perf_counter()
    asyncio.run(clients(endpoint, path, 1, lambda done: done >= 1))
    cold = time.perf_counter() - first
    asyncio.run(clients(endpoint, path, given.clients, lambda done: done >= 200))
    times, _ = asyncio.run(clients(endpoint, path, 1, lambda done: done >= given.requests))
    used, began = processor_seconds(pid), time.perf_counter()
    loaded, statuses = asyncio.run(
        clients(endpoint, path, given.clients, lambda _: time.perf_counter() - began > given.seconds)
    )
    took = time.perf_counter() - began
    used = processor_seconds(pid) - used

    def start(number: int) -> str:
        arn: str = states.start_execution(stateMachineArn=long, input=json.dumps({"n": number}))["executionArn"]
        return arn

    def executions() -> dict[str, Any]:
        with ThreadPoolExecutor(20) as pool:
            started = list(pool.map(start, range(100)))
        described: dict[str, Any] = {}
        while len(described) < len(started):
            time.sleep(0.1)
            for arn in started:
                if arn not in described:
                    found = states.describe_execution(executionArn=arn)
                    if found["status"] != "RUNNING":
                        described[arn] = found
        # From the record, so that the time it takes to ask is not counted.
        durations = [(found["stopDate"] - found["startDate"]).total_seconds() for found in described.values()]
        failed = sum(found["status"] != "SUCCEEDED" for found in described.values())
        return {
            "failed": failed,
            "p50_s": round(statistics.median(durations), 2),
            "p95_s": round(sorted(durations)[94], 2),
        }

    executions()
    return {
        "webhook_first_ms": round(cold * 1000),
        "webhook_one_client_ms": summary(times),
        f"webhook_{given.clients}_clients": {
            "per_second": round(len(loaded) / took, 1),
            "failed": sum(status != 200 for status in statuses),
            **summary(loaded),
            "emulator_cpu_ms_per_request": round(used * 1000 / max(1, len(loaded)), 2),
        },
        "hundred_executions_of_five_steps": executions(),
    }


if __name__ == "__main__":
    main()
