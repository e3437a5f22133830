"""The compiled machine does what the reference interpreter does, on every graph."""

import os
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepweave.compiler import CompileOptions
from stepweave.runtime.interpreter import NodeFailed
from tests.asl.machine import TaskFailed
from tests.conformance.drawing import drawing, told
from tests.core.compiler import posting
from tests.core.compiler.graphs import partial_runs, run_compiled, run_interpreted, workflows

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

EXAMPLES = int(os.environ.get("STEPWEAVE_GRAPHS", "150"))
"""How many graphs each test draws; `make conformance` draws thousands."""
MOST_NODES = int(os.environ.get("STEPWEAVE_GRAPH_NODES", "16"))
WHOLE, PARTLY = drawing("whole", EXAMPLES), drawing("partly", EXAMPLES)
THOROUGH = settings(
    max_examples=EXAMPLES,
    derandomize="STEPWEAVE_GRAPHS" not in os.environ,
)


@THOROUGH
@given(workflows(MOST_NODES), st.integers(0, 10**6), st.integers(0, 2), st.integers(0, 1))
def test_compiled_and_interpreted_agree(document: dict[str, Any], seed: int, trigger: int, optimise: int) -> None:
    options = CompileOptions("p", optimise)
    with WHOLE.one(document=document, seed=seed, trigger=trigger, options=told(options), outputs={}):
        agree(document, seed, trigger, options, {})


@THOROUGH
@given(st.data(), workflows(MOST_NODES), st.integers(0, 10**6), st.integers(0, 2))
def test_they_agree_on_runs_of_a_part_with_given_outputs(
    data: st.DataObject, document: dict[str, Any], seed: int, trigger: int
) -> None:
    options, outputs = data.draw(partial_runs(document))
    with PARTLY.one(document=document, seed=seed, trigger=trigger, options=told(options), outputs=outputs):
        agree(document, seed, trigger, options, outputs)


@pytest.mark.parametrize("optimise", [0, 1])
@pytest.mark.parametrize("on_error", ["stop", "continue", "branch"])
def test_a_loop_to_which_a_disabled_node_passes_nothing_back_gives_nothing(on_error: str, optimise: int) -> None:
    def node(id: str, type: str, params: dict[str, Any], **settings: Any) -> dict[str, Any]:
        return {"id": id, "type": type, "version": 1, "name": id.upper(), "params": params, "settings": settings}

    def edge(source: str, port: str, target: str, target_port: str) -> dict[str, Any]:
        ends = {"source": source, "sourcePort": port, "target": target, "targetPort": target_port}
        return {"id": f"{source}-{port}-{target}-{target_port}", **ends}

    conditions = [{"left": "{{ $json.x }}", "type": "any", "operator": "isEmpty"}]
    document = {
        "schema": 1,
        "name": "W",
        "nodes": [
            node("t0", "start", {}),
            node("n1", "loop", {"mode": "each", "batchSize": 3, "concurrency": 3}, onError=on_error),
            node("n2", "filter", {"conditions": conditions}, disabled=True),
            node("n3", "step", {}),
            node("n4", "no_op", {}),
        ],
        "edges": [
            edge("t0", "main", "n1", "main"),
            edge("n1", "loop", "n2", "main"),
            edge("n2", "rejected", "n1", "back"),
            edge("n1", "loop", "n4", "main"),
            edge("n1", "done", "n3", "main"),
        ],
    }
    agree(document, 0, 0, CompileOptions("p", optimise), {})


def agree(document: dict[str, Any], seed: int, trigger: int, options: CompileOptions, outputs: Any) -> None:
    """Check that the machine does what the interpreter does."""
    triggers = [node["id"] for node in document["nodes"] if node["type"] == "start"]
    trigger_id = triggers[trigger % len(triggers)]
    done = posting.counted()
    try:
        interpreted = run_interpreted(document, seed, trigger_id, options, outputs)
    except NodeFailed:
        with pytest.raises(TaskFailed):
            run_compiled(document, seed, trigger_id, options, outputs)
        return
    assert set(done.values()) <= {1}
    done = posting.counted()
    compiled, _ = run_compiled(document, seed, trigger_id, options, outputs)
    assert set(done.values()) <= {1}  # no item is done twice, whatever is tried again
    # Of a round that failed, what beside the failed node has run is not defined.
    assert _whole(compiled.ran, interpreted.broken) == _whole(interpreted.ran, interpreted.broken)
    assert _whole(compiled.outputs, interpreted.broken) == _whole(interpreted.outputs, interpreted.broken)
    assert all(count == 1 for count in compiled.ran.values())
    _assert_order(document, compiled.order, options.fired)


def _whole(runs: Mapping[tuple[str, str], Any], broken: set[str]) -> dict[tuple[str, str], Any]:
    kept = {run: told for run, told in runs.items() if not run[1] or run[1].partition(".")[0] not in broken}
    return {run: told for run, told in kept.items() if run[0] not in broken}


def _assert_order(document: dict[str, Any], order: list[tuple[str, str]], fired: frozenset[str]) -> None:
    """Within a round, what an edge leads to runs after what it leads from."""
    place = {run: index for index, run in enumerate(order)}
    for node_id, iteration in order:
        for edge in document["edges"]:
            source = (edge["source"], iteration)
            if edge["target"] == node_id and edge["targetPort"] != "back" and source in place:
                assert node_id in fired or place[source] < place[node_id, iteration]
