"""Chats that are published: where they are, whose output answers, and what cannot be."""

from typing import Any

import psycopg
import pytest

from api.services.publishing import chats
from stepweave.model.workflow import Edge, Node, Workflow
from tests.api.conftest import World
from tests.api.test_publishing import publish
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases


def chat(path: str = "help", **params: Any) -> dict[str, Any]:
    document = workflow()
    document["nodes"][0] |= {"type": "chat_trigger", "params": {"path": path, "title": "Ask us", **params}}
    return document


def target_of(databases: Databases, slug: str, path: str) -> dict[str, Any]:
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute("SELECT target FROM hook_targets(%s, %s)", (slug, f"~chat/{path}")).fetchone()
    assert row is not None
    found: dict[str, Any] = row[0]
    return found


def test_a_chat_has_an_address_once_it_is_published(world: World, databases: Databases) -> None:
    client = world.person()
    document = chat(suggestions="One?\n\n Two? ", takesFiles=True, accept="image/*, .PDF")
    id = made(client, document)["id"]
    assert publish(client, id).status_code == 200
    slug = client.get("/api/me").json()["tenant"]["slug"]
    (found,) = client.get(f"/api/workflows/{id}").json()["webhooks"]
    assert (found["method"], found["path"], found["url"].endswith(f"/chat/{slug}/help")) == ("CHAT", "help", True)
    target = target_of(databases, slug, "help")
    assert target["says"]["suggestions"] == ["One?", "Two?"]
    assert target["files"] == {"accept": ["image/*", ".pdf"], "most": 3}
    # The last node answers.
    last = document["nodes"][-1]["id"]
    assert (target["view"]["answers"], last in target["view"]["steps"]) == ([last], True)
    assert document["nodes"][0]["id"] not in target["view"]["steps"]


def test_a_node_that_is_named_answers_and_steps_may_be_kept_to_oneself(world: World, databases: Databases) -> None:
    client = world.person()
    document = chat(showSteps=False)
    first = document["nodes"][1]
    document["nodes"][0]["params"]["answerNode"] = first["name"]
    assert publish(client, made(client, document)["id"]).status_code == 200
    slug = client.get("/api/me").json()["tenant"]["slug"]
    assert target_of(databases, slug, "help")["view"] == {"answers": [first["id"]], "field": "", "steps": {}}


def test_an_agent_answers_and_its_tools_do_not(world: World) -> None:
    def node(id: str, type: str) -> Node:
        return Node.model_validate({"id": id, "type": type, "name": id})

    def edge(source: str, port: str, target: str) -> Edge:
        return Edge.model_validate({"id": f"{source}{target}", "source": source, "sourcePort": port, "target": target})

    nodes = [
        node("chat", "chat_trigger"),
        node("agent", "agent"),
        node("look", "http_request"),
        node("pick", "set_fields"),
    ]
    edges = [edge("chat", "main", "agent"), edge("agent", "tools", "look"), edge("look", "main", "pick")]
    document = Workflow(name="W", nodes=nodes, edges=edges)
    params = {"answerNode": "", "answerField": "", "showSteps": True}
    assert chats.view_of(nodes[0], document, params)["answers"] == ["agent"]
    after = Workflow(name="W", nodes=[*nodes, node("end", "no_op")], edges=[*edges, edge("agent", "main", "end")])
    view = chats.view_of(nodes[0], after, params)
    # Tools are steps like others: visitors see that they are at work.
    assert (view["answers"], sorted(view["steps"])) == (["end"], ["agent", "end", "look", "pick"])


def test_a_path_is_one_chats_and_no_forms(world: World) -> None:
    client = world.person()
    assert publish(client, made(client, chat("shop"))["id"]).status_code == 200
    refused = publish(client, made(client, chat("shop"))["id"])
    assert is_problem(refused, 409, "webhook_taken")
    form = workflow()
    form["nodes"][0] |= {"type": "form_trigger", "params": {"path": "shop", "title": "F", "fields": [{"name": "a"}]}}
    assert publish(client, made(client, form)["id"]).status_code == 200


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"answerNode": "Nobody"}, "params.answerNode"),
        ({"access": "password"}, "params.password"),
        ({"takesFiles": True, "accept": "pdf;exe"}, "params.accept"),
        ({"embed": "javascript:alert(1)"}, "params.embed"),
        ({"color": "red;}body{"}, "params.color"),
    ],
)
def test_a_chat_that_cannot_be_shown_is_not_published(world: World, params: dict[str, Any], field: str) -> None:
    client = world.person()
    refused = publish(client, made(client, chat(**params))["id"])
    assert refused.status_code == 422
    assert [found["field"] for found in refused.json()["diagnostics"] if found["severity"] == "error"] == [field]


def test_a_run_by_hand_starts_with_a_message_without_words(world: World) -> None:
    client = world.person()
    id = made(client, chat())["id"]
    assert client.post(f"/api/workflows/{id}/run", json={}).status_code == 202
    (item,) = world.starts.started[-1]["items"]
    assert {name: item["json"][name] for name in ("chatInput", "action", "files")} == {
        "chatInput": "", "action": "sendMessage", "files": [],
    }  # fmt: skip


CHALLENGE = "c" * 43


def test_a_member_is_let_into_a_chat_of_the_workspace(world: World) -> None:
    client = world.person()
    assert publish(client, made(client, chat(access="members"))["id"]).status_code == 200
    slug = client.get("/api/me").json()["tenant"]["slug"]
    entered = client.post("/api/chats/entry", json={"chat": f"{slug}/help", "challenge": CHALLENGE})
    assert entered.status_code == 200
    address, _, code = entered.json()["address"].partition("#entry=")
    at = f"http://stepweave.test/chat/{slug}/help"
    assert (address, code.split(".")[1]) == (at, client.get("/api/me").json()["user"]["id"])
    # Of another workspace, or where no chat is, nobody is let in.
    for asked, who in ((f"{slug}/help", world.person()), (f"{slug}/none", client)):
        assert is_problem(who.post("/api/chats/entry", json={"chat": asked, "challenge": CHALLENGE}), 404, "not_found")
    for wrong in (
        {"chat": f"{slug}/../x#"},
        {"chat": f"{slug}/help", "challenge": "short"},
        {"chat": "//evil.example/x"},
    ):
        assert client.post("/api/chats/entry", json={"challenge": CHALLENGE, **wrong}).status_code == 422
