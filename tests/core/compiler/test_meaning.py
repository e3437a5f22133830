"""The compiled machine does what the reference interpreter does, on every graph."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepweave.compiler import CompileOptions
from stepweave.runtime.interpreter import NodeFailed
from tests.asl.machine import TaskFailed
from tests.core.compiler.graphs import partial_runs, run_compiled, run_interpreted, workflows

EXAMPLES = int(os.environ.get("STEPWEAVE_GRAPHS", "150"))
"""How many graphs each test draws; `make conformance` draws thousands."""
MOST_NODES = int(os.environ.get("STEPWEAVE_GRAPH_NODES", "16"))
THOROUGH = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="STEPWEAVE_GRAPHS" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@THOROUGH
@given(workflows(MOST_NODES), st.integers(0, 10**6), st.integers(0, 2), st.integers(0, 1))
def test_compiled_and_interpreted_agree(document: dict[str, Any], seed: int, trigger: int, optimise: int) -> None:
    _agree(document, seed, trigger, CompileOptions("p", optimise), {})


@THOROUGH
@given(st.data(), workflows(MOST_NODES), st.integers(0, 10**6), st.integers(0, 2))
def test_they_agree_on_runs_of_a_part_with_given_outputs(
    data: st.DataObject, document: dict[str, Any], seed: int, trigger: int
) -> None:
    options, outputs = data.draw(partial_runs(document))
    _agree(document, seed, trigger, options, outputs)


def _agree(document: dict[str, Any], seed: int, trigger: int, options: CompileOptions, outputs: Any) -> None:
    triggers = [node["id"] for node in document["nodes"] if node["type"] == "start"]
    trigger_id = triggers[trigger % len(triggers)]
    try:
        interpreted = run_interpreted(document, seed, trigger_id, options, outputs)
    except NodeFailed:
        with pytest.raises(TaskFailed):
            run_compiled(document, seed, trigger_id, options, outputs)
        return
    compiled, _ = run_compiled(document, seed, trigger_id, options, outputs)
    assert compiled.ran == interpreted.ran
    assert compiled.outputs == interpreted.outputs
    assert all(count == 1 for count in compiled.ran.values())
    _assert_order(document, compiled.order, options.fired)


def _assert_order(document: dict[str, Any], order: list[tuple[str, str]], fired: frozenset[str]) -> None:
    """Within a round, what an edge leads to runs after what it leads from."""
    place = {run: index for index, run in enumerate(order)}
    for node_id, iteration in order:
        for edge in document["edges"]:
            source = (edge["source"], iteration)
            if edge["target"] == node_id and edge["targetPort"] != "back" and source in place:
                assert node_id in fired or place[source] < place[node_id, iteration]
