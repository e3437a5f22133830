"""A step from payload to result: what is told, what is stored, what errors become."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from stepweave.aws import AwsError
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import (
    DataMissing,
    DataTooLarge,
    EventDeliveryError,
    ExpressionFailed,
    NodeCrashed,
    NodeTimeout,
    ParameterInvalid,
    ResultInvalid,
    StorageUnavailable,
)
from stepweave.runtime.events import deduplication_id
from stepweave.runtime.http_errors import HttpClientError
from stepweave.runtime.network import ConnectionFailed
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec, Port
from stepweave.spec.parts import NameValue, Text
from tests.fakes.steps import TENANT, Bench, Outside, items


class Params(NodeParams):
    mode: str = ui("a", title="Mode", kind=Kind.SELECT, expression=False)
    text: Text = ui("", title="Text", kind=Kind.TEXT)
    count: int = ui(1, title="Count", kind=Kind.NUMBER, ge=0)
    only_b: int = ui(0, title="Only in b", kind=Kind.NUMBER, show_when={"mode": ["b"]})
    rows: list[NameValue] = ui(..., title="Rows", kind=Kind.KEY_VALUE, default_factory=list)
    literal: str = ui("", title="Literal", kind=Kind.CODE, expression=False)


SPEC = NodeSpec(
    type="sample",
    name="Sample",
    category=Category.DATA,
    icon="x",
    summary="",
    docs="",
    params=Params,
    outputs=(Port("main"), Port("other")),
)


def bench(run: Callable[[Step[Params]], Any]) -> Bench:
    return Bench(SPEC, run)


def echo(step: Step[Params]) -> dict[str, list[Item]]:
    return {"main": step.items()}


def texts(step: Step[Params]) -> dict[str, list[Item]]:
    return step.each(lambda entry: items({"text": entry.params.text, "count": entry.params.count}))


def types(outside: Outside) -> list[str]:
    return [event["type"] for event in outside.events]


# What a step gives back


def test_a_result_names_live_ports_only() -> None:
    result = bench(lambda step: {"main": [], "other": step.items()})({}, items({"a": 1}))
    assert result == {"output": {"other": {"count": 1, "items": [{"json": {"a": 1}}]}}}


def test_input_batches_join_in_edge_order() -> None:
    first, second = items({"n": 1}), items({"n": 2}, {"n": 3})
    batches = {"main": [{"count": 1, "items": first}, {"count": 2, "items": second}]}
    assert bench(echo)({}, batches)["output"]["main"]["items"] == first + second  # type: ignore[arg-type]


def test_execute_once_takes_the_first_item_only() -> None:
    assert bench(echo).json({}, items({"n": 1}, {"n": 2}), settings={"executeOnce": True}) == [{"n": 1}]


def test_always_output_gives_one_empty_item_instead_of_nothing() -> None:
    result = bench(lambda step: {"other": []})({}, items({}), settings={"alwaysOutput": True})
    assert result["output"] == {"main": {"count": 1, "items": [{"json": {}}]}}


def test_a_large_result_is_stored_and_referred_to() -> None:
    many = items(*({"n": index, "text": "ä" * 20} for index in range(500)))
    made = bench(echo)
    batch = made({}, many, inlineLimit=4096)["output"]["main"]
    assert batch["count"] == 500
    assert "items" not in batch
    assert batch["ref"]["key"] == f"{TENANT}/5f3c0f54-6a0f-4f64-8f0a-3d3c8a1b0002/n1/1-main.json"
    assert batch["preview"] == many[: len(batch["preview"])]
    assert 0 < len(json.dumps(batch)) < 4096
    assert made.outside.claims.fetch(batch, TENANT) == many


def test_the_largest_ports_are_stored_first() -> None:
    large, small = items({"t": "x" * 3000}), items({"t": "y" * 500})
    output = bench(lambda step: {"main": small, "other": large})({}, items({}), inlineLimit=2000)["output"]
    assert "items" in output["main"]
    assert "ref" in output["other"]


def test_stored_input_is_fetched() -> None:
    made = bench(echo)
    batch = made({}, items(*({"n": n} for n in range(100))), inlineLimit=100)["output"]["main"]
    assert made({}, {"main": [batch]}, inlineLimit=100_000)["output"]["main"]["items"][99] == {"json": {"n": 99}}


def test_half_a_surrogate_pair_does_not_break_a_result() -> None:
    result = bench(lambda step: {"main": items({"t": "\ud83d"})})({}, items({}), inlineLimit=0)
    assert result["output"]["main"]["count"] == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"nowhere": []}, "a port it does not have: nowhere"),
        ({"main": [{"n": 1}]}, "it has no `json` object"),
        ({"main": [{"json": {}, "x": 1}]}, "unknown key x"),
        ({"main": [{"json": {}, "binary": {"a": 1}}]}, "`binary` must map"),
        ({"main": [{"json": {"a": float("nan")}}]}, "not JSON data"),
        ({"main": [{"json": {"a": object()}}]}, "not JSON data"),
    ],
)
def test_what_is_not_items_is_refused(given: Any, words: str) -> None:
    with pytest.raises(ResultInvalid, match=words):
        bench(lambda step: given)({}, items({}))


# Parameters


def test_expressions_are_evaluated_for_each_item() -> None:
    params = {"text": "{{ $json.name }}!", "count": "{{ $json.n * 2 }}"}
    assert bench(texts).json(params, items({"name": "Ada", "n": 2}, {"name": "Bob", "n": 3})) == [
        {"text": "Ada!", "count": 4},
        {"text": "Bob!", "count": 6},
    ]


def test_scalars_become_text_in_text_fields() -> None:
    given = items({"v": True}, {"v": 5}, {"v": 2.0}, {"v": 2.5})
    assert [row["text"] for row in bench(texts).json({"text": "{{ $json.v }}"}, given)] == ["true", "5", "2", "2.5"]


def test_fields_without_expressions_keep_their_braces() -> None:
    made = bench(lambda step: {"main": items({"literal": step.constant("literal")})})
    assert made.json({"literal": "a {{ b }}"}, items({})) == [{"literal": "a {{ b }}"}]


def test_a_constant_may_not_be_asked_of_a_field_with_expressions() -> None:
    with pytest.raises(NodeCrashed, match="ValueError"):
        bench(lambda step: step.constant("text"))({"text": "{{ 1 }}"}, items({}))


def test_a_hidden_field_is_not_evaluated() -> None:
    params = {"mode": "a", "onlyB": "{{ nonsense( }}"}
    assert bench(texts).json(params, items({})) == [{"text": "", "count": 1}]


def test_expressions_reach_rows() -> None:
    made = bench(lambda step: step.each(lambda e: items({r.name: r.value for r in e.params.rows})))
    rows = [{"name": "{{ $json.k }}", "value": "{{ $json.v }}"}]
    assert made.json({"rows": rows}, items({"k": "a", "v": 1})) == [{"a": "1"}]


def test_a_wrong_value_names_field_and_value() -> None:
    with pytest.raises(ParameterInvalid, match=r"Count: .*greater than or equal to 0, not -1") as caught:
        bench(texts)({"count": "{{ $json.n }}"}, items({"n": -1}))
    assert caught.value.details["field"] == "params.count"
    assert caught.value.item == 0


def test_a_failing_expression_names_field_and_words() -> None:
    with pytest.raises(ExpressionFailed, match=r"params\.text: .*undefined") as caught:
        bench(texts)({"text": "x {{ $json.a.b.c() }}"}, items({}))
    assert caught.value.details["position"] == len("x {{ ")


def test_other_nodes_outputs_are_fetched_when_an_expression_asks() -> None:
    made = bench(texts)
    stored = made.outside.claims.store(f"{TENANT}/e/a/1-main.json", items({"x": 7}))
    refs = {"A": {"main": stored}, "Dead": None, "Unread": {"main": {**stored, "ref": {"bucket": "?", "key": "?"}}}}
    params = {"text": "{{ $('A').first().json.x }} {{ $('Dead').first()?.json }}"}
    assert made.json(params, items({}), refs=refs) == [{"text": "7 ", "count": 1}]


def test_expressions_know_workflow_and_execution() -> None:
    params = {"text": "{{ $workflow.name }} {{ $execution.mode }} {{ $workflow.version + 1 }}"}
    assert bench(texts).json(params, items({})) == [{"text": "Order triage live 4", "count": 1}]


# Events


def test_a_short_step_is_told_of_in_one_message() -> None:
    def talk(step: Step[Params]) -> dict[str, list[Item]]:
        step.log("info", "hello", {"a": 1})
        return echo(step)

    made = bench(talk)
    made({}, items({"n": 1}))
    assert len(made.outside.bodies) == 1
    assert types(made.outside) == ["node.started", "node.log", "node.succeeded"]
    _, log, ended = made.outside.events
    assert made.outside.deduplications == [deduplication_id([one["id"] for one in made.outside.events])]
    assert (log["level"], log["message"], log["data"], log["nodeId"]) == ("info", "hello", {"a": 1}, "n1")
    assert ended["input"] == {"main": [{"count": 1, "items": [{"json": {"n": 1}}]}]}
    assert ended["output"] == {"main": {"count": 1, "items": [{"json": {"n": 1}}]}}
    assert ended["durationMs"] >= 0


def test_a_long_step_is_told_of_while_it_runs() -> None:
    made = Bench(SPEC, echo)

    def wait(step: Step[Params]) -> dict[str, list[Item]]:
        limit = time.monotonic() + 20
        while not made.outside.bodies and time.monotonic() < limit:
            time.sleep(0.01)
        assert types(made.outside) == ["node.started"]
        return echo(step)

    made.run = wait
    made({}, items({}))
    assert types(made.outside) == ["node.started", "node.succeeded"]
    assert len(made.outside.bodies) == 2


def test_a_failure_is_told_with_its_input() -> None:
    def fail(step: Step[Params]) -> Any:
        raise HttpClientError("404", "Check.", details={"status": 404})

    made = bench(fail)
    with pytest.raises(HttpClientError):
        made({}, items({"n": 1}))
    event = made.outside.of("node.failed")[0]
    assert event["error"] == {
        "type": "HttpClientError",
        "message": "404",
        "remedy": "Check.",
        "retryable": False,
        "details": {"status": 404},
    }
    assert event["input"]["main"][0]["count"] == 1


@pytest.mark.parametrize(
    ("attempt", "most", "told"), [(1, 3, "node.retrying"), (3, 3, "node.failed"), (1, 1, "node.failed")]
)
def test_a_retryable_error_is_told_as_retrying_while_attempts_are_left(attempt: int, most: int, told: str) -> None:
    def fail(step: Step[Params]) -> Any:
        raise ConnectionFailed("refused")

    made = bench(fail)
    with pytest.raises(ConnectionFailed):
        made({}, items({}), attempt=attempt, settings={"maxAttempts": most})
    assert types(made.outside) == ["node.started", told]
    assert made.outside.events[-1]["attempt"] == attempt


def test_a_message_that_failed_is_sent_again_as_it_was() -> None:
    made = bench(echo)
    made.outside.failures = [AwsError("ServiceUnavailable", "x", retryable=True)]
    made({}, items({}))
    assert types(made.outside) == ["node.started", "node.succeeded"]


def test_a_queue_that_stays_down_fails_the_step() -> None:
    made = bench(echo)
    made.outside.failures = [AwsError("ServiceUnavailable", "x", retryable=True)] * 3
    with pytest.raises(EventDeliveryError, match="ServiceUnavailable"):
        made({}, items({}))


def test_log_lines_are_limited_and_that_is_said() -> None:
    def chatter(step: Step[Params]) -> dict[str, list[Item]]:
        for index in range(1200):
            step.log("info", f"{index}" + "x" * 9000)
        return echo(step)

    made = bench(chatter)
    made({}, items({}))
    lines = made.outside.of("node.log")
    assert len(lines) == 1000
    assert lines[-1]["message"].startswith("The log ends here")
    assert len(lines[0]["message"]) < 8300
    assert all(len(body) <= 256 * 1024 for body in made.outside.bodies)


# Errors


def one_bad(step: Step[Params]) -> dict[str, list[Item]]:
    def apply(entry: Entry[Params]) -> list[Item]:
        if entry.json["n"] == 2:
            raise HttpClientError("no two", "Leave it out.")
        return items({"ok": entry.json["n"]})

    return step.each(apply)


THREE = items({"n": 1}, {"n": 2}, {"n": 3})


def test_stop_raises_the_items_error() -> None:
    with pytest.raises(HttpClientError) as caught:
        bench(one_bad)({}, THREE)
    assert caught.value.item == 1


def test_continue_puts_an_error_item_in_the_items_place() -> None:
    made = bench(one_bad)
    rows = made.json({}, THREE, settings={"onError": "continue"})
    assert rows[0] == {"ok": 1}
    assert rows[2] == {"ok": 3}
    assert rows[1]["n"] == 2
    assert rows[1]["error"]["type"] == "HttpClientError"
    assert rows[1]["error"]["item"] == 1
    assert made.outside.of("node.log")[0]["message"] == "Item 1: no two"
    assert types(made.outside)[-1] == "node.succeeded"


def test_branch_sends_the_error_item_to_the_error_port() -> None:
    output = bench(one_bad)({}, THREE, settings={"onError": "branch"})["output"]
    assert output["main"]["count"] == 2
    assert output["error"]["items"][0]["json"]["error"]["message"] == "no two"


def test_an_items_error_is_retried_before_it_becomes_an_item() -> None:
    def flaky(step: Step[Params]) -> dict[str, list[Item]]:
        def apply(entry: Entry[Params]) -> list[Item]:
            raise ConnectionFailed("refused")

        return step.each(apply)

    settings = {"onError": "continue", "maxAttempts": 2}
    with pytest.raises(ConnectionFailed):
        bench(flaky)({}, items({}), settings=settings)
    assert bench(flaky).json({}, items({}), settings=settings, attempt=2)[0]["error"]["retryable"] is True


def test_a_step_that_fails_as_a_whole_gives_an_error_item_for_each_item() -> None:
    def fail(step: Step[Params]) -> Any:
        raise HttpClientError("whole")

    rows = bench(fail).json({}, THREE, settings={"onError": "continue"})
    assert [(row["n"], row["error"]["message"]) for row in rows] == [(1, "whole"), (2, "whole"), (3, "whole")]


def test_an_error_nobody_foresaw_tells_its_kind_and_not_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    def crash(step: Step[Params]) -> Any:
        raise KeyError("password=hunter2")

    with pytest.raises(NodeCrashed, match="KeyError") as caught:
        bench(crash)({}, items({}))
    log = capsys.readouterr().err
    assert "hunter2" not in str(caught.value.to_json()) + log
    assert "test_running.py" in log


def test_a_step_ends_itself_at_its_deadline() -> None:
    def hang(step: Step[Params]) -> Any:
        time.sleep(30)

    made = bench(hang)
    with pytest.raises(NodeTimeout):
        made({}, items({}), seconds=0.2)
    assert types(made.outside) == ["node.started", "node.failed"]


def test_a_deadline_is_not_kept_by_a_broad_handler() -> None:
    def stubborn(step: Step[Params]) -> Any:
        try:
            time.sleep(30)
        except Exception:
            return {"main": []}

    with pytest.raises(NodeTimeout):
        bench(stubborn)({}, items({}), seconds=0.2)


def test_storage_that_is_down_is_a_retryable_error() -> None:
    made = bench(echo)
    made.outside.storage.down = True
    with pytest.raises(StorageUnavailable, match="ConnectionFailed"):
        made({}, items({"t": "x" * 100}), inlineLimit=10)


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ({"bucket": "data", "key": "other-tenant/e/n/1-main.json", "size": 2, "sha256": ""}, "does not belong"),
        ({"bucket": "elsewhere", "key": f"{TENANT}/e/n/1-main.json", "size": 2, "sha256": ""}, "does not belong"),
        ({"bucket": "data", "key": f"{TENANT}/gone", "size": 2, "sha256": ""}, "no longer there"),
    ],
)
def test_references_reach_only_the_tenants_own_data(ref: Any, words: str) -> None:
    with pytest.raises(DataMissing, match=words):
        bench(echo)({}, {"main": [{"count": 1, "ref": ref}]})


def test_an_answer_too_large_for_a_state_is_refused() -> None:
    def answer(step: Step[Params]) -> Any:
        step.respond(200, {}, "x" * 200_000)

    with pytest.raises(DataTooLarge, match=r"195\.4 KB"):
        bench(answer)({}, items({}))


# Many at a time


def test_results_keep_the_order_of_items_when_run_at_once() -> None:
    def slow_first(step: Step[Params]) -> dict[str, list[Item]]:
        def apply(entry: Entry[Params]) -> list[Item]:
            time.sleep(0.05 if entry.index == 0 else 0)
            return items({"n": entry.json["n"], "text": entry.params.text})

        return step.each(apply, concurrency=4)

    given = items(*({"n": n} for n in range(20)))
    rows = bench(slow_first).json({"text": "{{ $json.n + 1 }}"}, given)
    assert rows == [{"n": n, "text": str(n + 1)} for n in range(20)]


def test_errors_at_once_are_those_of_the_first_item_in_order() -> None:
    def fail(step: Step[Params]) -> dict[str, list[Item]]:
        def apply(entry: Entry[Params]) -> list[Item]:
            time.sleep(0.05 if entry.index == 0 else 0)
            raise HttpClientError(f"item {entry.index}")

        return step.each(apply, concurrency=3)

    with pytest.raises(HttpClientError, match="item 0"):
        bench(fail)({}, items({}, {}, {}))
