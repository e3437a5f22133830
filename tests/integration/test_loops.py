"""Loops on the embedded stack: what becomes of rounds that fail, batches by an expression, and loops in loops."""

from typing import Any

import pytest

from local.client.rest import Client
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration

UNTIL = [{"left": "{{ $json.n }}", "type": "number", "operator": "greaterOrEqual", "right": 4}]
NO_THREE = "if ($input.all().some(({ json }) => json.n === 3)) throw new Error('no three'); "
SAME, GROWN = "return $input.all()", "return $input.all().map(({ json }) => ({ n: json.n + 1 }))"
LOOPS: dict[str, tuple[dict[str, Any], str]] = {
    "each": ({"batchSize": 2}, SAME),
    "until": ({"mode": "each_until", "batchSize": 2, "until": UNTIL}, SAME),
    "last": ({"mode": "each_until", "batchSize": 2, "until": UNTIL, "onlyLast": True}, SAME),
    "gather": ({"mode": "repeat", "gather": True}, GROWN),
    "repeat": ({"mode": "repeat"}, GROWN),
}
"""Loops by name: their parameters, and what their rounds give."""
E = "JavaScriptError"
KEPT: dict[str, list[Any]] = {
    "each": [0, 1, (2, E), (3, E), 4, 5, 6, 7],
    "until": [0, 1, (2, E), (3, E), 4, 5],
    "last": [(2, E), (3, E), 4, 5],
    "gather": [1, 2, 3, (1, E), (2, E), (3, E)],
    "repeat": [(1, E), (2, E), (3, E)],
}
"""What each gives where it goes on after errors: eight items in batches of two, or three that go round."""


def loops(on_error: str, *names: str) -> dict[str, Any]:
    """Return a workflow with loops beside each other, in each of which a round fails."""
    make = "return Array.from({ length: %d }, (_, n) => ({ n }))"
    nodes = [node("eight", "code", {"code": make % 8}), node("three", "code", {"code": make % 3})]
    edges = ["start>eight", "start>three"]
    for name in names:
        params, gives = LOOPS[name]
        body, done, failed = (f"{name}-{part}" for part in ("body", "done", "failed"))
        nodes += [node(name, "loop", params, onError=on_error), node(body, "code", {"code": NO_THREE + gives})]
        nodes += [node(done, "no_op"), node(failed, "no_op")]
        edges += [f"{'three' if params.get('mode') == 'repeat' else 'eight'}>{name}", f"{name}.loop>{body}"]
        edges += [f"{body}>{name}.back", f"{name}.done>{done}"]
        edges += [f"{name}.error>{failed}"] if on_error == "branch" else []
    return workflow(f"Rounds fail: {on_error} {' '.join(names)}", nodes, *edges)


def given(execution: dict[str, Any], node_id: str) -> list[Any]:
    """Return what a node got: a number, or with the error's type for an error item; nothing where it did not run."""
    if not any(run["nodeId"] == node_id for run in execution["nodeRuns"]):
        return []
    found = outputs(execution, node_id)
    assert all(one["error"]["retryable"] is False for one in found if "error" in one)
    assert all(one["error"]["node"]["id"].endswith("-body") for one in found if "error" in one)
    return [(one["n"], one["error"]["type"]) if "error" in one else one["n"] for one in found]


@pytest.mark.parametrize("on_error", ["continue", "branch"])
def test_after_a_round_that_failed_other_rounds_are_kept_and_other_batches_go_on(
    tenant: Session, on_error: str
) -> None:
    execution = tenant(lambda client: run_draft(client, loops(on_error, *LOOPS)))
    assert execution["status"] == "succeeded", execution["error"]
    for name, kept in KEPT.items():
        well, broken = [one for one in kept if isinstance(one, int)], [one for one in kept if not isinstance(one, int)]
        expected = (well, broken) if on_error == "branch" else (kept, [])
        assert (given(execution, f"{name}-done"), given(execution, f"{name}-failed")) == expected, name


@pytest.mark.parametrize("name", ["until", "gather"])
def test_a_round_that_fails_stops_the_execution_where_the_loop_stops(tenant: Session, name: str) -> None:
    execution = tenant(lambda client: run_draft(client, loops("stop", name)))
    assert (execution["status"], execution["error"]["type"]) == ("failed", E)
    states = {run["nodeId"]: run["status"] for run in execution["nodeRuns"]}
    assert (states[name], states[f"{name}-body"], f"{name}-done" in states) == ("failed", "failed", False)


def test_a_loop_in_a_loop_begins_anew_in_each_round_with_batches_as_large_as_that_says(tenant: Session) -> None:
    make = "return [{ size: 2, list: [1, 2, 3] }, { size: 5, list: [] }, { size: 1, list: [4, 5] }]"
    count = "return [{ items: $input.all().map(({ json }) => json.list), round: $runIndex }]"
    nodes = [
        node("make", "code", {"code": make}),
        node("outer", "loop"),
        node("split", "split_out", {"fields": "list"}),
        node("inner", "loop", {"batchSize": "{{ $('outer').first().json.size }}", "concurrency": 2}),
        node("body", "no_op"),
        node("count", "code", {"code": count}),
        node("after", "no_op"),
    ]
    rounds = ("outer.loop>split", "split>inner", "inner.loop>body", "body>inner.back", "inner.done>count")
    document = workflow(
        "Loops in loops", nodes, "start>make", "make>outer", *rounds, "count>outer.back", "outer.done>after"
    )

    async def run(client: Client) -> tuple[dict[str, Any], list[str]]:
        execution = await run_draft(client, document)
        runs = (await client.get(f"/executions/{execution['id']}/node-runs", nodeId="body"))["items"]
        return execution, [run["iteration"] for run in runs]

    execution, iterations = tenant(run)
    assert outputs(execution, "after") == [{"items": [1, 2, 3], "round": 0}, {"items": [4, 5], "round": 2}]
    assert iterations == ["0.0", "0.1", "2.0", "2.1"]


def test_a_size_of_batches_that_is_none_is_an_error_of_the_loop_before_its_first_round(tenant: Session) -> None:
    sizes = ["{{ 0 }}", "{{ -1 }}", "{{ 'some' }}", "{{ $json.none }}", "{{ 2.5 }}", "{{ 10001 }}"]
    nodes = [node("make", "code", {"code": "return [{ n: 1 }, { n: 2 }]"})]
    edges = ["start>make"]
    for place, size in enumerate(sizes):
        loop, body, failed = f"loop-{place}", f"body-{place}", f"failed-{place}"
        params: dict[str, Any] = {"batchSize": size, "mode": ("each", "each_until")[place % 2], "until": []}
        nodes += [node(loop, "loop", params, onError="branch"), node(body, "no_op"), node(failed, "no_op")]
        edges += [f"make>{loop}", f"{loop}.loop>{body}", f"{body}>{loop}.back", f"{loop}.error>{failed}"]
    execution = tenant(lambda client: run_draft(client, workflow("Sizes", nodes, *edges)))
    assert execution["status"] == "succeeded", execution["error"]
    assert not any(run["nodeId"].startswith("body") for run in execution["nodeRuns"])
    for place in range(len(sizes)):
        errors = [(one["n"], one["error"]) for one in outputs(execution, f"failed-{place}")]
        assert [n for n, _ in errors] == [1, 2]
        assert {(error["type"], error["details"]["field"]) for _, error in errors} == {
            ("ParameterInvalid", "params.batchSize")
        }
