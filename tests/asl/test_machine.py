"""The tests' own machine enforces the rules that it says it does, and leaves states as AWS does."""

from typing import Any

import pytest

from tests.asl.machine import IllegalMachine, Machine, TaskFailed

Json = dict[str, Any]
LAMBDA = "arn:aws:states:::lambda:invoke"
NESTED = "arn:aws:states:::states:startExecution.sync:2"


def machine(states: Json, start: str = "a") -> Json:
    return {"StartAt": start, "States": states}


def task(name: str = "f", **more: Any) -> Json:
    return {"Type": "Task", "Resource": LAMBDA, "Arguments": {"FunctionName": name, "Payload": {}}, "End": True, **more}


class Ran(Machine):
    """A machine that has run."""

    output: Any = None


def run(definition: Json, invoke: Any = None, **more: Any) -> Ran:
    made = Ran(definition, invoke or (lambda name, payload: name), **more)
    made.output = made.run({})
    return made


def raising(error: str) -> Any:
    def invoke(name: str, payload: Any) -> Any:
        raise TaskFailed(error, "because")

    return invoke


def passing(output: Any, **more: Any) -> Json:
    return {"Type": "Pass", "Output": output, "End": True, **more}


def over(states: Json, items: Any, **more: Any) -> Json:
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, **machine(states, "round")}
    item = {"item": "{% $states.context.Map.Item.Value %}", "at": "{% $states.context.Map.Item.Index %}"}
    return {"Type": "Map", "Items": items, "ItemSelector": item, "ItemProcessor": processor, "End": True, **more}


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (machine({"a": passing("{% $nobody %}")}), "never assigned"),
        (machine({"a": passing("{% $states.input.gone %}")}), "evaluates to nothing"),
        (machine({"a": passing(1, Assign={"x": "y" * 300_000})}), "the variable x is larger than 256 KiB"),
        (machine({"a": {**passing("y" * 300_000), "End": False, "Next": "b"}, "b": passing(1)}), "the input of b"),
        (machine({"a": passing(1), "x" * 81: passing(1)}), "longer than 80 characters"),
        (machine({"a": over({"a": passing(1), "round": passing(1)}, [])}), "there twice"),
        (machine({"a": passing("y" * 1_100_000)}), "the definition is larger than 1 MiB"),
        (machine({"a": {"Type": "Pass", "Next": "a"}}), "more than 25000 events"),
        (machine({"a": over({"round": passing("y" * 30_000)}, list(range(10)))}), "the result of a is larger"),
    ],
)
def test_what_aws_refuses_is_refused(definition: Json, words: str) -> None:
    with pytest.raises(IllegalMachine, match=words):
        run(definition)


def test_output_sees_the_variables_as_they_were_before_assign() -> None:
    states = {"a": {"Type": "Pass", "Assign": {"x": 1}, "Next": "b"}, "b": passing("{% $x %}", Assign={"x": 2})}
    assert run(machine(states)).output == 1


def test_a_branch_may_not_assign_an_outer_name() -> None:
    branch = machine({"b": passing(1, Assign={"x": 2})}, "b")
    parallel = {"Type": "Parallel", "Branches": [branch], "End": True}
    with pytest.raises(IllegalMachine, match="outer names"):
        run(machine({"a": {"Type": "Pass", "Assign": {"x": 1}, "Next": "p"}, "p": parallel}))


def test_a_nested_execution_sees_nothing_of_its_parent() -> None:
    start = {"Type": "Task", "Resource": NESTED, "Arguments": {"StateMachineArn": "n", "Input": {"i": 1}}}
    definition = machine({"a": {"Type": "Pass", "Assign": {"x": 1}, "Next": "b"}, "b": {**start, "End": True}})
    made = run(definition, nested={"n": machine({"a": passing("{% $states.input.i %}")})})
    assert made.output == {"Output": 1}
    with pytest.raises(IllegalMachine, match="never assigned"):
        run(definition, nested={"n": machine({"a": passing("{% $x %}")})})


def test_a_nested_execution_has_a_history_of_its_own() -> None:
    start = {"Type": "Task", "Resource": NESTED, "Arguments": {"StateMachineArn": "n", "Input": {}}, "End": True}
    alone = run(machine({"a": start}), nested={"n": machine({"a": passing(1)})})
    longer = run(machine({"a": start}), nested={"n": machine({"a": {"Type": "Pass", "Next": "b"}, "b": passing(1)})})
    assert alone.events == longer.events


@pytest.mark.parametrize("type", ["Task", "Parallel", "Map"])
def test_catchers_see_the_error_and_assign(type: str) -> None:
    state = {
        "Task": task(),
        "Parallel": {"Type": "Parallel", "Branches": [machine({"t": task()}, "t")], "End": True},
        "Map": over({"round": task()}, [1, 2]),
    }[type]
    catcher = {"ErrorEquals": ["Bad"], "Assign": {"e": "{% $states.errorOutput %}"}, "Next": "b"}
    made = run(machine({"a": {**state, "Catch": [catcher]}, "b": passing("{% $e %}")}), raising("Bad"))
    assert made.output == {"Error": "Bad", "Cause": "because"}


def test_a_failure_that_nothing_catches_ends_the_execution() -> None:
    with pytest.raises(TaskFailed, match="Bad"):
        run(machine({"a": task(Catch=[{"ErrorEquals": ["Other"], "Next": "a"}])}), raising("Bad"))


@pytest.mark.parametrize("error", ["States.Runtime", "States.DataLimitExceeded"])
def test_states_all_does_not_catch_everything(error: str) -> None:
    with pytest.raises(TaskFailed, match=error):
        run(machine({"a": task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "a"}])}), raising(error))


def test_rounds_know_their_place_and_results_keep_their_order() -> None:
    at = "{% $states.input.at & ':' & $states.input.item %}"
    made = run(machine({"a": over({"round": passing(at)}, ["x", "y"])}))
    assert made.output == ["0:x", "1:y"]


def test_each_retry_costs_three_events() -> None:
    calls = iter((True, True, False))

    def flaky(name: str, payload: Any) -> Any:
        if next(calls):
            raise TaskFailed("Flaky")
        return 1

    made = run(machine({"a": task(Retry=[{"ErrorEquals": ["Flaky"], "MaxAttempts": 2}])}), flaky)
    assert made.events == 5 + 2 * 3


def test_a_state_that_fails_is_left_only_where_it_catches() -> None:
    caught = {"ErrorEquals": ["Bad"], "Next": "b"}
    inside = {"Type": "Parallel", "Branches": [machine({"t": task()}, "t")], "Catch": [caught], "End": True}
    itself = {"Type": "Parallel", "Branches": [machine({"t": task(Catch=[caught]), "b": passing(1)}, "t")], "End": True}
    entered_to_left, passed = 4, 2
    failed_within = run(machine({"a": inside, "b": passing(1)}), raising("Bad"))
    assert failed_within.events == entered_to_left + 4 + passed
    assert run(machine({"a": itself}), raising("Bad")).events == entered_to_left + 5 + passed


def test_succeed_and_fail_end_where_they_stand() -> None:
    assert run(machine({"a": {"Type": "Succeed", "Output": 7}})).output == 7
    with pytest.raises(TaskFailed, match="Mine: words"):
        run(machine({"a": {"Type": "Fail", "Error": "Mine", "Cause": "words"}}))
