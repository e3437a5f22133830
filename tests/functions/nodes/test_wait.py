"""The wait's phases and its moments."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.nodes.flow.wait.run import WaitTooLong, run
from functions.nodes.flow.wait.spec import SPEC
from stepweave.runtime.errors import ParameterInvalid
from tests.fakes.steps import Bench, context, items

GIVEN = items({"id": 1, "hours": 3})


def until(params: dict[str, Any], zone: str = "UTC") -> datetime:
    bench = Bench(SPEC, run)
    result = bench(params, GIVEN, phase="wait", context={**context(), "timeZone": zone})
    assert result["output"] == {}
    text = result["wait"]["until"]
    assert bench.outside.of("node.waiting")[0]["waiting"] == {"kind": "time", "until": text}
    assert not bench.outside.of("node.succeeded")
    return datetime.fromisoformat(text)


def test_a_time_is_counted_from_now() -> None:
    before = datetime.now(UTC)
    moment = until({"amount": "{{ $json.hours }}", "unit": "hours"})
    assert timedelta(hours=3) - timedelta(seconds=1) <= moment - before <= timedelta(hours=3, minutes=5)


def test_a_moment_is_in_the_workflows_time_zone_unless_it_says_otherwise() -> None:
    assert until({"mode": "until", "until": "2027-01-15T12:00"}, "Europe/Berlin") == datetime(
        2027, 1, 15, 11, tzinfo=UTC
    )
    assert until({"mode": "until", "until": "2027-01-15T12:00-05:00"}) == datetime(2027, 1, 15, 17, tzinfo=UTC)


def test_a_moment_that_is_past_is_now() -> None:
    assert until({"mode": "until", "until": "2001-01-01"}) >= datetime.now(UTC) - timedelta(minutes=5)


@pytest.mark.parametrize(
    "params", [{"amount": 400, "unit": "days"}, {"amount": 1e18}, {"mode": "until", "until": "2999-01-01"}]
)
def test_nothing_waits_longer_than_a_year(params: dict[str, Any]) -> None:
    with pytest.raises(WaitTooLong):
        Bench(SPEC, run)(params, GIVEN, phase="wait")


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(ParameterInvalid, match="'soon' is not a moment"):
        Bench(SPEC, run)({"mode": "until", "until": "soon"}, GIVEN, phase="wait")


def test_after_the_wait_the_items_go_on() -> None:
    bench = Bench(SPEC, run)
    assert bench({}, GIVEN, phase="resume")["output"] == {"main": {"count": 1, "items": GIVEN}}
    assert [event["type"] for event in bench.outside.events] == ["node.succeeded"]


def test_for_a_call_it_waits_with_its_token_and_gives_up_in_the_end() -> None:
    bench = Bench(SPEC, run)
    params = {"mode": "callback", "limitSeconds": 60}
    assert bench(params, GIVEN, taskToken="token")["output"] == {}
    waiting = bench.outside.of("node.waiting")[0]["waiting"]
    assert (waiting["kind"], waiting["token"]) == ("callback", "token")
    assert bench(params, GIVEN, phase="timedOut")["output"] == {"timeout": {"count": 1, "items": GIVEN}}
