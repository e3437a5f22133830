"""Idempotency keys: the same for the same work, however often it is tried, and for nothing else."""

from typing import cast

from stepweave.model.events import ExecutionContext
from stepweave.runtime.idempotency import idempotency_key
from tests.fakes.steps import context

RESUMED = cast("ExecutionContext", {**context(), "executionId": "another", "origin": context()["executionId"]})


def test_a_key_is_the_same_in_an_execution_that_goes_on_from_another() -> None:
    first = idempotency_key(context(), "n1", "2.0", 7)
    assert idempotency_key(RESUMED, "n1", "2.0", 7) == first
    assert [len(part) for part in first.split("-")] == [8, 4, 4, 4, 12]


def test_each_execution_node_round_and_item_has_a_key_of_its_own() -> None:
    other = cast("ExecutionContext", {**context(), "executionId": "another"})
    keys = [
        idempotency_key(context(), "n1", "", 0),
        idempotency_key(context(), "n1", "", 1),
        idempotency_key(context(), "n1", ""),
        idempotency_key(context(), "n1", "0", 0),
        idempotency_key(context(), "n2", "", 0),
        idempotency_key(other, "n1", "", 0),
    ]
    assert len(set(keys)) == len(keys)
