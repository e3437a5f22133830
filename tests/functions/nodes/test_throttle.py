"""The throttle on the store's real turns: which items go on, when, and what keys may be."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.nodes.flow.throttle import run as throttle
from functions.nodes.flow.throttle.run import ThrottleTooManyKeys, ThrottleWaitTooLong, run
from functions.nodes.flow.throttle.spec import SPEC
from functions.system.store import turns
from stepweave.aws import AwsError
from stepweave.runtime.storing import StoreUnavailable
from stepweave_data.link import Link
from tests.fakes.steps import TENANT, Bench, context, items
from tests.functions.system.stored import StoreOutside

HOUR = {"limit": 2, "period": 1, "unit": "hours"}
REJECT = {**HOUR, "mode": "reject"}
DEEP: Any = 7
for _ in range(200):
    DEEP = [DEEP]


class Node:
    """A throttle node of a workflow of its own; each run is an execution, unless it says otherwise."""

    def __init__(self) -> None:
        self.workflow = str(uuid.uuid4())
        self.outside = StoreOutside(link=Link("postgresql://nobody@127.0.0.1:1/none"))

    def bench(self, params: dict[str, Any], *values: Any, execution: str = "", phase: str = "wait", **more: Any) -> Any:
        here = {**context(), "workflowId": self.workflow, "executionId": execution or str(uuid.uuid4()), **more}
        given = items(*({"n": place, "k": value} for place, value in enumerate(values)))
        return Bench(SPEC, run, self.outside)(params, given, phase=phase, context=here)

    def ports(self, params: dict[str, Any], *values: Any, **more: Any) -> tuple[list[int], list[int]]:
        """Return which items passed and which were rejected."""
        output = self.bench(params, *values, **more)["output"]
        fetch = self.outside.claims.fetch
        told = {port: [one["json"]["n"] for one in fetch(batch, TENANT)] for port, batch in output.items()}
        return told.get("main", []), told.get("rejected", [])

    def until(self, params: dict[str, Any], *values: Any, **more: Any) -> datetime | None:
        """Return until when a run waits; None where it goes on at once."""
        result = self.bench(params, *values, **more)
        if "wait" not in result:
            return None
        assert result["output"] == {}
        return datetime.fromisoformat(result["wait"]["until"])


@pytest.fixture
def node(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setenv("STEPWEAVE_REDIS_URL", redis_url)
    turns.client.cache_clear()
    yield Node()
    turns.client.cache_clear()


def test_what_has_a_turn_goes_on_at_once_and_tells_of_its_end(node: Node) -> None:
    assert node.ports(HOUR, "a", "b") == ([0, 1], [])
    assert [event["type"] for event in node.outside.events] == ["node.started", "node.succeeded"]
    assert len(node.outside.requests) == 1


def test_the_batch_waits_for_its_last_turn_and_goes_on_as_it_came(node: Node) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    until = node.until(HOUR, *"abcde")
    assert until is not None
    assert timedelta(hours=2) <= until - before <= timedelta(hours=2, minutes=5)
    text = node.outside.of("node.waiting")[0]["waiting"]
    assert text == {"kind": "time", "until": until.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    assert not node.outside.of("node.succeeded")
    assert node.ports(HOUR, *"abcde", phase="resume") == ([0, 1, 2, 3, 4], [])
    assert len(node.outside.requests) == 1  # going on books nothing


def test_a_retry_waits_for_the_same_turn_and_books_none(node: Node) -> None:
    node.until(HOUR, "a", "b", execution="one")
    first = node.until(HOUR, "c", execution="two")
    assert first is not None
    assert node.until(HOUR, "c", execution="two") == first
    third = node.until(HOUR, "d", execution="three")
    assert third is not None
    assert third - first < timedelta(minutes=5)  # the second of two


def test_executions_are_counted_together_whatever_started_them(node: Node) -> None:
    assert node.ports(REJECT, "a", mode="draft") == ([0], [])
    assert node.ports(REJECT, "a", "b", mode="live") == ([0], [1])
    assert node.ports(REJECT, "a") == ([], [0])
    assert Node().ports(REJECT, "a") == ([0], [])


def test_a_wait_that_would_be_too_long_fails_before_anything_waits_and_books_nothing(node: Node) -> None:
    assert node.until(HOUR, "a") is None
    with pytest.raises(ThrottleWaitTooLong, match="of 4 items comes in 3,") as caught:
        node.bench({**HOUR, "maxWaitSeconds": 60}, *"abcd")
    assert caught.value.details["maxWaitSeconds"] == 60
    assert caught.value.details["waitSeconds"] > 60
    assert not node.outside.of("node.waiting")
    assert node.until(HOUR, "a") is None


def test_the_first_items_of_each_key_pass_in_their_order(node: Node) -> None:
    params = {**REJECT, "key": "{{ $json.k }}"}
    assert node.ports(params, "a", "b", "a", "a", "c", "b", "b") == ([0, 1, 2, 4, 5], [3, 6])
    assert node.ports(params, "c", "c", "d") == ([0, 2], [1])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, "", True),
        (None, "null", False),
        (1, 1.0, True),
        (1, "1", False),
        (1, True, False),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, True),
        ([1, 2], [2, 1], False),
        ("a\x00", "a", False),
        ("\ud800", "\udfff", False),
        ("x" * 100_000, "x" * 99_999 + "y", False),
        ("__proto__", "constructor", False),
        ({"__proto__": 1}, {}, False),
        ("é", "e\u0301", False),
        (10**30, 10**31, False),
        (DEEP, [DEEP], False),
        (" a", "a", False),
        ("a:1,b", "a", False),
        ("*", "a", False),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_any_data_is_a_key(node: Node, one: Any, other: Any, same: bool) -> None:
    params = {**REJECT, "limit": 1, "key": "{{ $json.k }}"}
    assert node.ports(params, one) == ([0], [])
    assert node.ports(params, one) == ([], [0])
    assert node.ports(params, other) == (([], [0]) if same else ([0], []))


def test_a_key_that_is_missing_is_no_key(node: Node) -> None:
    params = {**REJECT, "limit": 1, "key": "{{ $json.absent }}"}
    assert node.ports(params, "a", "b") == ([0], [1])
    assert node.ports({**REJECT, "limit": 1}, "a") == ([], [0])


def test_no_items_book_nothing(node: Node) -> None:
    assert node.ports(HOUR) == ([], [])
    assert node.outside.requests == []


def test_too_many_keys_are_refused_and_none_booked(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_KEYS", 3)
    with pytest.raises(ThrottleTooManyKeys, match="4 keys"):
        node.bench({**REJECT, "key": "{{ $json.k }}"}, *"abcd")
    assert node.outside.requests == []
    assert throttle.MOST_KEYS <= turns.MOST_KEYS


def test_a_store_that_is_away_can_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node()

    def away(request: Any) -> Any:
        raise AwsError("Unhandled", "it is away")

    monkeypatch.setattr(node.outside, "ask", away)
    with pytest.raises(StoreUnavailable):
        node.bench(HOUR, "a")


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 10_001}, {"period": 0}, {"maxWaitSeconds": 0}, {"maxWaitSeconds": 31_536_001}]
)
def test_the_longest_and_the_shortest_are_in_the_form(params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        SPEC.params.model_validate(params)
