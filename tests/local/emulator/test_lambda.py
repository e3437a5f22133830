"""Lambda functions as the emulator runs them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.local.emulator.support import Emulator, eventually, zipped


@pytest.mark.corrects("lambda_workers")
def test_an_exception_answers_with_its_class_name_message_and_stack(emulator: Emulator) -> None:
    function = emulator.function("""
        class PaymentRefused(Exception):
            pass

        def handler(event, context):
            raise PaymentRefused("no funds")
    """)
    error = emulator.invoke(function)["error"]
    assert (error["errorType"], error["errorMessage"]) == ("PaymentRefused", "no funds")
    assert "no funds" in error["stackTrace"][-1]


@pytest.mark.corrects("lambda_workers")
def test_an_exception_leaves_the_environment_warm(emulator: Emulator) -> None:
    function = emulator.function("""
        import os
        def handler(event, context):
            if event == "fail":
                raise ValueError(str(os.getpid()))
            return str(os.getpid())
    """)
    first = emulator.invoke(function)
    assert emulator.invoke(function, "fail")["error"]["errorMessage"] == first
    assert emulator.invoke(function) == first


@pytest.mark.corrects("lambda_workers")
def test_a_function_that_ends_its_process_answers_so_and_the_next_call_works(emulator: Emulator) -> None:
    function = emulator.function("""
        import os
        def handler(event, context):
            if event == "exit":
                os._exit(3)
            return "well"
    """)
    error = emulator.invoke(function, "exit")["error"]
    assert error["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in error["errorMessage"]
    assert emulator.invoke(function) == "well"


def test_a_function_that_takes_too_long_is_ended(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context):\n    import time; time.sleep(30)", Timeout=1)
    error = emulator.invoke(function)["error"]
    assert error["errorType"] == "Sandbox.Timedout"
    assert "timed out after 1.00 seconds" in error["errorMessage"]


@pytest.mark.corrects("lambda_workers")
@pytest.mark.parametrize(
    ("code", "error_type"),
    [
        ("import nothing_of_this_name", "Runtime.ImportModuleError"),
        ("def other(event, context): pass", "Runtime.HandlerNotFound"),
        ("def handler(event, context)", "Runtime.UserCodeSyntaxError"),
        ("raise KeyError('configuration')", "KeyError"),
    ],
)
def test_a_function_that_cannot_be_loaded_says_why(emulator: Emulator, code: str, error_type: str) -> None:
    assert emulator.invoke(emulator.function(code))["error"]["errorType"] == error_type


@pytest.mark.corrects("lambda_workers")
def test_a_function_sees_its_own_environment_and_nothing_of_the_emulator(emulator: Emulator) -> None:
    function = emulator.function(
        "import os\ndef handler(event, context):\n    return dict(os.environ)", Environment={"Variables": {"MINE": "1"}}
    )
    seen = emulator.invoke(function)
    assert seen["MINE"] == "1"
    assert seen["AWS_ENDPOINT_URL"] == emulator.endpoint
    assert seen["AWS_REGION"] == "us-east-1"
    assert not {"PERSIST_STATE", "STATE_DIR", "GATEWAY_PORT", "PYTHONDONTWRITEBYTECODE"} & set(seen)


@pytest.mark.corrects("lambda_workers")
def test_functions_run_under_the_interpreter_they_are_given(emulator: Emulator) -> None:
    function = emulator.function("import sys\ndef handler(event, context):\n    import boto3\n    return sys.prefix")
    import sys

    assert emulator.invoke(function) == sys.prefix


def test_the_context_is_that_of_the_invocation(emulator: Emulator) -> None:
    function = emulator.function("""
        def handler(event, context):
            return [context.function_name, context.invoked_function_arn, context.memory_limit_in_mb,
                    0 < context.get_remaining_time_in_millis() <= 30000, bool(context.aws_request_id)]
    """)
    assert emulator.invoke(function) == [function.rsplit(":", 1)[1], function, "128", True, True]


@pytest.mark.corrects("lambda_workers")
def test_layers_come_after_the_code_and_the_last_layer_first(emulator: Emulator) -> None:
    layers = []
    for version in ("first", "last"):
        content = zipped(
            {
                "python/shared.py": f"NAME = {version!r}",
                f"python/only_{version}.py": "",
                "python/own.py": "NAME = 'layer'",
            }
        )
        published = emulator.client("lambda").publish_layer_version(
            LayerName=f"layer-{version}", Content={"ZipFile": content}
        )
        layers.append(published["LayerVersionArn"])
    function = emulator.function(
        "import shared, own, only_first, only_last\ndef handler(event, context):\n    return [shared.NAME, own.NAME]",
        Layers=layers,
        files={"own.py": "NAME = 'code'"},
    )
    assert emulator.invoke(function) == ["last", "code"]


def test_bytecode_that_a_layer_brings_is_used(emulator: Emulator) -> None:
    import importlib.util
    import py_compile
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "compiled.py")
        source.write_text("NAME = 'bytecode'")
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        bytecode = Path(str(py_compile.compile(str(source), invalidation_mode=mode))).read_bytes()
    cached = Path(importlib.util.cache_from_source("compiled.py")).name
    content = zipped({"python/compiled.py": "NAME = 'source'", f"python/__pycache__/{cached}": bytecode})
    published = emulator.client("lambda").publish_layer_version(LayerName="bytecode", Content={"ZipFile": content})
    code = "import compiled, sys\ndef handler(event, context):\n    return [compiled.NAME, sys.dont_write_bytecode]"
    assert emulator.invoke(emulator.function(code, Layers=[published["LayerVersionArn"]])) == ["bytecode", False]


@pytest.mark.corrects("lambda_workers")
def test_invocations_beyond_the_bound_wait(emulator: Emulator) -> None:
    from concurrent.futures import ThreadPoolExecutor

    function = emulator.function("""
        import os, time
        def handler(event, context):
            time.sleep(0.05)
            return os.getpid()
    """)
    with ThreadPoolExecutor(40) as pool:
        pids = list(pool.map(lambda _: emulator.invoke(function), range(40)))
    assert len(pids) == 40
    assert len(set(pids)) <= 4


@pytest.mark.corrects("lambda_workers")
@pytest.mark.parametrize(
    "how",
    [{"Environment": {"Variables": {"STEPWEAVE_LOCAL_WORKERS": "1"}}}, {"Tags": {"stepweave:local-workers": "1"}}],
)
def test_a_function_may_say_how_many_of_its_processes_run_at_once(emulator: Emulator, how: dict[str, Any]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    function = emulator.function(
        "import os, time\ndef handler(event, context):\n    time.sleep(0.02)\n    return os.getpid()", **how
    )
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: emulator.invoke(function), range(8)))) == 1


def test_a_function_that_waits_for_itself_does_not_lock_up(emulator: Emulator) -> None:
    function = emulator.function("""
        import boto3, json
        def handler(event, context):
            if event == 0:
                return 0
            answer = boto3.client("lambda").invoke(FunctionName=context.function_name, Payload=json.dumps(event - 1))
            return 1 + json.load(answer["Payload"])
    """)
    assert emulator.invoke(function, 6) == 6


def test_an_update_takes_effect_at_once(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context):\n    return 1")
    assert emulator.invoke(function) == 1
    emulator.client("lambda").update_function_code(
        FunctionName=function, ZipFile=zipped({"index.py": "def handler(e, c): return 2"})
    )
    assert emulator.invoke(function) == 2


@pytest.mark.corrects("lambda_log_streams")
def test_one_environment_writes_one_log_stream(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context):\n    print('printed', event)")
    for number in range(3):
        emulator.invoke(function, number)
    group = "/aws/lambda/" + function.rsplit(":", 1)[1]
    logs = emulator.client("logs")
    assert len(logs.describe_log_streams(logGroupName=group)["logStreams"]) == 1
    messages = [event["message"] for event in logs.filter_log_events(logGroupName=group)["events"]]
    assert [line for line in messages if line.startswith("printed")] == ["printed 0", "printed 1", "printed 2"]


@pytest.mark.corrects("lambda_metrics")
def test_invocations_leave_no_metrics(emulator: Emulator) -> None:
    emulator.invoke(emulator.function("def handler(event, context):\n    return 1"))
    assert not emulator.client("cloudwatch").list_metrics(Namespace="AWS/Lambda")["Metrics"]


@pytest.mark.corrects("lambda_tenants")
def test_tenants_do_not_share_a_process(emulator: Emulator) -> None:
    function = emulator.function(
        "import os\ndef handler(event, context):\n    return [os.getpid(), context.tenant_id]",
        TenancyConfig={"TenantIsolationMode": "PER_TENANT"},
    )
    first = emulator.invoke(function, TenantId="a")
    second = emulator.invoke(function, TenantId="b")
    assert [first[1], second[1]] == ["a", "b"]
    assert first[0] != second[0]
    assert emulator.invoke(function, TenantId="a") == first


def test_what_a_handler_started_ends_with_it(emulator: Emulator) -> None:
    function = emulator.function(
        """
        import subprocess, time
        def handler(event, context):
            child = subprocess.Popen(["sleep", "600"])
            if event == "hang":
                print(child.pid, flush=True)
                time.sleep(60)
            return child.pid
    """,
        Timeout=1,
    )
    answer = emulator.client("lambda").invoke(FunctionName=function, Payload=json.dumps("hang"))
    assert answer["FunctionError"]
    group = "/aws/lambda/" + function.rsplit(":", 1)[1]
    lines = [event["message"] for event in emulator.client("logs").filter_log_events(logGroupName=group)["events"]]
    child = next(int(line) for line in lines if line.isdigit())
    eventually(lambda: not Path(f"/proc/{child}").exists())
