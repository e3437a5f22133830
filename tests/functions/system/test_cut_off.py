"""Runs that wait in a region or a round that fails: they end with it, whenever they tell that they wait."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.system.recorder.settling import Settler
from stepweave.model.events import Event, ExecutionContext
from stepweave_data.hooks.cut_off import ERROR
from stepweave_data.hooks.waits import Waits
from stepweave_data.link import Link
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import LOG, node, rows
from tests.functions.system.test_calls import Stops
from tests.functions.system.waiting import WAITING, Tokens, begin, states_of, tell, waiting


class Stage:
    """An execution under way, and what the recorder does of what it tells."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.databases, self.tenant = databases, tenant
        self.outside, self.tokens, self.stops = Outside(), Tokens(), Stops()
        self.link = Link(databases.app)
        waits = Waits(self.link, self.tokens, self.outside.send)
        self.settler = Settler(self.link, waits, self.outside.claims, self.stops, lambda _: None)
        self.context: ExecutionContext = begin(databases, tenant)

    def tell(self, *events: Event) -> list[Event]:
        """Record events; return what the recorder tells of itself then."""
        before = len(self.outside.events)
        self.settler.settle(str(self.tenant.id), tell(self.databases, self.tenant, self.context, *events))
        return self.outside.events[before:]

    @property
    def states(self) -> dict[str, str]:
        return states_of(self.databases, self.context["executionId"])

    def status(self, node_id: str) -> list[str]:
        query = "SELECT status FROM node_runs WHERE execution_id = %s AND node_id = %s ORDER BY iteration"
        return [status for (status,) in rows(self.databases, query, self.context["executionId"], node_id)]


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.link.close()


def failure(*nodes: str, **fields: Any) -> Event:
    """Return what a region tells of its failure."""
    return node(LOG, "try", level="error", message="no", cutOff=list(nodes), **fields)


def test_what_waits_beside_a_failure_ends_with_it_and_nothing_else(stage: Stage) -> None:
    stage.tell(waiting("ask"), waiting("outside", token="o"))
    told = stage.tell(failure("ask", "never"))
    assert stage.states == {"ask//1": "cancelled", "outside//1": "open"}
    assert [(one["type"], one["nodeId"], one["error"]) for one in told] == [("node.failed", "ask", ERROR)]
    stage.tell(*told)
    assert (stage.status("ask"), stage.status("outside"), stage.status("never")) == (["failed"], ["waiting"], [])
    assert stage.tell(failure("ask")) == []
    assert stage.tokens.answered == []


def test_what_waited_and_failed_itself_says_why_and_is_not_cut_off(stage: Stage) -> None:
    stage.tell(waiting("ask"), waiting("call", token="c"))
    late = {"type": "NodeTimeout", "message": "It did not come.", "retryable": False}
    told = stage.tell(failure("ask", "call", data={**late, "node": {"id": "call", "name": "Call"}}))
    assert {one["nodeId"]: one["error"] for one in told} == {"ask": ERROR, "call": late}
    assert stage.states == {"ask//1": "cancelled", "call//1": "cancelled"}


def test_what_tells_late_that_it_waits_is_cut_off_too(stage: Stage) -> None:
    stage.tell(failure("ask"))
    (told,) = stage.tell(waiting("ask"))
    assert (told["nodeId"], stage.states) == ("ask", {"ask//1": "cancelled"})


def test_a_wait_for_a_time_has_no_row_and_ends_too(stage: Stage) -> None:
    stage.tell(node(WAITING, "pause", waiting={"kind": "time", "until": "2027"}))
    (told,) = stage.tell(failure("pause"))
    stage.tell(told)
    assert stage.status("pause") == ["failed"]


@pytest.mark.parametrize(
    ("iteration", "cut"),
    [("", {"0", "1", "1.0", "10"}), ("1", {"1", "1.0"}), ("1.0", {"1.0"}), ("2", set())],
)
def test_of_rounds_those_of_the_failure_are_cut_off(stage: Stage, iteration: str, cut: set[str]) -> None:
    rounds = ("0", "1", "1.0", "10")
    stage.tell(*(waiting("ask", token=f"t{one}", iteration=one) for one in rounds))
    told = stage.tell(failure("ask", **({"iteration": iteration} if iteration else {})))
    assert {one["iteration"] for one in told} == cut
    expected = {f"ask/{one}/1": "cancelled" if one in cut else "open" for one in rounds}
    assert stage.states == expected


def test_another_tenants_failure_cuts_nothing_off(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    stage.tell(waiting("ask"))
    told_as = str(tenants[1].id)
    recorded = tell(stage.databases, tenants[1], {**stage.context, "tenantId": told_as}, failure("ask"))
    stage.settler.settle(told_as, recorded)
    assert stage.states == {"ask//1": "open"}
