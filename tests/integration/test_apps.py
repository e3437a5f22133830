"""What becomes of items that a provider refuses, on the embedded stack: stopped, gone on with, sent another way."""

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from local.client.rest import Client
from local.settings import LocalSettings
from tests.fakes.github import BASE_URL, GitHub
from tests.fakes.web import web_server
from tests.fixtures.app_servers import in_place_of
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_triggers import credential

pytestmark = pytest.mark.integration

REPOSITORY = f"errors-{uuid.uuid4().hex[:6]}"
TITLES = [{"title": "First"}, {"title": "Status 404"}, {"title": "Last"}]


@pytest.fixture(scope="module")
def github(settings: LocalSettings) -> Iterator[GitHub]:
    """A GitHub that the node's function asks; an issue whose title is `Status 404` is refused with that."""
    with web_server() as web, in_place_of(settings, BASE_URL, web.url(""), "node-github-v1"):
        made = GitHub(web)
        made.opens(REPOSITORY)
        yield made


def opening(credential: str, settings: dict[str, Any], titles: list[dict[str, str]] = TITLES) -> dict[str, Any]:
    """Return a workflow that opens issues, and counts what comes out of each port."""
    issue = {
        "credential": credential,
        "resource": "issue",
        "operation": "create",
        "owner": "octocat",
        "repository": REPOSITORY,
        "issueCreateTitle": "{{ $json.title }}",
    }
    nodes = [
        node("make", "set_fields", {"assignments": []}),
        {**node("open", "github", issue), "settings": settings},
        node("after", "no_op"),
    ]
    edges = ["start>make", "make>open", "open>after"]
    if settings.get("onError") == "branch":
        nodes.append(node("refused", "no_op"))
        edges.append("open.error>refused")
    made = workflow(f"Issues {uuid.uuid4().hex[:6]}", nodes, *edges)
    made["nodes"][0]["params"] = {"items": titles}
    return made


def in_a_loop(document: dict[str, Any]) -> dict[str, Any]:
    """Return the workflow with the opening of issues in a loop, an item at a time."""
    document["nodes"].append(node("loop", "loop", {"batchSize": 1}))
    ways = {"make": ("make", "main", "loop", "main"), "open": ("open", "main", "loop", "back")}
    edges = [edge for edge in document["edges"] if edge["source"] not in ways]
    ways["body"] = ("loop", "loop", "open", "main")
    ways["after"] = ("loop", "done", "after", "main")
    names = ("source", "sourcePort", "target", "targetPort")
    edges += [{"id": name, **dict(zip(names, way, strict=True))} for name, way in ways.items()]
    return {**document, "edges": edges}


def test_items_that_a_provider_refuses_go_the_way_that_the_node_says(tenant: Session, github: GitHub) -> None:
    async def run(client: Client) -> list[dict[str, Any]]:
        key = await credential(client)
        again = {"retry": {"maxAttempts": 1, "intervalSeconds": 1}}
        documents = [
            opening(key, {}),
            opening(key, {"onError": "continue"}),
            opening(key, {"onError": "branch"}),
            in_a_loop(opening(key, {"onError": "continue"})),
            in_a_loop(opening(key, {})),
            opening(key, again, [{"title": "Once"}, {"title": "Status 503"}]),
        ]
        return list(await asyncio.gather(*(run_draft(client, document) for document in documents)))

    stopped, went_on, branched, looped, loop_stopped, retried = tenant(run)

    for failed in (stopped, loop_stopped):
        assert failed["status"] == "failed"
        assert next(run["status"] for run in failed["nodeRuns"] if run["nodeId"] == "open") == "failed"
        assert failed["error"]["type"] == "HttpClientError"
        assert "It says 404" in failed["error"]["message"]
    for execution in (went_on, looped):
        assert execution["status"] == "succeeded", execution["error"]
        first, refused, last = outputs(execution, "after")
        assert (first["title"], last["title"]) == ("First", "Last")
        assert (refused["title"], refused["error"]["type"]) == ("Status 404", "HttpClientError")
        assert refused["error"]["details"]["status"] == 404
    assert branched["status"] == "succeeded", branched["error"]
    assert [item["title"] for item in outputs(branched, "after")] == ["First", "Last"]
    [refused] = outputs(branched, "refused")
    assert (refused["title"], refused["error"]["details"]["status"]) == ("Status 404", 404)
    assert retried["status"] == "failed"
    assert retried["error"]["type"] == "HttpServerError"
    assert [issue["title"] for issue in github.issues].count("Once") == 1
