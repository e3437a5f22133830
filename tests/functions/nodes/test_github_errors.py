"""What becomes of items that GitHub refuses: the node stops, goes on, or sends them another way; in loops, too."""

import json
from typing import Any, cast

import pytest

from functions.nodes import catalogue
from functions.nodes.apps.github.run import run
from functions.nodes.apps.github.spec import APP, SPEC
from local.offline.running import run_workflow
from local.offline.steps import Steps
from stepweave.model.step import STEP_DEFAULTS, StepPayload
from stepweave.model.workflow import Workflow
from stepweave.runtime.http import operations
from stepweave.runtime.http_errors import HttpClientError
from stepweave.runtime.running import run_step
from tests.fakes import steps as fakes
from tests.fakes.steps import Bench, items
from tests.fakes.web import Web
from tests.functions.nodes.test_github import ONE, gives, pages, params


@pytest.fixture
def node(web: Web, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setitem(operations.BASE_URLS, APP.base_url, web.url(""))
    monkeypatch.setattr(fakes, "hosts_of", lambda type, data: ("127.0.0.1",))
    made = Bench(SPEC, run)
    made.outside.credentials["c", "github_token"] = {"token": "ghp_secret"}
    return made


def one_of_three_fails(web: Web) -> dict[str, Any]:
    """Issue 2 is not there."""
    for number in (1, 3):
        web.routes[f"/repos/octocat/hello-world/issues/{number}"] = gives({"number": number})
    web.routes["/repos/octocat/hello-world/issues/2"] = gives({"message": "Not Found"}, 404)
    return params("issue", "get", number="{{ $json.n }}")


THREE = items({"n": 1}, {"n": 2}, {"n": 3})


def test_the_first_item_that_fails_stops_the_node(web: Web, node: Bench) -> None:
    with pytest.raises(HttpClientError, match="Not Found") as failed:
        node(one_of_three_fails(web), THREE)
    assert failed.value.item == 1
    assert len([asked for asked in web.asked if asked.path.endswith("/2")]) == 1


def test_a_node_that_goes_on_puts_the_error_in_the_items_place(web: Web, node: Bench) -> None:
    first, failed, last = node.json(one_of_three_fails(web), THREE, settings={"onError": "continue"})
    assert (first, last) == ({"number": 1}, {"number": 3})
    assert failed["n"] == 2
    assert (failed["error"]["type"], failed["error"]["details"]["status"]) == ("HttpClientError", 404)
    assert failed["error"]["message"].startswith("Issue: Get: ")
    assert "ghp_secret" not in json.dumps(failed)


def test_a_node_with_a_branch_sends_the_item_that_failed_there(web: Web, node: Bench) -> None:
    given, settings = one_of_three_fails(web), {"onError": "branch"}
    assert node.json(given, THREE, settings=settings) == [{"number": 1}, {"number": 3}]
    [failed] = node.json(given, THREE, port="error", settings=settings)
    assert (failed["n"], failed["error"]["type"]) == (2, "HttpClientError")


def test_a_list_that_breaks_off_gives_nothing_of_its_item(web: Web, node: Bench) -> None:
    pages(web, 5)
    web.routes["/repositories/1296269/issues"] = gives({"message": "Server Error"}, 502)  # the second page and on
    settings = {"onError": "branch"}
    output = node(params("issue", "list", returnAll=True), ONE, settings=settings)["output"]
    assert output.keys() == {"error"}
    [failed] = node.json(params("issue", "list", returnAll=True), ONE, port="error", settings=settings)
    assert failed["error"]["type"] == "HttpServerError"


@pytest.mark.parametrize(
    ("settings", "done", "failed"),
    [
        ({"onError": "continue"}, [1, "HttpClientError", 3], None),
        ({"onError": "branch"}, [1, 3], None),
        ({}, None, "HttpClientError"),
    ],
    ids=["continue", "branch", "stop"],
)
def test_a_round_of_a_loop_that_fails_goes_the_way_that_its_node_says(
    web: Web,
    node: Bench,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    done: list[Any] | None,
    failed: str | None,
) -> None:
    own = Steps.run

    def run_real(steps: Steps, payload: dict[str, Any]) -> Any:
        if payload["node"]["type"] != SPEC.type:
            return own(steps, payload)
        whole = cast("StepPayload", {**STEP_DEFAULTS, **payload})
        return run_step(SPEC, run, whole, node.outside.services, seconds=30)

    monkeypatch.setattr(Steps, "run", run_real)
    place = {"version": 1, "position": {"x": 0, "y": 0}}
    nodes: list[dict[str, Any]] = [
        {"id": "start", "type": "manual_trigger", "name": "Start"},
        {"id": "loop", "type": "loop", "name": "Loop", "params": {"mode": "each", "batchSize": 1}},
        {"id": "gh", "type": "github", "name": "G", "params": one_of_three_fails(web), "settings": settings},
    ]
    ways = [("start", "main", "loop", "main"), ("loop", "loop", "gh", "main"), ("gh", "main", "loop", "back")]
    edges = [
        {"id": f"e{n}", "source": source, "sourcePort": port, "target": target, "targetPort": into}
        for n, (source, port, target, into) in enumerate(ways)
    ]
    document = {"schema": 1, "name": "W", "nodes": [{**place, **one} for one in nodes], "edges": edges}
    outcome = run_workflow(Workflow.model_validate(document), catalogue.catalogue(), "start", THREE)
    assert (outcome.error or {}).get("type") == failed
    if done is not None:
        output = outcome.runs["loop", ""] or {}
        found = [one["json"] for one in output["done"]]
        assert [one["error"]["type"] if "error" in one else one["number"] for one in found] == done
