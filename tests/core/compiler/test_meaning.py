"""The compiled machine does what the reference interpreter does, on every graph."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.compiler.graphs import run_compiled, run_interpreted, workflows


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(workflows(), st.integers(0, 10**6), st.integers(0, 2))
def test_compiled_and_interpreted_agree(document: dict[str, Any], seed: int, trigger: int) -> None:
    triggers = [node["id"] for node in document["nodes"] if node["type"] == "start"]
    trigger_id = triggers[trigger % len(triggers)]
    compiled, ran, _ = run_compiled(document, seed, trigger_id)
    interpreted, expected = run_interpreted(document, seed, trigger_id)
    assert ran.ran == expected.ran
    assert compiled == interpreted
    assert all(count == 1 for count in ran.ran.values())
    _assert_order(document, ran.order)


def _assert_order(document: dict[str, Any], order: list[str]) -> None:
    place = {node_id: index for index, node_id in enumerate(order)}
    for edge in document["edges"]:
        if edge["source"] in place and edge["target"] in place:
            assert place[edge["source"]] < place[edge["target"]]
