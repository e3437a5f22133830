"""Debug runs: where they stop, what is seen there, how nodes go on, and what is refused.

The debugger's function and the API are the real ones, on one Postgres; Step Functions is its tokens.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.debugger.deciding import Arrived, Run, why
from functions.system.debugger.stopping import Stopping
from functions.system.sweeper.stops import ERROR, Stops
from stepweave.aws import AwsError
from stepweave.aws.passes import Bearer
from stepweave.model.items import Batch
from stepweave.runtime.claims import Claims
from stepweave_data.link import Link
from tests.api.conftest import World
from tests.api.test_approvals import Stage
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

ITEMS = [{"json": {"n": 1}}, {"json": {"n": 20}}]
NODES: list[dict[str, Any]] = [
    {"id": "t", "type": "manual_trigger", "version": 1, "name": "Start"},
    {"id": "a", "type": "set_fields", "version": 1, "name": "Price"},
    {"id": "b", "type": "set_fields", "version": 1, "name": "Total"},
    *({"id": id, "type": "set_fields", "version": 1, "name": id.upper()} for id in "cde"),
    {"id": "off", "type": "set_fields", "version": 1, "name": "Off", "settings": {"disabled": True}},
    {"id": "pin", "type": "set_fields", "version": 1, "name": "Pinned", "pinned": {"main": [{"json": {}}]}},
]
DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "name": "Orders",
    "nodes": [{"params": {}, "position": {"x": 0, "y": 0}, "settings": {}, **node} for node in NODES],
    "edges": [
        {"id": f"e-{source}-{target}", "source": source, "sourcePort": "main", "target": target, "targetPort": "main"}
        for source, target in (("t", "a"), ("a", "b"), ("b", "off"), ("b", "pin"))
    ],
    "settings": {},
}
LIMIT = {"name": "limit", "kind": "number", "description": "", "values": {"production": 3}}
EDGE = {"source": "a", "sourcePort": "main", "target": "b", "targetPort": "main"}


@dataclass
class Debug:
    """A debug run of the draft, and its nodes' questions."""

    stage: Stage
    workflow_id: str
    link: Link
    execution_id: str = ""
    asked: int = 0
    machine: dict[str, Any] = field(default_factory=dict)

    @property
    def client(self) -> TestClient:
        return self.stage.owner

    def start(self, *breakpoints: dict[str, Any], **more: Any) -> Any:
        debug = {"breakpoints": list(breakpoints), **more}
        answer = self.client.post(f"/api/workflows/{self.workflow_id}/run", json={"debug": debug})
        if answer.status_code == 202:
            self.execution_id = answer.json()["executionId"]
        return answer

    def reaches(self, node: str, items: Any = ITEMS, *, of: str = "a", iteration: str = "", **more: Any) -> str | None:
        """Have a node ask whether it stops; return its token where it does not, else None."""
        self.asked += 1
        token = f"token-{self.asked}"
        batch = more.pop("batch", None) or {"count": len(items), "items": items, "of": [of, "main"]}
        payload = {
            "context": {
                "tenantId": self.stage.tenant_id,
                "executionId": self.execution_id,
                "workflowId": self.workflow_id,
                "workflowName": "Orders",
                "workflowVersion": None,
                "trigger": "manual",
                "mode": "draft",
                "startedAt": "2026-12-01T00:00:00.000Z",
                "timeZone": "UTC",
            },
            "node": {"id": node, "name": node},
            "inputs": {"main": [batch]},
            "taskToken": token,
            "iteration": iteration,
            **more,
        }
        world = self.stage.world
        claims = Claims(lambda: world.storage, "data")  # type: ignore[arg-type, return-value]  # a fake
        stopping = Stopping(self.link, world.tokens, lambda: claims, world.events.send)
        bearer = Bearer(self.stage.tenant_id, self.workflow_id, self.execution_id)
        return None if stopping.serve(bearer, payload) else token

    def stops(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(f"/api/executions/{self.execution_id}/stops").json()["stops"]
        return found

    def go_on(self, action: str, *, at: int = 0, by: TestClient | None = None, stop: str = "", **more: Any) -> Any:
        stop_id = stop or self.stops()[at]["id"]
        path = f"/api/executions/{self.execution_id}/stops/{stop_id}/go-on"
        return (by or self.client).post(path, json={"action": action, **more})

    @property
    def answered(self) -> Any:
        return self.stage.world.tokens.answered[-1]


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return the problem that an answer is."""
    assert is_problem(answer, status, code), answer.text
    found: dict[str, Any] = answer.json()
    return found


class Aborts:
    """Step Functions: what was aborted."""

    def stop(self, execution_arn: str, *, error: str = "", cause: str = "") -> None:
        raise AssertionError("the execution has no ARN here")


@contextmanager
def debugging(world: World, databases: Databases) -> Iterator[Debug]:
    """A workspace with a draft to be debugged."""
    stage = Stage(world, databases, world.person())
    made = stage.owner.post("/api/workflows", json=DOCUMENT)
    assert made.status_code == 201, made.text
    link = Link(databases.app)
    yield Debug(stage, made.json()["id"], link)
    link.close()


@pytest.fixture
def debug(world: World, databases: Databases) -> Iterator[Debug]:
    with debugging(world, databases) as made:
        yield made


def test_a_debug_run_stops_at_its_breakpoint_shows_what_comes_in_and_goes_on(debug: Debug) -> None:
    assert debug.start({"nodeId": "b"}).status_code == 202
    assert debug.reaches("a", of="t") == "token-1"
    assert debug.answered == ("token-1", {"attempts": 0}), "it is let go at once"
    assert debug.reaches("b") is None
    (stop,) = debug.stops()
    assert (stop["nodeId"], stop["reason"], stop["breakpoint"]["nodeId"]) == ("b", "node", "b")
    shown = debug.client.get(f"/api/executions/{debug.execution_id}/stops/{stop['id']}")
    assert shown.json()["inputs"] == {"main": ITEMS}
    assert "token" not in shown.text
    assert debug.go_on("run").json()["stops"] == []
    assert debug.answered == ("token-2", {"attempts": 0})
    told = [(one["type"], one["nodeId"], one["stop"]) for one in debug.stage.world.events.events if "stop" in one]
    assert [(type, node) for type, node, _ in told] == [("node.stopped", "b"), ("node.released", "b")]
    assert told[0][2]["id"] == told[1][2]["id"] == stop["id"]
    assert (told[1][2]["action"], told[1][2]["by"]) == ("run", "P")


def test_every_debug_run_of_a_draft_is_one_machine_in_which_each_node_asks(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    debug.start({"nodeId": "a", "condition": "$json.n > 3"}, stepwise=True, onError=True)
    ((published,),) = debug.stage.world.machines.versions.values()
    definition = json.loads(published)
    asking = [name for name, state in definition["States"].items() if "stop" in name and state["Type"] == "Task"]
    assert asking == ["Price - stop", "Price - stop after failure", "Total - stop", "Total - stop after failure"]


@pytest.mark.parametrize(
    ("condition", "items", "stops"),
    [
        ("$json.n > 10", ITEMS, True),
        ("{{ $json.n > 10 }}", ITEMS, True),
        ("$json.n > 100", ITEMS, False),
        ("$input.all().length === 2 && $itemIndex === 1", ITEMS, True),
        ("$json.name", [{"json": {"name": ""}}], False),
        ("false", ITEMS, False),
        ("$json.missing.field", ITEMS, True),
    ],
)
def test_a_condition_is_asked_of_each_item_and_one_that_fails_stops(
    debug: Debug, condition: str, items: Any, stops: bool
) -> None:
    debug.start({"nodeId": "b", "condition": condition})
    assert (debug.reaches("b", items) is None) == stops
    if stops:
        (stop,) = debug.stops()
        assert stop["item"] == (0 if "missing" in condition else 1)
        assert bool(stop["problem"]) == ("missing" in condition)


def test_a_condition_sees_all_items_and_the_run_as_the_node_does(debug: Debug) -> None:
    made = debug.client.post("/api/variables", json=LIMIT)
    assert made.status_code == 201, made.text
    many = [{"json": {"n": n}} for n in range(300)]
    for condition in (
        "$input.all().length === 300",
        "$json.n > $vars.limit",
        "$execution.mode === 'draft' && $execution.trigger === 'manual'",
    ):
        debug.start({"nodeId": "b", "condition": condition})
        assert debug.reaches("b", many) is None, condition
        assert debug.stops()[0]["problem"] is None, condition
    debug.start({"nodeId": "b", "condition": "$json.n > 250"})
    assert debug.reaches("b", many), "the first 200 are asked"


def test_a_condition_about_items_that_are_gone_stops_and_says_so(debug: Debug) -> None:
    debug.start({"nodeId": "b", "condition": "$json.n > 100"})
    place = {"bucket": "data", "key": f"{debug.stage.tenant_id}/gone.json", "size": 9, "sha256": "0" * 64}
    assert debug.reaches("b", batch={"count": 1, "ref": place, "of": ["a", "main"]}) is None
    (stop,) = debug.stops()
    assert (stop["item"], stop["problem"].split(":")[0]) == (None, "The items that it is about could not be read")
    path = f"/api/executions/{debug.execution_id}/stops/{stop['id']}"
    refused(debug.client.get(path), 410, "items_gone")
    assert debug.go_on("run").status_code == 200


def test_conditions_that_take_too_long_together_stop_and_say_so() -> None:
    seconds = iter(range(0, 1000, 4))
    run = Run([{"nodeId": "b", "condition": "$json.n > 100"}], False, frozenset(), 60)
    batch: Batch = {"count": 2, "items": [{"json": {"n": 1}}] * 9}
    found = why(run, Arrived("b", "", {"main": [batch]}), lambda it: it["items"], dict, lambda: float(next(seconds)))
    assert found is not None
    assert (found.item, found.problem) == (2, "It took longer than 10 seconds, and was asked of 2 items only.")


def test_of_several_breakpoints_at_one_node_the_first_that_holds_stops(debug: Debug) -> None:
    debug.start(
        {"nodeId": "b", "condition": "$json.n > 100"},
        {"edge": EDGE, "condition": "$json.n > 10"},
        {"nodeId": "b"},
    )
    assert debug.reaches("b") is None
    (stop,) = debug.stops()
    assert (stop["reason"], stop["breakpoint"]["condition"], stop["item"]) == ("edge", "$json.n > 10", 1)
    debug.go_on("run")
    assert debug.stops() == [], "one stop, not three"
    assert debug.reaches("b", of="x", iteration="1") is None
    assert debug.stops()[0]["breakpoint"] == {"nodeId": "b", "edge": None, "condition": ""}


def test_an_edge_stops_only_for_what_comes_along_it(debug: Debug) -> None:
    debug.start({"edge": EDGE})
    assert debug.reaches("b", of="x")
    assert debug.reaches("b", of="a", iteration="1") is None
    assert debug.stops()[0]["reason"] == "edge"


def test_a_step_stops_at_the_next_node_of_its_own_branch_and_round(debug: Debug) -> None:
    debug.start(stepwise=True)
    assert debug.reaches("a", of="t") is None
    assert debug.reaches("b", of="t") is None
    debug.go_on("step", at=0)
    debug.go_on("run", at=0)
    assert debug.reaches("c", of="b"), "b was left by running on"
    assert debug.reaches("d", of="a") is None, "a was left by a step"
    debug.go_on("step")
    assert debug.reaches("e", of="d", iteration="3", leadsBack=["d"]) is None, "within a round"
    debug.go_on("run")
    assert debug.reaches("e", of="d", iteration="4"), "the loop is left as its round was"


def test_a_node_whose_output_is_given_is_left_as_the_one_before_it(debug: Debug) -> None:
    debug.start(stepwise=True)
    assert debug.reaches("a", of="t", handsTo=["pin"]) is None
    debug.go_on("step")
    assert debug.reaches("b", of="pin") is None
    debug.start(stepwise=True)
    assert debug.reaches("b", of="pin") is None, "before anything ran"


def test_items_are_put_in_in_place_of_those_that_came(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    origin = {"t": ["main", 0]}
    debug.reaches("b", [{"json": {"n": 1}, "origin": origin}, {"json": {"n": 2}}])
    stop = debug.stops()[0]["id"]
    shown = debug.client.get(f"/api/executions/{debug.execution_id}/stops/{stop}").json()["inputs"]
    assert shown == {"main": [{"json": {"n": 1}}, {"json": {"n": 2}}]}, "lineage is not shown"
    assert debug.go_on("run", items={"main": [{"json": {"n": 5}}]}).status_code == 200
    put = {"count": 1, "items": [{"json": {"n": 5}, "origin": origin}], "of": ["a", "main"]}
    assert debug.answered == ("token-1", {"attempts": 0, "inputs": {"main": [put]}}), "lineage stays"


@pytest.mark.parametrize("action", ["run", "step", "skip"])
def test_a_stop_without_items_is_looked_at_and_goes_on(debug: Debug, action: str) -> None:
    debug.start({"nodeId": "b"})
    assert debug.reaches("b", []) is None
    path = f"/api/executions/{debug.execution_id}/stops/{debug.stops()[0]['id']}"
    assert debug.client.get(path).json()["inputs"] == {"main": []}
    found = debug.client.post(f"{path}/evaluate", json={"text": "{{ $input.all().length }}"}).json()
    assert (found["value"], found["count"]) == (0, 0)
    assert debug.go_on(action).status_code == 200
    assert debug.answered[0] == "token-1"


def test_many_items_are_put_in_by_reference(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    many = [{"json": {"text": "x" * 1000, "n": n}} for n in range(100)]
    assert debug.go_on("run", items={"main": many}).status_code == 200
    batch = debug.answered[1]["inputs"]["main"][0]
    assert (batch["count"], "items" in batch) == (100, False)
    place = f"{debug.stage.tenant_id}/{debug.execution_id}/b/stop-0-main.json"
    assert batch["ref"]["key"] == place


@pytest.mark.parametrize(
    ("items", "field", "words"),
    [
        ({"main": [{"n": 1}]}, "items.main.0", "it has no `json` object"),
        ({"main": [{"json": [1]}]}, "items.main.0", "it has no `json` object"),
        ({"main": [{"json": {}, "extra": 1}]}, "items.main.0", "unknown key extra"),
        ({"main": [{"json": {}, "origin": {}}]}, "items.main.0", "`origin` is not yours to say"),
        ({"main": [{"json": {}, "binary": {"f": "text"}}]}, "items.main.0", "`binary` must map names to references"),
        ({"main": [None]}, "items.main.0", "it has no `json` object"),
        ({"other": []}, "items.other", "The node has no input 'other'; it has 'main'."),
        ({"main": []}, "items", "No item is left, and a node without items does not run: skip it."),
        ({"main": [{"json": {}}] * 1001}, "items.main", "These are 1,001 items; at most 1,000 are put in by hand."),
        ({"main": [{"json": {"x": "x" * 270_000}}]}, "items", "at most 256 KB are put in by hand."),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_with_where_and_why(
    debug: Debug, items: Any, field: str, words: str
) -> None:
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    problem = refused(debug.go_on("run", items=items), 422, "edit_refused")
    assert problem["errors"][0]["field"] == field
    assert words in problem["errors"][0]["message"]
    assert len(debug.stops()) == 1, "it waits as before"
    assert debug.go_on("run").status_code == 200


def test_a_node_is_passed_over_with_its_input(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    debug.go_on("skip")
    batch = {"count": 2, "items": ITEMS}
    assert debug.answered == ("token-1", {"attempts": 0, "skip": {"output": {"main": batch}}})
    told = debug.stage.world.events.events[-1]
    assert (told["type"], told["source"], told["output"]) == ("node.succeeded", {"kind": "skipped"}, {"main": batch})
    assert debug.reaches("c", of="b") is None, "and the next one stops"


def test_a_step_that_failed_stops_once_more_and_is_tried_again_or_fails(debug: Debug) -> None:
    failure = {"error": "HttpStatusError", "cause": json.dumps({"errorMessage": "It said 500."})}
    debug.start(onError=True)
    assert debug.reaches("b", failure=failure, attempts=2) is None
    (stop,) = debug.stops()
    assert (stop["reason"], stop["error"]["type"], stop["error"]["message"]) == (
        "error",
        "HttpStatusError",
        "It said 500.",
    )
    debug.go_on("run")
    given = {"main": [{"count": 2, "items": ITEMS, "of": ["a", "main"]}]}
    assert debug.answered[1] == {"attempts": 2, "inputs": given}, "with what it had"
    assert debug.reaches("b", failure=failure, attempts=3) is None
    debug.go_on("fail")
    assert debug.answered[1] == {"attempts": 3, "fails": True}
    debug.start()
    assert debug.reaches("b", failure=failure, attempts=1)
    assert debug.answered[1] == {"attempts": 1, "fails": True}, "nobody asked to stop after failures"


def test_only_a_failure_can_be_let_fail(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    refused(debug.go_on("fail"), 422, "edit_refused")


def test_of_two_people_at_one_stop_the_second_learns_who_was_first(debug: Debug) -> None:
    other, _ = debug.stage.member("operator")
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    stop = debug.stops()[0]["id"]
    assert debug.go_on("skip", by=other).status_code == 200
    problem = refused(debug.go_on("run", stop=stop), 409, "stop_ended")
    assert problem["detail"] == "M was first at 'Total' and passed it over."
    assert (problem["by"], problem["action"]) == ("M", "skip")
    assert len(debug.stage.world.tokens.answered) == 1


def test_a_stop_that_nothing_waits_at_any_more_says_so(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    stop = debug.stops()[0]["id"]
    debug.stage.world.tokens.error = AwsError("TaskTimedOut", "gone")
    refused(debug.go_on("run"), 409, "stop_gone")
    refused(debug.go_on("run", stop=stop), 409, "stop_gone")
    assert debug.stops() == []
    debug.reaches("b", iteration="1")
    debug.stage.world.tokens.error = AwsError("ServiceUnavailable", "away", retryable=True)
    refused(debug.go_on("run"), 503, "not_resumed")
    assert len(debug.stops()) == 1, "nothing has changed"


def test_expressions_are_evaluated_on_what_waits_and_on_what_is_being_edited(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    path = f"/api/executions/{debug.execution_id}/stops/{debug.stops()[0]['id']}/evaluate"

    def gives(text: str, **more: Any) -> Any:
        return debug.client.post(path, json={"text": text, **more}).json()

    assert gives("{{ $json.n * 2 }}", index=1) == {"value": 40, "error": None, "count": 2}
    assert gives("{{ $input.all().length }}", items={"main": [{"json": {}}]})["value"] == 1
    assert gives("{{ $json.a.b }}")["error"]["message"]
    assert gives("{{ $execution.trigger }}")["value"] == "manual"
    debug.client.post("/api/variables", json=LIMIT)
    assert gives("{{ $json.n > $vars.limit }}", index=1)["value"] is True
    refused(debug.client.post(path, json={"text": "{{ 1 }}", "items": {"main": [3]}}), 422, "edit_refused")


@pytest.mark.parametrize(
    ("breakpoint", "code", "words"),
    [
        ({"nodeId": "ghost"}, "unknown_node", "There is no node 'ghost' in the draft."),
        ({"edge": {**EDGE, "target": "t"}}, "unknown_node", "There is no edge between 'Price' and 'Start'"),
        ({"edge": {**EDGE, "sourcePort": "error"}}, "unknown_node", "There is no edge between 'Price' and 'Total'"),
        ({"nodeId": "t"}, "cannot_stop_here", "'Start' is a trigger"),
        ({"nodeId": "off"}, "cannot_stop_here", "'Off' is disabled"),
        ({"nodeId": "pin"}, "cannot_stop_here", "'Pinned' gives its pinned data"),
        ({"nodeId": "b", "condition": "{{ $json.n"}, "cannot_stop_here", "The condition cannot be read"),
        ({"nodeId": "b", "condition": "{{ $json.n }} > 3"}, "cannot_stop_here", "The condition is a text"),
        ({"nodeId": "b", "condition": "{{ $json.n }} && {{ $json.m }}"}, "cannot_stop_here", "The condition is a text"),
        (
            {"nodeId": "b", "condition": "$('Price').item.json.n"},
            "cannot_stop_here",
            "The condition reads another node",
        ),
    ],
)
def test_a_breakpoint_that_cannot_be_is_refused_by_name(debug: Debug, breakpoint: Any, code: str, words: str) -> None:
    problem = refused(debug.start(breakpoint), 422, code)
    assert problem["errors"][0]["field"].startswith("debug.breakpoints.0")
    assert words in problem["errors"][0]["message"]


def test_a_breakpoint_is_on_a_node_or_on_an_edge(debug: Debug) -> None:
    for both in ({}, {"nodeId": "b", "edge": EDGE}):
        refused(debug.start(both), 422, "invalid_request")


def test_an_item_of_another_node_is_the_one_that_the_item_here_is_from(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    gave = {"main": {"count": 3, "items": [{"json": {"n": n}} for n in (1, 2, 3)]}}
    with psycopg.connect(debug.stage.databases.owner) as connection:
        connection.execute(
            """INSERT INTO node_runs (tenant_id, execution_id, node_id, iteration, attempt, status, started_at, output)
               SELECT tenant_id, id, 'a', '', 1, 'succeeded', now(), %s::json FROM executions WHERE id = %s""",
            (json.dumps(gave), debug.execution_id),
        )
    kept = [{"json": {"kept": n}, "origin": {"a": ["main", n]}} for n in (2, 0)]
    debug.reaches("b", kept, of="off")
    debug.reaches("b", [{"json": {}}] * 3, of="a", iteration="1")
    behind, straight = (f"/api/executions/{debug.execution_id}/stops/{one['id']}/evaluate" for one in debug.stops())

    def gives(path: str, index: int, **more: Any) -> Any:
        body = {"text": "{{ $('Price').item.json.n }}", "index": index, **more}
        return debug.client.post(path, json=body).json()["value"]

    assert [gives(behind, index) for index in (0, 1)] == [3, 1], "not the one that stands in its place"
    assert gives(behind, 0, items={"main": [{"json": {"edited": True}}]}) == 3, "an edit keeps its lineage"
    assert [gives(straight, index) for index in (0, 1, 2)] == [1, 2, 3], "though no expression of the draft reads it"


def test_a_production_execution_is_debugged_with_its_data_and_not_with_the_drafts_pins(debug: Debug) -> None:
    assert debug.client.post(f"/api/workflows/{debug.workflow_id}/publish", json={}).is_success
    body = {"mode": "live", "items": [{"json": {"n": 7}}]}
    failed = debug.client.post(f"/api/workflows/{debug.workflow_id}/run", json=body).json()["executionId"]
    with psycopg.connect(debug.stage.databases.owner) as connection:
        for node, given in (("t", [{"json": {"n": 7}}]), ("a", [{"json": {"n": 8}}]), ("pin", [{"json": {"ran": 1}}])):
            connection.execute(
                """INSERT INTO node_runs
                     (tenant_id, execution_id, node_id, iteration, attempt, status, started_at, output)
                   SELECT tenant_id, id, %s, '', 1, 'succeeded', now(), %s::json FROM executions WHERE id = %s
                   ON CONFLICT (execution_id, node_id, iteration) DO UPDATE SET output = excluded.output""",
                (node, json.dumps({"main": {"count": 1, "items": given}}), failed),
            )
    before = debug.client.get(f"/api/workflows/{debug.workflow_id}").json()["document"]
    run = {"fromExecutionId": failed, "pinned": False, "debug": {"stepwise": True, "breakpoints": []}}
    for start, items in ((None, [{"json": {"n": 7}}]), ("b", [{"json": {"n": 8}}])):
        part = {**run, **({"startNodeId": start} if start else {})}
        answer = debug.client.post(f"/api/workflows/{debug.workflow_id}/run", json=part)
        assert answer.status_code == 202, answer.text
        debug.execution_id = answer.json()["executionId"]
        assert debug.client.get(f"/api/executions/{debug.execution_id}").json()["debug"] is True
        begun = debug.stage.world.starts.started[-1]
        given = begun["seed"]["a"]["output"]["main"]["items"] if start else begun["items"]
        assert given == items, "and not what is pinned, nor what the draft starts with"
        assert debug.reaches(start or "a", items, of="a" if start else "t") is None, "it stops at its first node"
    assert debug.client.get(f"/api/workflows/{debug.workflow_id}").json()["document"] == before
    assert debug.client.get(f"/api/executions/{failed}").json()["debug"] is False


def test_a_breakpoint_where_the_run_does_not_go_is_refused(debug: Debug) -> None:
    first = debug.client.post(f"/api/workflows/{debug.workflow_id}/run", json={}).json()["executionId"]
    part = {"fromExecutionId": first, "startNodeId": "b"}
    body = {**part, "debug": {"breakpoints": [{"nodeId": "a"}]}}
    problem = refused(debug.client.post(f"/api/workflows/{debug.workflow_id}/run", json=body), 422, "cannot_stop_here")
    assert "gives what it gave in an earlier execution" in problem["errors"][0]["message"]
    unpinned = {"pinned": False, "debug": {"breakpoints": [{"nodeId": "pin"}]}}
    answer = debug.client.post(f"/api/workflows/{debug.workflow_id}/run", json=unpinned)
    assert answer.status_code == 202, "without its pinned data it runs"
    debug.execution_id = answer.json()["executionId"]
    assert debug.reaches("pin") is None


def test_breakpoints_change_while_it_runs(debug: Debug) -> None:
    debug.start()
    assert debug.reaches("b")
    path = f"/api/executions/{debug.execution_id}/stops"
    changed = debug.client.put(path, json={"breakpoints": [{"nodeId": "b"}], "onError": True}).json()
    assert (changed["breakpoints"][0]["nodeId"], changed["onError"]) == ("b", True)
    assert debug.reaches("b", iteration="1") is None
    refused(debug.client.put(path, json={"breakpoints": [{"nodeId": "ghost"}]}), 422, "unknown_node")


def test_only_the_draft_is_debugged_and_only_debug_runs_have_stops(debug: Debug) -> None:
    run = {"mode": "live", "debug": {"breakpoints": []}}
    refused(debug.client.post(f"/api/workflows/{debug.workflow_id}/run", json=run), 422, "invalid_request")
    plain = debug.client.post(f"/api/workflows/{debug.workflow_id}/run", json={}).json()["executionId"]
    refused(debug.client.get(f"/api/executions/{plain}/stops"), 409, "not_a_debug_run")
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    stop = debug.stops()[0]["id"]
    for path in (f"/api/executions/{uuid.uuid4()}/stops", f"/api/executions/{plain}/stops/{stop}"):
        refused(debug.client.get(path), 404, "not_found")
    stranger = debug.stage.world.person()
    refused(stranger.get(f"/api/executions/{debug.execution_id}/stops/{stop}"), 404, "not_found")
    refused(debug.go_on("run", by=stranger, stop=stop), 404, "not_found")


def test_who_only_reads_sees_a_stop_and_ends_none(debug: Debug) -> None:
    viewer, _ = debug.stage.member("viewer")
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    assert viewer.get(f"/api/executions/{debug.execution_id}/stops").status_code == 200
    refused(debug.go_on("run", by=viewer), 403, "not_allowed")


def test_a_stop_whose_time_is_over_ends_the_run_and_says_so(debug: Debug, databases: Databases) -> None:
    debug.start({"nodeId": "b"}, stopSeconds=60)
    debug.reaches("b")
    world = debug.stage.world
    stops = Stops(debug.link, Aborts(), world.events.send)
    assert stops.sweep() == 0, "there is time"
    with psycopg.connect(databases.owner) as connection:
        past = "UPDATE debug_stops SET expires_at = now() - interval '1 s' WHERE execution_id = %s"
        connection.execute(past, (debug.execution_id,))
    stop = debug.stops()[0]["id"]
    assert stops.sweep() == 1
    told = world.events.events[-1]
    assert (told["type"], told["error"]) == ("execution.timed_out", {**ERROR, "details": {"nodeId": "b"}})
    problem = refused(debug.go_on("run", stop=stop), 409, "stop_gone")
    assert problem["detail"] == "The time to go on at 'Total' was over, and the run has ended."
    assert stops.sweep() == 0


def test_who_let_a_node_go_is_in_the_audit(debug: Debug) -> None:
    debug.start({"nodeId": "b"})
    debug.reaches("b")
    debug.go_on("step", items={"main": [{"json": {}}]})
    (entry,) = debug.client.get("/api/audit", params={"action": "execution.stop_ended"}).json()["items"]
    assert entry["details"] == {"nodeId": "b", "wayOn": "step", "edited": True}
