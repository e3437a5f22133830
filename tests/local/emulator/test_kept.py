"""What the emulator remembers is bounded."""

from typing import Any

import pytest

from tests.local.emulator.support import Emulator, eventually, zipped

PASS = {"Only": {"Type": "Pass", "End": True}}


@pytest.mark.corrects("lambda_layer_files")
def test_layers_lie_in_files_and_work_and_can_be_fetched(emulator: Emulator) -> None:
    content = zipped({"python/filed.py": "NAME = 'filed'"})
    published = emulator.client("lambda").publish_layer_version(LayerName="filed", Content={"ZipFile": content})
    code = "import filed\ndef handler(event, context):\n    return filed.NAME"
    assert emulator.invoke(emulator.function(code, Layers=[published["LayerVersionArn"]])) == "filed"
    assert content in [path.read_bytes() for path in (emulator.state / "layers").glob("*.zip")]


def test_the_oldest_executions_go_when_they_take_too_much_memory(emulator: Emulator) -> None:
    arn = emulator.machine({"StartAt": "Only", "States": PASS})
    states = emulator.client("stepfunctions")
    data = {"text": "x" * 250_000}
    first = emulator.run(arn, data)["executionArn"]

    def gone() -> bool:
        emulator.run(arn, data)
        try:
            states.describe_execution(executionArn=first)
        except states.exceptions.ExecutionDoesNotExist:
            return True
        return False

    eventually(gone)
    assert len(states.list_executions(stateMachineArn=arn)["executions"]) > 5


@pytest.mark.corrects("lambda_log_streams")
def test_the_streams_written_longest_ago_go_when_there_are_too_many_lines(emulator: Emulator) -> None:
    logs = emulator.client("logs")

    def streams(function: str) -> list[Any]:
        name = function.rsplit(":", 1)[1]
        found: list[Any] = logs.describe_log_streams(logGroupName=f"/aws/lambda/{name}")["logStreams"]
        return found

    code = "def handler(event, context):\n    print('\\n'.join(map(str, range(4500))))"
    functions = [emulator.function(code) for _ in range(6)]
    for function in functions:
        emulator.invoke(function)
    assert [len(streams(function)) for function in (functions[0], functions[-1])] == [0, 1]
