"""What steps use: counted exactly, over attempts, and never the reason why a step is lost."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from stepweave.aws import AwsError
from stepweave.model.items import Item, item
from stepweave.model.usage import MOST_KINDS, MOST_WHOLE, Usage, added, entries, of_entries
from stepweave.runtime import Step
from stepweave.runtime.errors import EventDeliveryError, NodeError
from stepweave.runtime.events import Outbox
from stepweave.runtime.metering import Meter, current_meter, metered
from stepweave.runtime.partial import MOST_CHARACTERS, Partial
from stepweave.spec.fields import NodeParams
from stepweave.spec.node import Category, NodeSpec
from tests.fakes.steps import Bench, Outside, context, items

SPEC = NodeSpec(
    type="test_model",
    name="Model",
    category=Category.AI,
    icon="bot",
    summary="Stands for a language model.",
    docs="",
    params=NodeParams,
)


class Away(NodeError):
    """The model is away."""

    retryable = True


def bench(run: Callable[[Step[Any]], dict[str, list[Item]]]) -> Bench:
    return Bench(SPEC, run)


def told(node: Bench, type: str) -> list[Usage]:
    return [event["usage"] for event in node.outside.of(type) if "usage" in event]


def test_a_step_tells_what_it_used_with_its_end() -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        for _ in step.items():
            step.usage.tokens("gpt-4o", input=12, output=3, cached=4)
            step.usage.tokens("small", output=1)
            step.usage.money("0.00015", "usd")
            step.usage.money(Decimal("0.1"), "USD")
            step.usage.money(0.2, "EUR")
            step.usage.count("pages")
            step.usage.count("seconds of audio", 1.5)
        return {"main": [item({})]}

    node = bench(run)
    node({}, items({}, {}))
    [usage] = told(node, "node.succeeded")
    assert usage == {
        "tokens": {
            "gpt-4o": {"input": 24, "output": 6, "cached": 8},
            "small": {"input": 0, "output": 2, "cached": 0},
        },
        "money": {"USD": "0.2003", "EUR": "0.4"},
        "counted": {"pages": "2", "seconds of audio": "3"},
    }
    assert not node.outside.of("node.usage")


def test_a_step_that_used_nothing_tells_nothing_of_it() -> None:
    node = bench(lambda step: {"main": step.items()})
    node({}, items({}))
    assert "usage" not in node.outside.of("node.succeeded")[0]


@pytest.mark.parametrize(("attempts", "type"), [(2, "node.retrying"), (1, "node.failed")])
def test_an_attempt_that_fails_has_used_what_it_used(attempts: int, type: str) -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        step.usage.money(1, "EUR")
        raise Away("away")

    node = bench(run)
    with pytest.raises(Away):
        node({}, items({}), settings={"maxAttempts": attempts})
    assert told(node, type) == [{"money": {"EUR": "1"}}]


def test_a_node_whose_end_others_tell_tells_what_it_used_alone() -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        step.usage.count("pages", 2)
        step.control.suspend({"kind": "callback", "token": "t"})
        return {}

    node = bench(run)
    node({}, items({}), taskToken="t")
    assert told(node, "node.usage") == [{"counted": {"pages": "2"}}]


def test_an_item_that_fails_and_is_gone_on_after_counts_too() -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        def ask(entry: Any) -> list[Item]:
            step.usage.tokens("m", input=1)
            raise NodeError("no")

        return step.each(ask, concurrency=4)

    node = bench(run)
    node({}, items({}, {}, {}), settings={"onError": "continue"})
    assert told(node, "node.succeeded")[0]["tokens"]["m"]["input"] == 3


def test_what_a_result_used_whose_telling_failed_is_told_with_it_later() -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        step.usage.money(2, "EUR")
        return {"main": [item({"answer": 1})]}

    node = bench(run)
    node.outside.failures = [AwsError("Down", "down", retryable=True)] * 3
    with pytest.raises(EventDeliveryError):
        node({}, items({}), settings={"maxAttempts": 2})
    node({}, items({}), settings={"maxAttempts": 2}, attempt=2)
    assert told(node, "node.succeeded") == [{"money": {"EUR": "2"}}]


# What is told wrongly


@pytest.mark.parametrize(
    "tell",
    [
        lambda meter: meter.tokens("m", input=-1),
        lambda meter: meter.tokens("m", input=float("nan")),
        lambda meter: meter.tokens("m", input=float("inf")),
        lambda meter: meter.tokens("m", input=1.5),
        lambda meter: meter.tokens("m", input="12"),
        lambda meter: meter.tokens("m", input=True),
        lambda meter: meter.tokens("m", input=None),
        lambda meter: meter.tokens("m", output=2**53),
        lambda meter: meter.tokens("", input=1),
        lambda meter: meter.tokens("x" * 101, input=1),
        lambda meter: meter.tokens("a\nb", input=1),
        lambda meter: meter.tokens("\ud800", input=1),
        lambda meter: meter.tokens("\u202eevil", input=1),
        lambda meter: meter.tokens(None, input=1),
        lambda meter: meter.money(float("nan"), "EUR"),
        lambda meter: meter.money("NaN", "EUR"),
        lambda meter: meter.money("Infinity", "EUR"),
        lambda meter: meter.money("1e400", "EUR"),
        lambda meter: meter.money("1e999999999", "EUR"),
        lambda meter: meter.money(10**15, "EUR"),
        lambda meter: meter.money("-1", "EUR"),
        lambda meter: meter.money("1_000", "EUR"),
        lambda meter: meter.money("١", "EUR"),
        lambda meter: meter.money("", "EUR"),
        lambda meter: meter.money(None, "EUR"),
        lambda meter: meter.money({}, "EUR"),
        lambda meter: meter.money("9" * 10_000, "EUR"),
        lambda meter: meter.money(1, "€"),
        lambda meter: meter.money(1, "EURO"),
        lambda meter: meter.money(1, None),
        lambda meter: meter.count("", 1),
        lambda meter: meter.count("x" * 101),
        lambda meter: meter.count("pages", -0.5),
        lambda meter: meter.count("pages", False),
    ],
)
def test_what_cannot_be_counted_is_left_out_and_the_step_goes_on(tell: Callable[[Meter], None]) -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        for _ in range(3):
            tell(step.usage)
        step.usage.count("pages")
        return {"main": [item({"kept": 1})]}

    node = bench(run)
    assert node.json({}, items({})) == [{"kept": 1}]
    [line] = node.outside.of("node.log")
    assert line["level"] == "warning"
    assert line["message"].startswith("Usage that the node told of is left out (")
    assert len(line["message"]) < 300
    assert told(node, "node.succeeded") == [{"counted": {"pages": "1"}}]
    assert all(body.isascii() for body in node.outside.bodies)


def test_a_step_tells_of_so_many_kinds_and_no_more() -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        for number in range(MOST_KINDS + 5):
            step.usage.count(f"unit {number}")
        step.usage.count("unit 0")
        return {"main": []}

    node = bench(run)
    node({}, items({}))
    [usage] = told(node, "node.succeeded")
    assert len(usage["counted"]) == MOST_KINDS
    assert usage["counted"]["unit 0"] == "2"
    assert len(node.outside.of("node.log")) == 1


# Adding


def test_amounts_are_added_exactly() -> None:
    one: Usage = {"money": {"EUR": "0.1"}, "requests": 1}
    other: Usage = {"money": {"EUR": "0.2", "USD": "999999999999999.000000000000000001"}}
    total = added(one, other)
    assert total == {"money": {"EUR": "0.3", "USD": "999999999999999.000000000000000001"}, "requests": 1}
    assert one == {"money": {"EUR": "0.1"}, "requests": 1}
    assert added({"requests": MOST_WHOLE}, {"requests": MOST_WHOLE})["requests"] == MOST_WHOLE


def test_a_usage_comes_back_from_its_rows() -> None:
    usage: Usage = {
        "requests": 3,
        "bytesSent": 5,
        "tokens": {"m": {"input": 1, "output": 0, "cached": 2}},
        "money": {"EUR": "100"},
        "counted": {"requests": "1.5"},
    }
    rows = [(kind, name, Decimal(text)) for kind, name, text in entries(usage)]
    assert of_entries(rows) == usage
    assert json.loads(json.dumps(of_entries(rows))) == usage


def test_outside_of_steps_nothing_is_kept() -> None:
    current_meter().asked(5)
    assert current_meter().take() == {}
    meter = Meter()
    with metered(meter):
        current_meter().asked(5)
    assert meter.take() == {"requests": 1, "bytesSent": 5}
    assert meter.take() == {}


# While it runs


def test_a_running_step_tells_what_it_used_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("stepweave.runtime.metering.time.monotonic", lambda: clock[0])
    meter = Meter()
    meter.count("pages")
    assert meter.due() == {}
    clock[0] = 2.0
    assert meter.due() == {"counted": {"pages": "1"}}
    meter.count("pages")
    clock[0] = 3.9
    assert meter.due() == {}
    assert meter.take() == {"counted": {"pages": "1"}}


def test_what_comes_after_the_end_is_told_no_more() -> None:
    outside = Outside()
    outbox = Outbox(context(), outside.send)
    came = [{"id": "p", "type": "node.partial", "at": ""}]
    outbox.while_running(lambda: came)  # type: ignore[arg-type, return-value]  # an event's least
    outbox._on_time()
    outbox.ends({"id": "e", "type": "node.succeeded", "at": ""})
    outbox._on_time()
    outbox.close()
    assert [event["id"] for event in outside.events] == ["p", "e"]


# Output that comes bit by bit


def test_parts_that_come_close_together_are_told_together() -> None:
    partial = Partial()
    assert [partial.add(text, 0) for text in ("", "Hel", "lo", " world")] == [False, True, False, False]
    assert not partial.add({"a": 1}, 1)
    assert partial.take() == [
        {"item": 0, "offset": 0, "text": "Hello world"},
        {"item": 1, "offset": 0, "text": '{"a": 1}\n'},
    ]
    partial.add("!", 0)
    assert partial.take() == [{"item": 0, "offset": 11, "text": "!"}]
    assert partial.take() == []


@pytest.mark.parametrize("text", ["x", "\U0001f600", "\x00", '"'])
def test_an_events_parts_fit_a_browsers_message(text: str) -> None:
    partial = Partial()
    for index in range(5):
        partial.add(text * 20_000, index)
    found: dict[int, str] = {}
    cut = set()
    while parts := partial.take():
        assert len(json.dumps(parts)) < 25_000
        for part in parts:
            assert part["offset"] == len(found.get(part["item"], ""))
            found[part["item"]] = found.get(part["item"], "") + part["text"]
            cut |= {part["item"]} if part.get("cut") else set()
    assert sum(map(len, found.values())) == MOST_CHARACTERS
    assert cut == {3, 4}


def test_an_attempt_that_has_told_all_it_may_says_so_once() -> None:
    partial = Partial()
    partial.add("x" * (MOST_CHARACTERS - 1), 0)
    while partial.take():
        pass
    partial.add("yz", 0)
    partial.add("more", 0)
    assert partial.take() == [{"item": 0, "offset": MOST_CHARACTERS - 1, "text": "y", "cut": True}]
    partial.add("more", 0)
    assert partial.take() == []


def test_a_short_step_tells_no_parts_and_they_are_no_result() -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        step.partial("half a wor")
        step.partial("\ud83d")
        return {"main": [item({"text": "half a word"})]}

    node = bench(run)
    assert node.json({}, items({})) == [{"text": "half a word"}]
    assert node.outside.of("node.partial") == []


def test_a_step_that_lasts_shows_what_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(step: Step[Any]) -> dict[str, list[Item]]:
        step.partial("first ", 0)
        step._parts.outbox._on_time()  # as its timer does
        step.partial("second", 0)
        step._parts.outbox._on_time()
        return {"main": []}

    node = bench(run)
    node({}, items({}), attempt=2, settings={"maxAttempts": 3}, iteration="1")
    events = node.outside.of("node.partial")
    assert [event["parts"] for event in events] == [
        [{"item": 0, "offset": 0, "text": "first "}],
        [{"item": 0, "offset": 6, "text": "second"}],
    ]
    assert {(event["attempt"], event["iteration"], event["nodeId"]) for event in events} == {(2, "1", "n1")}
