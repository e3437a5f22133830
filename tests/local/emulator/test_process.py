"""The emulator as a process: its start, its end, and what survives it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator import environment
from tests.local.emulator.conftest import left_out
from tests.local.emulator.support import ROOT, Emulator, eventually, messages, running
from tests.local.emulator.test_apis import ECHO, http_api
from tests.local.emulator.test_apis import request as fetch


@pytest.fixture
def own(request: pytest.FixtureRequest, emulator_python: Path, tmp_path: Path) -> Iterator[Emulator]:
    """An emulator that a test may end."""
    with running(Emulator(emulator_python, tmp_path / "state", left_out(request))) as emulator:
        yield emulator


def test_state_survives_a_restart(own: Emulator) -> None:
    layer = own.client("lambda").publish_layer_version(LayerName="l", Content={"ZipFile": b"PK\x05\x06" + bytes(18)})
    function = own.function(ECHO, Layers=[layer["LayerVersionArn"]])
    path = http_api(own, function)
    assert fetch(own, f"{path}/x")[0] == 200
    machine = own.machine({"StartAt": "S", "States": {"S": {"Type": "Pass", "Output": "one", "End": True}}})
    states = own.client("stepfunctions")
    version = states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    routing = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = states.create_state_machine_alias(name="live", routingConfiguration=routing)["stateMachineAliasArn"]
    done = own.run(alias)["executionArn"]
    url, queue = own.queue(FifoQueue="true", ContentBasedDeduplication="true")
    own.client("sqs").send_message(QueueUrl=url, MessageBody="kept", MessageGroupId="g")
    s3 = own.client("s3")
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="a/b", Body=b"\0content", Metadata={"m": "1"})
    key = own.client("kms").create_key()["KeyMetadata"]["KeyId"]
    context = {"tenant": "t"}
    secret = own.client("kms").encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    own.client("scheduler").create_schedule(
        Name="kept",
        ScheduleExpression="cron(0 0 1 1 ? 2099)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": queue, "RoleArn": "arn:aws:iam::000000000000:role/r"},
    )
    group = "/aws/lambda/" + function.rsplit(":", 1)[1]

    own.stop()
    own.start()

    assert fetch(own, f"{path}/x")[0] == 200
    assert own.run(alias)["output"] == "one"
    assert own.client("stepfunctions").describe_execution(executionArn=done)["status"] == "SUCCEEDED"
    assert messages(own, url) == ["kept"]
    kept = own.client("s3").get_object(Bucket="kept", Key="a/b")
    assert (kept["Body"].read(), kept["Metadata"]) == (b"\0content", {"m": "1"})
    assert own.client("kms").decrypt(CiphertextBlob=secret, EncryptionContext=context)["Plaintext"] == b"secret"
    assert own.client("scheduler").get_schedule(Name="kept")["State"] == "ENABLED"
    assert own.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_emulator(own: Emulator, number: int) -> None:
    function = own.function(
        """
        import os, subprocess, time
        def handler(event, context):
            if event is None:
                return [os.getpid(), subprocess.Popen(["sleep", "600"]).pid]
            time.sleep(600)
    """,
        Timeout=900,
    )
    pids = own.invoke(function)
    own.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=b"1")
    assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    own.stop(number)
    # After SIGKILL the kernel ends the workers; what a handler had started itself may escape that, rarely.
    watched = pids[:1] if number == signal.SIGKILL else pids
    eventually(lambda: not any(alive(pid) for pid in watched))


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.corrects("s3_object_reads")
def test_reading_a_large_object_does_not_take_its_size_in_memory(own: Emulator) -> None:
    s3 = own.client("s3")
    s3.create_bucket(Bucket="large")
    size = 200_000_000
    s3.put_object(Bucket="large", Key="k", Body=bytes(size))
    assert s3.get_object(Bucket="large", Key="k", Range="bytes=16-31")["Body"].read() == bytes(16)
    assert (
        s3.get_object(Bucket="large", Key="k", Range="bytes=-5")["ContentRange"]
        == f"bytes {size - 5}-{size - 1}/{size}"
    )
    before = own_memory(own.pid)
    body = s3.get_object(Bucket="large", Key="k")["Body"]
    half = body.read(size // 2)
    assert own_memory(own.pid) - before < size // 4
    assert len(half) + len(body.read()) == size


def own_memory(pid: int) -> int:
    """Bytes of memory that a process holds and that are no file's."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def test_an_execution_that_ran_at_the_end_has_failed_after_a_restart(own: Emulator) -> None:
    machine = own.machine({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}})
    execution = own.client("stepfunctions").start_execution(stateMachineArn=machine)["executionArn"]
    own.stop()
    own.start()
    assert own.ended(execution)["error"] == "States.ServiceRestart"


def test_a_port_in_use_is_said_so(own: Emulator, tmp_path: Path) -> None:
    second = Emulator(own.python, tmp_path / "second")
    command = [str(own.python), "-m", "local.emulator", "--port", str(own.port), "--state-dir", str(second.state)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"127.0.0.1:{own.port}" in done.stderr


def test_another_ministack_is_refused(tmp_path: Path) -> None:
    # Our own interpreter has none.
    command = [sys.executable, "-m", "local.emulator", "--state-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "MiniStack 1.5.33" in done.stderr


def test_the_environment_is_made_once(emulator_python: Path) -> None:
    made = emulator_python.stat().st_mtime_ns
    assert environment.ensure(ROOT) == emulator_python
    assert emulator_python.stat().st_mtime_ns == made


def test_every_requirement_is_pinned() -> None:
    lines = [line for line in environment.REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]
    assert all("==" in line for line in lines)
    assert "ministack==1.5.33" in lines


def test_every_correction_says_what_it_corrects_and_when_to_delete_it(emulator_python: Path) -> None:
    script = (
        "import json\nfrom local.emulator import corrections, registry\n"
        "print(json.dumps({name: apply.__doc__ for name, apply in registry.CORRECTIONS.items()}))"
    )
    done = subprocess.run([str(emulator_python), "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    documented = json.loads(done.stdout)
    assert documented
    for name, text in documented.items():
        assert all(word in text for word in ("AWS:", "Replaces", "Delete when")), name


def test_expressions_read_plainly_are_what_the_library_reads(emulator_python: Path) -> None:
    script = Path(__file__).with_name("compare_expressions.py")
    done = subprocess.run([str(emulator_python), str(script)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "differences: 0" in done.stdout
