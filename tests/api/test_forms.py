"""Forms that are published: where they are, whose paths are taken, and which cannot be shown."""

from typing import Any

import psycopg
import pytest

from stepweave_data.hooks.tries import Tries
from tests.api.conftest import World
from tests.api.test_publishing import publish, save
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases

ROW = {"name": "email", "type": "email", "required": True}


def form(path: str = "contact", *rows: dict[str, Any], **params: Any) -> dict[str, Any]:
    document = workflow()
    whole = {"path": path, "title": "Contact", "fields": list(rows or [ROW]), **params}
    document["nodes"][0] |= {"type": "form_trigger", "params": whole}
    return document


def test_a_form_has_an_address_once_it_is_published(world: World, databases: Databases) -> None:
    client = world.person()
    id = made(client, form(color="#ff0000"))["id"]
    assert client.get(f"/api/workflows/{id}").json()["webhooks"] == []
    assert publish(client, id).status_code == 200
    (found,) = client.get(f"/api/workflows/{id}").json()["webhooks"]
    slug = client.get("/api/me").json()["tenant"]["slug"]
    assert (found["method"], found["path"]) == ("FORM", "contact")
    assert found["url"].endswith(f"/forms/{slug}/contact")
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute("SELECT method, target FROM hook_targets(%s, %s)", (slug, "~form/contact")).fetchone()
    assert row is not None
    method, target = row
    assert (method, target["page"]["button"], target["perMinute"]) == ("FORM", "", 10)
    assert target["look"] == {
        "color": "#ff0000", "appearance": "auto", "logoUrl": "", "language": "en", "embed": "",
    }  # fmt: skip
    assert target["page"]["fields"] == [{"name": "email", "type": "email", "label": "email", "required": True}]
    client.post(f"/api/workflows/{id}/unpublish")
    assert client.get(f"/api/workflows/{id}").json()["webhooks"] == []


def test_a_path_is_one_forms_and_no_webhooks(world: World) -> None:
    client = world.person()
    id = made(client, form("shop"))["id"]
    assert publish(client, id).status_code == 200
    other = made(client, form("shop"))["id"]
    refused = publish(client, other)
    assert is_problem(refused, 409, "webhook_taken")
    assert refused.json()["errors"][0]["field"] == "params.path"
    hook = workflow()
    hook["nodes"][0] |= {"type": "webhook_trigger", "params": {"path": "shop"}}
    assert publish(client, made(client, hook)["id"]).status_code == 200


@pytest.mark.parametrize(
    ("rows", "field", "says"),
    [
        ([ROW, ROW], "params.fields.1.name", "Two fields"),
        ([{"name": "a", "type": "choice"}], "params.fields.0.choices", "nothing to choose from"),
        ([{"name": "a", "pattern": "(a"}], "params.fields.0.pattern", "cannot be read"),
    ],
)
def test_a_form_that_cannot_be_shown_is_not_published(
    world: World, rows: list[dict[str, Any]], field: str, says: str
) -> None:
    client = world.person()
    created = made(client, form("broken"))
    save(client, created["id"], form("broken", *rows), created["revision"])
    refused = publish(client, created["id"])
    assert refused.status_code == 422
    (found,) = refused.json()["diagnostics"]
    assert found["field"].startswith(field)
    assert says in found["message"] or found["code"] != "trigger_refused"


def test_a_draft_listens_at_its_test_address(world: World) -> None:
    client = world.person()
    id = made(client, form("draft", {"name": "email", "type": "email"}, color="#00ff00"))["id"]
    begun = client.post(f"/api/workflows/{id}/triggers/t/listen")
    assert (begun.status_code, begun.json()["state"]) == (200, "waiting"), begun.text
    slug, listen_id = client.get("/api/me").json()["tenant"]["slug"], begun.json()["id"]
    known = Tries(world.redis).of(slug)[listen_id]
    assert (known["path"], known["methods"]) == ("~form/draft", ["FORM"])
    assert (known["target"]["page"]["fields"][0]["name"], known["target"]["look"]["color"]) == ("email", "#00ff00")
    assert set(known["target"]["start"]) == {"tenant_id", "workflow_id"}
    assert Tries(world.redis).hear(slug, listen_id, {"count": 1, "items": [{"json": {"email": "a@b.c"}}]})
    heard = client.get(f"/api/workflows/{id}/listens/{listen_id}").json()
    assert (heard["state"], heard["items"]) == ("heard", [{"json": {"email": "a@b.c"}}])


def test_a_form_that_cannot_be_shown_does_not_listen(world: World) -> None:
    client = world.person()
    created = made(client, form("broken"))
    save(client, created["id"], form("broken", {"name": "a", "pattern": "(a"}), created["revision"])
    refused = client.post(f"/api/workflows/{created['id']}/triggers/t/listen")
    assert refused.status_code == 422
    assert refused.json()["diagnostics"][0]["field"].startswith("params.fields.0.pattern")


def test_a_run_by_hand_starts_with_what_is_filled_in_at_first(world: World) -> None:
    client = world.person()
    id = made(client, form("hand", ROW, {"name": "n", "default": "7"}, {"name": "i", "type": "info", "content": "x"}))
    assert client.post(f"/api/workflows/{id['id']}/run", json={}).status_code == 202
    (item,) = world.starts.started[-1]["items"]
    assert item["json"].pop("submittedAt").endswith("Z")
    assert item["json"] == {"email": None, "n": "7"}
