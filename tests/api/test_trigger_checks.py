"""Test calls of triggers: each by its kind, over the production address, and what is said where one does not arrive."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from api import deps
from api.services.trigger_checks import TriggerChecks
from stepweave.aws.control.node_functions import AskFailed
from stepweave_data.hooks.probing import HEADER, is_probe
from stepweave_data.hooks.requests import Request
from stepweave_data.oauth2.replies import NoReply, Reply
from tests.api.conftest import World
from tests.api.test_routes import is_problem
from tests.api.test_schedules import published
from tests.api.test_triggers import many
from tests.fixtures.servers import Databases

SECRET = "a secret that signs"


class Edge:
    """The way to the webhook function: answers as that does, or with `reply`."""

    def __init__(self, workflow_id: str = "", reply: Any = None) -> None:
        self.workflow_id, self.reply = workflow_id, reply
        self.called: list[tuple[str, str]] = []

    def __call__(self, method: str, url: str, headers: Mapping[str, str]) -> Reply:
        room, slug, path = unquote(urlsplit(url).path).strip("/").split("/", 2)
        self.called.append((method, f"{room}/{path}"))
        assert is_probe(Request(slug, path, method, dict(headers), "", b""), room, lambda: SECRET)
        assert HEADER in headers
        if isinstance(self.reply, Exception):
            raise self.reply
        node = {"hooks/orders/test": "hook", "forms/contact": "form"}.get(f"{room}/{path}", "hook")
        told = json.dumps({"workflowId": self.workflow_id, "nodeId": node, "paused": False})
        return self.reply or Reply(200, told.encode(), "application/json")


def document() -> dict[str, Any]:
    whole = many()
    whole["nodes"][1]["params"]["path"] = "orders/:id"
    form = {
        "id": "form",
        "type": "form_trigger",
        "version": 1,
        "name": "Form",
        "params": {"path": "contact", "title": "Contact"},
    }
    whole["nodes"].insert(0, form)
    whole["edges"].append({"id": "eform", "source": "form", "target": "end"})
    return whole


def found(world: World, client: Any, id: str, edge: Edge) -> dict[str, dict[str, Any]]:
    calls = TriggerChecks(lambda: world.nodes, lambda: SECRET, "http://stepweave.test", edge)
    world.app.dependency_overrides[deps.trigger_checks] = lambda: calls
    answer = client.post(f"/api/workflows/{id}/triggers/test-calls")
    assert answer.status_code == 200, answer.text
    return {one["nodeId"]: one for one in answer.json()["items"]}


def test_each_trigger_is_called_as_its_kind_is_and_nothing_starts(world: World) -> None:
    client = world.person()
    id = published(client, document())
    edge = Edge(id)
    told = found(world, client, id, edge)
    assert sorted(edge.called) == [("GET", "forms/contact"), ("POST", "hooks/orders/test")]
    assert {node: one["outcome"] for node, one in told.items()} == {
        "form": "answered",
        "tick": "waits",
        "hook": "answered",
        "call": "waits",
        "fail": "waits",
        "hand": "waits",
    }
    assert all(one["message"] and not one["remedy"] for one in told.values())
    assert told["hook"]["address"].endswith("/orders/test")
    assert told["hook"]["milliseconds"] >= 0
    assert told["tick"]["next"] is not None
    assert client.get("/api/executions").json()["items"] == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (NoReply("the host does not answer"), "No call arrives: the host does not answer"),
        (Reply(404, b"{}", "application/json"), "status 404"),
        (Reply(200, b"<html>", "text/html"), "not as this platform does"),
        (Reply(200, b"[" * 5000, "application/json"), "not as this platform does"),
        (Reply(200, b'{"workflowId": "another", "nodeId": "hook"}', "application/json"), "leads to another trigger"),
    ],
)
def test_what_does_not_arrive_is_said_and_stays_published(world: World, reply: Any, words: str) -> None:
    client = world.person()
    id = published(client, document())
    told = found(world, client, id, Edge(id, reply))
    assert (told["hook"]["outcome"], told["form"]["outcome"]) == ("failed", "failed")
    assert words in told["hook"]["message"]
    assert told["hook"]["remedy"]
    assert told["tick"]["outcome"] == "waits"
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] == 1


def test_a_trigger_that_is_off_is_not_called(world: World) -> None:
    client = world.person()
    id = published(client, document())
    client.put(f"/api/workflows/{id}/triggers/hook", json={"enabled": False})
    edge = Edge(id)
    assert found(world, client, id, edge)["hook"]["outcome"] == "off"
    assert edge.called == [("GET", "forms/contact")]


def test_a_list_is_asked_once_and_its_cursor_stays(world: World, databases: Databases) -> None:
    client = world.person()
    world.nodes.answer = lambda payload: {"items": [], "cursor": {"seen": 1}, "more": False}
    whole = document()
    whole["nodes"][0] |= {"type": "poll_trigger", "params": {"url": "https://shop.example/orders"}}
    id = published(client, whole)

    def cursors() -> list[Any]:
        with psycopg.connect(databases.owner) as connection:
            return connection.execute("SELECT cursor FROM registrations WHERE workflow_id = %s", (id,)).fetchall()

    before, asked = cursors(), len(world.nodes.asked)
    world.nodes.answer = lambda payload: {"items": [{"id": 1}], "cursor": {"seen": 2}, "more": False}
    told = found(world, client, id, Edge(id))["form"]
    assert (told["outcome"], told["message"]) == ("answered", "The list answers.")
    assert len(world.nodes.asked) == asked + 1
    assert world.nodes.asked[-1][2]["given"] == {"cursor": None, "first": False, "limit": 1}

    def fails(payload: Any) -> Any:
        raise AskFailed({"type": "HttpClientError", "message": "401.", "remedy": "Mend the credential."})

    world.nodes.answer = fails
    told = found(world, client, id, Edge(id))["form"]
    assert (told["outcome"], told["message"], told["remedy"]) == ("failed", "401.", "Mend the credential.")
    assert cursors() == before


def test_drafts_have_nothing_to_call_and_anothers_workflow_is_not_there(world: World) -> None:
    client = world.person()
    draft = client.post("/api/workflows", json=document()).json()["id"]
    assert found(world, client, draft, Edge(draft)) == {}
    answer = world.person().post(f"/api/workflows/{draft}/triggers/test-calls")
    assert is_problem(answer, 404, "not_found")
