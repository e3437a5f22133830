"""Attempts of a node run: what is done stays done, and a retry comes when it may."""

import time
from collections import Counter
from typing import Any

import pytest

from stepweave.aws import AwsError
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import EventDeliveryError, NodeError, RetryTooLate
from tests.core.compiler.posting import SPEC, Flaky, Params, Refused
from tests.fakes.steps import Bench, items

FIVE = items(*({"n": number} for number in range(5)))


class Posting:
    """Fails for items by their `n`: at first, or for good; counts what each was asked."""

    def __init__(self, flaky: tuple[int, ...] = (), refused: tuple[int, ...] = (), **more: Any) -> None:
        self.flaky, self.refused, self.more = flaky, refused, more
        self.asked: Counter[int] = Counter()
        self.keys: dict[int, set[str]] = {}
        self.concurrency = 1

    def __call__(self, step: Step[Params]) -> dict[str, list[Item]]:
        def post(entry: Entry[Params]) -> list[Item]:
            number = entry.json["n"]
            self.asked[number] += 1
            self.keys.setdefault(number, set()).add(entry.idempotency_key)
            if number in self.refused:
                raise Refused(f"{number} is refused")
            if number in self.flaky and step.attempt == 1:
                raise Flaky("it is away", **self.more)
            return items({"n": number, "attempt": step.attempt})

        return step.each(post, concurrency=self.concurrency)


def attempts(posting: Posting, on_error: str = "stop", most: int = 3) -> tuple[Bench, Any]:
    """Run attempts until one ends; return the bench and the result."""
    bench = Bench(SPEC, posting)
    settings = {"onError": on_error, "maxAttempts": most}
    for attempt in range(1, most):
        try:
            return bench, bench({}, FIVE, attempt=attempt, settings=settings)
        except Flaky:
            continue
    return bench, bench({}, FIVE, attempt=most, settings=settings)


def json_of(result: Any, port: str = "main") -> list[dict[str, Any]]:
    return [item["json"] for item in result["output"].get(port, {"items": []})["items"]]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_a_retry_goes_on_with_the_items_that_are_not_done(concurrency: int) -> None:
    posting = Posting(flaky=(1, 3))
    posting.concurrency = concurrency
    bench, result = attempts(posting)
    assert posting.asked == {0: 1, 1: 2, 2: 1, 3: 2, 4: 1}
    assert json_of(result) == [{"n": n, "attempt": 2 if n in (1, 3) else 1} for n in range(5)]
    assert all(len(keys) == 1 for keys in posting.keys.values())
    assert len(set.union(*posting.keys.values())) == 5
    assert [event["message"] for event in bench.outside.of("node.log")] == [
        "Goes on with 2 of 5 items; the others are done."
    ]


def test_error_items_that_were_taken_are_kept() -> None:
    posting = Posting(flaky=(1,), refused=(3,))
    _, result = attempts(posting, "branch")
    assert posting.asked == {0: 1, 1: 2, 2: 1, 3: 1, 4: 1}
    assert [(one["n"], one["error"]["type"]) for one in json_of(result, "error")] == [(3, "Refused")]
    assert [one["n"] for one in json_of(result)] == [0, 1, 2, 4]


def test_an_attempt_leaves_the_rest_to_the_next_when_several_in_a_row_fail() -> None:
    posting = Posting(flaky=(0, 1, 2, 3))
    bench = Bench(SPEC, posting)
    with pytest.raises(Flaky):
        bench({}, FIVE, settings={"maxAttempts": 2})
    assert posting.asked == {0: 1, 1: 1, 2: 1}


def test_the_rest_of_an_attempt_waits_too_where_the_remote_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("stepweave.runtime.attempts.time.sleep", slept.append)
    posting = Posting(flaky=(1,), retry_after=40)
    bench, result = attempts(posting)
    assert posting.asked == {0: 1, 1: 2, 2: 1, 3: 1, 4: 1}
    assert [one["attempt"] for one in json_of(result)] == [1, 2, 2, 2, 2]
    assert [round(seconds, -1) for seconds in slept] == [40]
    assert len(bench.outside.of("node.retrying")) == 1


@pytest.mark.parametrize(("on_error", "port"), [("stop", ""), ("continue", "main"), ("branch", "error")])
def test_a_retry_that_may_come_too_late_only_is_an_error_that_says_so(on_error: str, port: str) -> None:
    posting = Posting(flaky=(1,), retry_after=3600)
    bench = Bench(SPEC, posting)
    settings = {"onError": on_error, "maxAttempts": 3}
    if not port:
        with pytest.raises(RetryTooLate, match="in 3600 seconds only, and a retry waits 45 at most"):
            bench({}, FIVE, settings=settings)
        return
    (error,) = [one["error"] for one in json_of(bench({}, FIVE, settings=settings), port) if "error" in one]
    assert (error["type"], error["details"]) == ("RetryTooLate", {"error": "Flaky", "retryAfter": 3600})


def test_what_could_not_be_told_of_is_not_done_again() -> None:
    posting = Posting()
    bench = Bench(SPEC, posting)
    bench.outside.failures = [AwsError("Throttled", "busy", retryable=False)]
    with pytest.raises(EventDeliveryError):
        bench({}, FIVE, settings={"maxAttempts": 2})
    result = bench({}, FIVE, attempt=2, settings={"maxAttempts": 2})
    assert posting.asked == dict.fromkeys(range(5), 1)
    assert [one["n"] for one in json_of(result)] == list(range(5))
    assert len(bench.outside.of("node.succeeded")) == 1


def test_when_the_time_is_up_items_that_are_done_keep_what_they_gave() -> None:
    def slow(step: Step[Params]) -> dict[str, list[Item]]:
        def post(entry: Entry[Params]) -> list[Item]:
            if entry.index == 2:
                time.sleep(20)
            return items({"n": entry.index})

        return step.each(post)

    result = Bench(SPEC, slow)({}, FIVE, seconds=0.5, settings={"onError": "continue"})
    assert [(one["n"], one.get("error", {}).get("type")) for one in json_of(result)] == [
        (0, None),
        (1, None),
        (2, "NodeTimeout"),
        (3, "NodeTimeout"),
        (4, "NodeTimeout"),
    ]


def test_without_retries_nothing_is_kept() -> None:
    bench = Bench(SPEC, Posting(flaky=(1,)))
    with pytest.raises(NodeError):
        bench({}, FIVE)
    assert not bench.outside.storage.objects
