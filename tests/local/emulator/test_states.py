"""Step Functions: what an execution means."""

import json
from typing import Any

import pytest

from tests.local.emulator.support import Emulator, Json, eventually, messages

needs_engine = pytest.mark.corrects("states_engine")

ECHO = "def handler(event, context):\n    return event"


def passing(output: Any, **more: Any) -> Json:
    return {"Type": "Pass", "Output": output, **({} if "Next" in more else {"End": True}), **more}


def failing(error: str = "Broken", cause: str = "") -> Json:
    return {"Type": "Fail", "Error": error, "Cause": cause}


def branch(**states: Json) -> Json:
    return {"StartAt": next(iter(states)), "States": states}


def raising(emulator: Emulator, error: str = "TooBusy") -> str:
    return emulator.function(
        f"class {error}(Exception): pass\ndef handler(event, context):\n    raise {error}('later')"
    )


@needs_engine
def test_parallel_knows_arguments_output_and_assign(emulator: Emulator) -> None:
    assert emulator.output(
        {
            "P": {
                "Type": "Parallel",
                "Arguments": {"n": "{% $states.input.a + 1 %}"},
                "Branches": [
                    branch(A=passing("{% $states.input.n %}")),
                    branch(B=passing("{% $states.input.n * 10 %}")),
                ],
                "Output": "{% $sum($states.result) %}",
                "Assign": {"both": "{% $states.result %}"},
                "Next": "E",
            },
            "E": passing({"sum": "{% $states.input %}", "both": "{% $both %}"}),
        },
        data={"a": 1},
    ) == {"sum": 22, "both": [2, 20]}


@needs_engine
def test_branches_read_outer_variables_and_keep_their_own(emulator: Emulator) -> None:
    def own(number: int) -> Json:
        start, wait, read = f"S{number}", f"W{number}", f"R{number}"
        states = {
            start: passing("{% $states.input %}", Assign={"mine": number}, Next=wait),
            wait: {"Type": "Wait", "Seconds": 0, "Next": read},
            read: passing("{% [$outer, $mine] %}"),
        }
        return branch(**states)

    result = emulator.output(
        {
            "S": passing({}, Assign={"outer": 7}, Next="P"),
            "P": {"Type": "Parallel", "Branches": [own(1), own(2)], "Next": "E"},
            "E": passing({"branches": "{% $states.input %}", "leaked": "{% $exists($mine) %}"}),
        }
    )
    assert result == {"branches": [[7, 1], [7, 2]], "leaked": False}


def test_map_selects_items_and_scopes_variables(emulator: Emulator) -> None:
    assert emulator.output(
        {
            "S": passing("{% $states.input %}", Assign={"k": 10}, Next="M"),
            "M": {
                "Type": "Map",
                "Items": "{% $states.input.list %}",
                "ItemSelector": {
                    "v": "{% $states.context.Map.Item.Value * $k %}",
                    "i": "{% $states.context.Map.Item.Index %}",
                },
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    **branch(D=passing("{% $states.input.v + $states.input.i %}")),
                },
                "Assign": {"total": "{% $sum($states.result) %}"},
                "Next": "E",
            },
            "E": passing("{% {'all': $states.input, 'total': $total} %}"),
        },
        data={"list": [1, 2, 3]},
    ) == {"all": [10, 21, 32], "total": 63}


@needs_engine
def test_a_failing_branch_ends_the_others(emulator: Emulator) -> None:
    found = emulator.run(
        branch(
            P={
                "Type": "Parallel",
                "Branches": [
                    branch(W={"Type": "Wait", "Seconds": 3600, "End": True}),
                    branch(F=failing("Broken", "why")),
                ],
                "Catch": [{"ErrorEquals": ["Broken"], "Output": "{% $states.errorOutput %}", "Next": "C"}],
                "End": True,
            },
            C=passing("{% $states.input %}"),
        )
    )
    assert found["output"] == {"Error": "Broken", "Cause": "why"}


@needs_engine
def test_succeed_has_an_output(emulator: Emulator) -> None:
    assert emulator.output({"S": {"Type": "Succeed", "Output": {"a": "{% $states.input.b %}"}}}, data={"b": 3}) == {
        "a": 3
    }


@needs_engine
def test_assign_sees_the_variables_as_they_were(emulator: Emulator) -> None:
    assert emulator.output(
        {
            "S": passing({}, Assign={"a": 1, "b": 2}, Next="T"),
            "T": passing({}, Assign={"a": "{% $b %}", "b": "{% $a %}"}, Next="E"),
            "E": passing("{% [$a, $b] %}"),
        }
    ) == [2, 1]


def test_the_class_of_an_exception_is_what_catch_matches(emulator: Emulator) -> None:
    function = raising(emulator, "OutOfStock")
    output = emulator.output(
        {
            "T": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": function, "Payload": {}},
                "Catch": [
                    {"ErrorEquals": ["OutOfStock"], "Output": "{% $parse($states.errorOutput.Cause) %}", "Next": "C"}
                ],
                "End": True,
            },
            "C": passing("{% $states.input %}"),
        }
    )
    assert (output["errorType"], output["errorMessage"]) == ("OutOfStock", "later")


@needs_engine
def test_retry_caps_its_delay(emulator: Emulator) -> None:
    retry = {
        "ErrorEquals": ["TooBusy"],
        "IntervalSeconds": 86400,
        "MaxDelaySeconds": 1,
        "MaxAttempts": 2,
        "JitterStrategy": "FULL",
    }
    function = raising(emulator)
    found = emulator.run(branch(T={"Type": "Task", "Resource": function, "Retry": [retry], "End": True}))
    assert (found["status"], found["error"]) == ("FAILED", "TooBusy")
    events = [event["type"] for event in emulator.history(found["executionArn"])]
    assert events.count("LambdaFunctionScheduled") == 3


@needs_engine
def test_states_all_does_not_catch_a_data_limit(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context):\n    return 'x' * 300_000")
    task = {"Type": "Task", "Resource": function, "End": True}
    everything = {"ErrorEquals": ["States.ALL"], "Next": "C"}
    found = emulator.run(branch(T={**task, "Catch": [everything]}, C=passing({})))
    assert (found["status"], found["error"]) == ("FAILED", "States.DataLimitExceeded")
    named = {"ErrorEquals": ["States.DataLimitExceeded"], "Next": "C"}
    assert emulator.run(branch(T={**task, "Catch": [named]}, C=passing({})))["status"] == "SUCCEEDED"


@needs_engine
def test_a_variable_holds_256_kib_at_most(emulator: Emulator) -> None:
    big = "{% $pad('', 262145, 'x') %}"
    assert emulator.run(branch(S=passing({}, Assign={"v": big})))["error"] == "States.DataLimitExceeded"


def test_undefined_is_an_error_and_null_is_a_value(emulator: Emulator) -> None:
    assert (
        emulator.run(branch(S=passing({"a": "{% $states.input.missing %}"})))["error"] == "States.QueryEvaluationError"
    )
    assert emulator.output({"S": passing({"a": "{% $states.input.x %}"})}, data={"x": None}) == {"a": None}


@needs_engine
def test_a_task_times_out_after_an_expression(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context):\n    import time; time.sleep(20)")
    task = {"Type": "Task", "Resource": function, "TimeoutSeconds": "{% $states.input.limit %}", "End": True}
    found = emulator.run(branch(T=task), {"limit": 1})
    assert (found["status"], found["error"]) == ("FAILED", "States.Timeout")


@needs_engine
def test_a_callback_without_a_heartbeat_fails_and_its_token_is_worth_nothing(emulator: Emulator) -> None:
    url, _ = emulator.queue()
    found = emulator.run(branch(T=callback(url, HeartbeatSeconds=1)))
    assert (found["status"], found["error"]) == ("FAILED", "States.HeartbeatTimeout")
    token = messages(emulator, url)[0]
    states = emulator.client("stepfunctions")
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_success(taskToken=token, output="1")


def callback(url: str, **more: Any) -> Json:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": {"QueueUrl": url, "MessageBody": "{% $states.context.Task.Token %}"},
        "End": True,
        **more,
    }


def test_every_branch_has_a_token_of_its_own(emulator: Emulator) -> None:
    url, _ = emulator.queue()
    states = emulator.client("stepfunctions")
    machine = emulator.machine(
        branch(P={"Type": "Parallel", "Branches": [branch(**{f"T{n}": callback(url)}) for n in range(4)], "End": True})
    )
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    tokens = messages(emulator, url, 4)
    assert len(set(tokens)) == 4
    for number, token in enumerate(tokens):
        states.send_task_success(taskToken=token, output=str(number))
    assert sorted(emulator.ended(execution)["output"]) == [0, 1, 2, 3]


@needs_engine
def test_a_machine_times_out(emulator: Emulator) -> None:
    found = emulator.run({"TimeoutSeconds": 1, **branch(W={"Type": "Wait", "Seconds": 3600, "End": True})})
    assert (found["status"], found["error"]) == ("TIMED_OUT", "States.Timeout")


def test_stopping_ends_an_execution_at_once(emulator: Emulator) -> None:
    url, _ = emulator.queue()
    late = branch(
        W={"Type": "Wait", "Seconds": 1, "Next": "S"},
        S=callback(url) | {"Resource": "arn:aws:states:::sqs:sendMessage"},
    )
    late["States"]["S"]["Arguments"]["MessageBody"] = "too late"
    machine = emulator.machine(branch(P={"Type": "Parallel", "Branches": [late], "Next": "Z"}, Z=passing({})))
    states = emulator.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    states.stop_execution(executionArn=execution, error="Enough", cause="of it")
    found = emulator.ended(execution)
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Enough", "of it")
    assert not emulator.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=2).get("Messages")


@needs_engine
def test_a_failed_execution_is_redriven_from_where_it_failed(emulator: Emulator) -> None:
    url, _ = emulator.queue()
    machine = emulator.machine(
        branch(
            S=passing({"n": 1}, Assign={"v": 5}, Next="T"),
            T=callback(url, Next="E"),
            E=passing("{% [$v, $states.input] %}"),
        )
    )
    redefined = json.loads(
        emulator.client("stepfunctions").describe_state_machine(stateMachineArn=machine)["definition"]
    )
    redefined["States"]["T"].pop("End")
    states = emulator.client("stepfunctions")
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps(redefined))
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    states.send_task_failure(taskToken=messages(emulator, url)[0], error="No")
    assert emulator.ended(execution)["redriveStatus"] == "REDRIVABLE"
    states.redrive_execution(executionArn=execution)
    states.send_task_success(taskToken=messages(emulator, url)[0], output='"yes"')
    found = emulator.ended(execution)
    assert (found["output"], found["redriveCount"]) == ([5, "yes"], 1)


@needs_engine
def test_versions_run_their_own_definition_and_aliases_route_by_weight(emulator: Emulator) -> None:
    states = emulator.client("stepfunctions")
    machine = emulator.machine(branch(S=passing("one")), "EXPRESS")
    first = states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    definition = json.dumps({"QueryLanguage": "JSONata", **branch(S=passing("two"))})
    states.update_state_machine(stateMachineArn=machine, definition=definition)
    second = states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    alias = states.create_state_machine_alias(
        name="live",
        routingConfiguration=[
            {"stateMachineVersionArn": first, "weight": 50},
            {"stateMachineVersionArn": second, "weight": 50},
        ],
    )["stateMachineAliasArn"]

    def sync(arn: str) -> Any:
        return json.loads(states.start_sync_execution(stateMachineArn=arn)["output"])

    assert [sync(first), sync(second), sync(machine)] == ["one", "two", "two"]
    assert {sync(alias) for _ in range(60)} == {"one", "two"}
    states.update_state_machine_alias(
        stateMachineAliasArn=alias, routingConfiguration=[{"stateMachineVersionArn": first, "weight": 100}]
    )
    assert {sync(alias) for _ in range(10)} == {"one"}


@needs_engine
def test_a_standard_execution_started_by_alias_says_so(emulator: Emulator) -> None:
    states = emulator.client("stepfunctions")
    machine = emulator.machine(branch(S=passing("one")))
    version = states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    routing = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = states.create_state_machine_alias(name="live", routingConfiguration=routing)["stateMachineAliasArn"]
    found = emulator.run(alias)
    assert (found["stateMachineArn"], found["stateMachineVersionArn"], found["stateMachineAliasArn"]) == (
        machine,
        version,
        alias,
    )


@needs_engine
def test_starting_twice_under_one_name_is_once(emulator: Emulator) -> None:
    states = emulator.client("stepfunctions")
    machine = emulator.machine(branch(W={"Type": "Wait", "Seconds": 3600, "End": True}))
    first = states.start_execution(stateMachineArn=machine, name="same", input='{"a": 1}')
    assert (
        states.start_execution(stateMachineArn=machine, name="same", input='{"a": 1}')["executionArn"]
        == first["executionArn"]
    )
    with pytest.raises(states.exceptions.ExecutionAlreadyExists):
        states.start_execution(stateMachineArn=machine, name="same", input='{"a": 2}')
    states.stop_execution(executionArn=first["executionArn"])


@needs_engine
def test_an_express_failure_answers_with_error_and_cause(emulator: Emulator) -> None:
    machine = emulator.machine(branch(F=failing("Broken", "why")), "EXPRESS")
    answer = emulator.client("stepfunctions").start_sync_execution(stateMachineArn=machine)
    assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "Broken", "why")
    assert answer["billingDetails"]["billedDurationInMilliseconds"] >= 100


@needs_engine
def test_standard_executions_tell_their_status_and_express_ones_do_not(emulator: Emulator) -> None:
    url, queue = emulator.queue()
    events = emulator.client("events")
    name = url.rsplit("/", 1)[1]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": ["aws.states"]}))
    events.put_targets(Rule=name, Targets=[{"Id": "q", "Arn": queue}])
    states = emulator.client("stepfunctions")
    express = emulator.machine(branch(S=passing({})), "EXPRESS")
    states.start_execution(stateMachineArn=express)
    standard = emulator.machine(branch(S=passing({})))
    emulator.run(standard)
    stopped = emulator.machine(branch(W={"Type": "Wait", "Seconds": 3600, "End": True}))
    execution = states.start_execution(stateMachineArn=stopped)["executionArn"]
    states.stop_execution(executionArn=execution)
    seen = [json.loads(body)["detail"] for body in messages(emulator, url, 4)]
    events.delete_rule(Name=name) if not events.remove_targets(Rule=name, Ids=["q"])["FailedEntryCount"] else None
    told = [(detail["stateMachineArn"], detail["status"]) for detail in seen]
    assert (express, "RUNNING") not in told
    assert told == [(standard, "RUNNING"), (standard, "SUCCEEDED"), (stopped, "RUNNING"), (stopped, "ABORTED")]


@needs_engine
def test_half_a_surrogate_pair_reaches_a_function(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context):\n    return len(event['text'])")
    task = {"Type": "Task", "Resource": function, "Arguments": {"text": "\ud83d"}, "End": True}
    assert emulator.run(branch(T=task))["output"] == 1


@needs_engine
def test_the_history_tells_half_a_surrogate_pair(emulator: Emulator) -> None:
    found = emulator.run(branch(T=passing({"text": "\ud83d and \U0001f600"})))
    left = [event for event in emulator.history(found["executionArn"]) if event["type"] == "PassStateExited"]
    assert json.loads(left[0]["stateExitedEventDetails"]["output"]) == {"text": "\ud83d and \U0001f600"}


@needs_engine
def test_the_history_has_the_events_of_inner_states(emulator: Emulator) -> None:
    found = emulator.run(
        branch(
            P={"Type": "Parallel", "Branches": [branch(A=passing(1))], "Next": "M"},
            M={"Type": "Map", "Items": [1], "ItemProcessor": branch(B=passing(2)), "End": True},
        )
    )
    history = emulator.history(found["executionArn"])
    assert [event["type"] for event in history] == [
        "ExecutionStarted",
        "ParallelStateEntered",
        "ParallelStateStarted",
        "PassStateEntered",
        "PassStateExited",
        "ParallelStateSucceeded",
        "ParallelStateExited",
        "MapStateEntered",
        "MapStateStarted",
        "MapIterationStarted",
        "PassStateEntered",
        "PassStateExited",
        "MapIterationSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
    ]
    assert all(event["previousEventId"] < event["id"] for event in history)


def test_a_nested_execution_gives_its_parsed_output(emulator: Emulator) -> None:
    child = emulator.machine(branch(S=passing("{% $states.input.n + 1 %}")))
    arguments = {"StateMachineArn": child, "Input": {"n": 1}}
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Arguments": arguments,
        "End": True,
    }
    assert emulator.output({"T": {**task, "Output": "{% $states.result.Output %}"}}) == 2


@needs_engine
def test_a_distributed_map_tolerates_failures_and_batches_items(emulator: Emulator) -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% 2 in $states.input.Items %}", "Next": "F"}],
        "Default": "S",
    }
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        **branch(C=choice, F=failing(), S=passing("{% $sum($states.input.Items) %}")),
    }
    distributed = {
        "Type": "Map",
        "Items": "{% [1..6] %}",
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ToleratedFailurePercentage": 50,
        "ItemProcessor": processor,
        "End": True,
    }
    found = emulator.run(branch(M=distributed))
    assert found["output"] == [7, 11]
    runs = emulator.client("stepfunctions").list_map_runs(executionArn=found["executionArn"])["mapRuns"]
    counts = emulator.client("stepfunctions").describe_map_run(mapRunArn=runs[0]["mapRunArn"])["itemCounts"]
    assert (counts["total"], counts["succeeded"], counts["failed"]) == (3, 2, 1)


@needs_engine
def test_a_distributed_map_writes_its_results(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="results")
    distributed = {
        "Type": "Map",
        "Items": [1, 2],
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            **branch(S=passing(5)),
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Arguments": {"Bucket": "results", "Prefix": "p"},
        },
        "End": True,
    }
    details = emulator.output({"M": distributed})["ResultWriterDetails"]
    manifest = json.load(s3.get_object(Bucket=details["Bucket"], Key=details["Key"])["Body"])
    rows = json.load(s3.get_object(Bucket="results", Key=manifest["ResultFiles"]["SUCCEEDED"][0]["Key"])["Body"])
    assert [row["Output"] for row in rows] == ["5", "5"]


@pytest.mark.corrects("states_definitions")
@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (branch(S=passing({}, Next="gone")), "MISSING_TRANSITION_TARGET"),
        ({"StartAt": "gone", "States": {"S": passing({})}}, "MISSING_TRANSITION_TARGET"),
        (branch(S=passing({}), T=passing({})), "UNREACHABLE_STATE"),
        (branch(S={"Type": "Pass"}), "SCHEMA_VALIDATION_FAILED"),
        (branch(P={"Type": "Parallel", "Branches": [branch(P=passing({}))], "End": True}), "DUPLICATE_STATE_NAME"),
        (
            branch(
                P={
                    "Type": "Parallel",
                    "Branches": [branch(A=passing({}, Assign={"v": 1}))],
                    "Assign": {"v": 2},
                    "End": True,
                }
            ),
            "VARIABLE_SHADOWING",
        ),
    ],
)
def test_a_definition_that_aws_refuses_is_refused(emulator: Emulator, definition: Json, problem: str) -> None:
    with pytest.raises(emulator.client("stepfunctions").exceptions.InvalidDefinition, match=problem):
        emulator.machine(definition)


@needs_engine
def test_a_waiting_execution_holds_no_thread(emulator: Emulator) -> None:
    machine = emulator.machine(branch(W={"Type": "Wait", "Seconds": 3600, "End": True}))
    states = emulator.client("stepfunctions")
    from pathlib import Path

    def threads() -> int:
        return len(list(Path(f"/proc/{emulator.pid}/task").iterdir()))

    before = threads()
    executions = [states.start_execution(stateMachineArn=machine)["executionArn"] for _ in range(50)]
    assert threads() < before + 25
    for execution in executions:
        states.stop_execution(executionArn=execution)
    assert eventually(lambda: all(emulator.ended(execution)["status"] == "ABORTED" for execution in executions))
