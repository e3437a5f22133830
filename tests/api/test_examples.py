"""A team at work: what most examples of the OpenAPI document are taken from (`recording.py`), route after route."""

from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient

from stepweave.model.events import EventType
from stepweave.runtime.events import event
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_approvals import Stage
from tests.api.test_iterations import execution_of, loop
from tests.api.test_routes import recorded
from tests.fixtures.servers import Databases
from tests.fixtures.talks import as_node, remember

ORDERS = {"main": {"count": 2, "items": [{"json": {"order": 1042}}, {"json": {"order": 1043}}]}}


def node(id: str, type: str, name: str, **params: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": name, "params": params, "position": {"x": 0, "y": 0}}


def orders(*triggers: dict[str, Any]) -> dict[str, Any]:
    """A workflow that begins with triggers, a manual one unless given, and ends in a node."""
    begins = triggers or (node("start", "manual_trigger", "By hand"),)
    edges = [{"id": f"{one['id']}-end", "source": one["id"], "target": "end"} for one in begins]
    return {"schema": 1, "name": "Orders", "nodes": [*begins, node("end", "no_op", "Done")], "edges": edges}


def well(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def created(client: TestClient, document: dict[str, Any]) -> str:
    return str(well(client.post("/api/workflows", json=document), 201)["id"])


def test_somebody_registers_changes_things_and_leaves(world: World) -> None:
    client = world.anonymous()
    world.redis.flushdb()
    body = {"email": email(), "password": PASSWORD, "name": "Ada", "tenantName": "Difference Works"}
    session = well(client.post("/api/auth/register", json=body), 201)
    session = well(client.post("/api/auth/login", json={"email": body["email"], "password": PASSWORD}))
    session = well(client.post("/api/auth/refresh"))
    client.headers["Authorization"] = f"Bearer {session['accessToken']}"
    assert well(client.get("/api/me"))["user"]["name"] == "Ada"
    assert well(client.patch("/api/me", json={"name": "Ada Lovelace"}))["user"]["name"] == "Ada Lovelace"
    assert well(client.patch("/api/tenant", json={"name": "Difference & Co"}))["tenant"]["name"] == "Difference & Co"
    assert [member["role"] for member in well(client.get("/api/members"))["items"]] == ["owner"]
    assert well(client.post("/api/live/ticket"))["url"].startswith("ws")
    changed = {"currentPassword": PASSWORD, "newPassword": "staple the battery 7"}
    well(client.post("/api/auth/password", json=changed))
    well(client.post("/api/sessions/end"), 204)
    well(client.post("/api/auth/logout"), 204)
    assert well(client.get("/api/health")) == {"status": "ok"}


def test_workflows_are_drawn_put_in_order_and_published(world: World) -> None:
    client = world.person()
    assert well(client.post("/api/workflows/validate", json={**orders(), "nodes": [], "edges": []}))["diagnostics"]
    hook = node("hook", "webhook_trigger", "An order", path="orders", respond="immediately")
    each_day = node("daily", "schedule_trigger", "Each morning", expression="0 9 * * 1-5", timeZone="Europe/Berlin")
    polled = node("new", "poll_trigger", "New orders", url="https://shop.example/api/orders", idAt="number")
    world.nodes.answer = answer_of_a_shop
    id = created(client, orders(hook, each_day, polled))
    folder = well(client.post("/api/folders", json={"name": "Shop", "parentId": None}), 201)["id"]
    well(client.put(f"/api/folders/{folder}", json={"name": "The shop"}))
    tag = well(client.post("/api/tags", json={"name": "daily", "color": "blue"}), 201)["id"]
    well(client.put(f"/api/tags/{tag}", json={"name": "each day", "color": "teal"}))
    well(client.post("/api/workflows/bulk", json={"action": "move", "ids": [id], "folderId": folder}))
    well(client.post("/api/workflows/bulk", json={"action": "tag", "ids": [id], "addTagIds": [tag]}))
    assert well(client.get("/api/folders"))["items"][0]["workflows"] == 1
    assert well(client.get("/api/tags"))["items"][0]["workflows"] == 1
    saved = {"document": {**orders(hook, each_day, polled), "name": "New orders"}, "revision": 1}
    assert well(client.put(f"/api/workflows/{id}", json=saved))["revision"] == 2
    version = well(client.post(f"/api/workflows/{id}/publish", json={"note": "Looks at new orders, too"}))
    assert version["number"] == 1
    assert well(client.get(f"/api/workflows/{id}"))["webhooks"][0]["path"] == "orders"
    assert well(client.get("/api/workflows", params={"tagId": tag}))["items"][0]["nodeCount"] == 4
    assert len(well(client.get(f"/api/workflows/{id}/versions"))["items"]) == 1
    assert well(client.get(f"/api/workflows/{id}/versions/1"))["document"]["name"] == "New orders"
    well(client.post(f"/api/workflows/{id}/versions/1/publish"))
    listed = well(client.get("/api/schedules"))
    [schedule], [poll] = listed["items"], listed["polls"]
    assert poll["expression"] == "rate(5 minutes)"
    span = {"from": "2027-01-04T00:00:00Z", "to": "2027-01-11T00:00:00Z"}
    [fires] = well(client.get("/api/schedules/fires", params=span))["items"]
    assert len(fires["at"]) == 5
    line = {"expression": "0 9 * * 1-5", "timeZone": "Europe/Berlin"}
    assert len(well(client.post("/api/schedules/next", json=line))["next"]) == 10
    well(client.put(f"/api/schedules/{schedule['id']}", json={"enabled": False}), 204)
    states = f"/api/workflows/{schedule['workflowId']}/triggers"
    [state] = [one for one in well(client.get(states))["items"] if one["nodeId"] == schedule["nodeId"]]
    assert (state["enabled"], state["missed"]) == (False, 0)
    well(client.put(f"{states}/{state['nodeId']}", json={"enabled": True}), 204)
    well(client.put(f"{states}/{state['nodeId']}", json={"enabled": False}), 204)
    well(client.post(f"/api/workflows/{id}/duplicate"), 201)
    well(client.post(f"/api/workflows/{id}/unpublish"), 204)
    well(client.delete(f"/api/workflows/{id}"), 204)
    well(client.delete(f"/api/folders/{folder}"), 204)
    well(client.delete(f"/api/tags/{tag}"), 204)
    assert len(well(client.get("/api/node-types"))["nodes"]) > 20


def test_executions_are_started_looked_at_and_stopped(world: World, databases: Databases) -> None:
    client = world.person()
    workflow_id = created(client, orders())
    items = [{"json": {"order": 1042, "total": 99.5}}]
    run = well(client.post(f"/api/workflows/{workflow_id}/run", json={"mode": "draft", "items": items}), 202)
    id = recorded(client, databases, workflow_id, **ORDERS)
    assert len(well(client.get("/api/executions", params={"workflowId": workflow_id}))["items"]) == 2
    assert well(client.get(f"/api/executions/{id}"))["nodeRuns"][0]["status"] == "succeeded"
    assert len(well(client.get(f"/api/executions/{id}/events"))["items"]) == 4
    assert len(well(client.get(f"/api/executions/{id}/logs", params={"nodeId": "a"}))["items"]) == 1
    assert well(client.get(f"/api/executions/{id}/logs", params={"nodeId": "b"}))["items"] == []
    assert well(client.get(f"/api/executions/{id}/items", params={"nodeId": "a"}))["total"] == 2
    preview = {"text": "Order {{ $json.order }}", "executionId": id, "input": [{"nodeId": "a", "port": "main"}]}
    assert well(client.post("/api/expressions/preview", json=preview))["value"] == "Order 1042"
    rounds = execution_of(client, databases, *loop(4))
    runs = well(client.get(f"/api/executions/{rounds}/node-runs", params={"nodeId": "a", "limit": 2}))
    assert len(runs["items"]) == 2
    well(client.post(f"/api/executions/{run['executionId']}/cancel"), 202)
    bulk = well(client.post("/api/executions/bulk", json={"action": "runAgain", "ids": [run["executionId"]]}))
    assert bulk["items"][0]["ok"]


def test_choices_of_a_field_are_loaded_from_the_provider(world: World) -> None:
    client = world.person()
    data = {"host": "db.example.com", "database": "shop", "user": "app", "password": "hush-hush"}
    made = well(client.post("/api/credentials", json={"name": "Shop", "type": "postgres", "data": data}), 201)
    customers = {"value": "customers", "label": "customers", "detail": "public"}
    orders = {"value": "sales.orders", "label": "sales.orders"}
    world.nodes.answer = lambda payload: {"options": [customers, orders]}
    wanted = {"field": "table", "params": {"credential": made["id"], "operation": "insert"}, "search": "o"}
    found = well(client.post("/api/node-types/database/options", json=wanted))
    assert [one["value"] for one in found["options"]] == ["customers", "sales.orders"]


def test_the_home_page_has_all_of_it(world: World, databases: Databases) -> None:
    client = world.person()
    id = created(client, orders(node("daily", "schedule_trigger", "Each morning", expression="0 9 * * 1-5")))
    well(client.post(f"/api/workflows/{id}/publish"))
    failed = event(EventType.EXECUTION_FAILED, error={"type": "OrderError", "message": "order 1042 has no address"})
    execution_of(client, databases, failed, workflowId=id, startedAt="2026-11-23T12:00:00.000Z")
    recorded(client, databases, id, **ORDERS)
    assert well(client.get("/api/home"))["runningCount"] == 1


def test_somebody_is_asked_and_decides(world: World, databases: Databases) -> None:
    stage = Stage(world, databases, world.person())
    form = [{"name": "amount", "label": "Amount", "type": "number", "required": True}]
    _, id = stage.ask(title="Refund order 1042?", message="The customer sent it back.", form=form)
    assert well(stage.owner.get("/api/approvals", params={"state": "open"}))["items"][0]["canDecide"]
    assert well(stage.owner.get(f"/api/approvals/{id}"))["form"] == [{**form[0], "options": None}]
    said = {"decision": "approve", "comment": "It came back whole.", "form": {"amount": 99.5}}
    assert well(stage.owner.post(f"/api/approvals/{id}/decision", json=said))["state"] == "approved"


def test_credentials_are_kept(world: World) -> None:
    client = world.person()
    data = {"host": "db.example.com", "database": "shop", "user": "reader", "password": "correct horse battery"}
    body = {"name": "The shop's database", "type": "postgres", "data": data}
    id = well(client.post("/api/credentials", json=body), 201)["id"]
    assert len(well(client.get("/api/credentials"))["items"]) == 1
    assert well(client.get(f"/api/credentials/{id}"))["secrets"] == ["password"]
    changed = {"name": "The shop's database", "data": {"user": "writer"}}
    assert well(client.put(f"/api/credentials/{id}", json=changed))["hint"].startswith("writer@")
    well(client.delete(f"/api/credentials/{id}"), 204)


def test_a_trigger_is_tried_out_and_one_that_polls_is_listed(world: World) -> None:
    client = world.person()
    world.nodes.answer = answer_of_a_shop
    poll = node("orders", "poll_trigger", "New orders", url="https://shop.example/api/orders", idAt="number")
    push = node("push", "github_trigger", "A push", credential="c", owner="octocat", repository="hello-world")
    push["params"]["events"] = [{"event": "push"}]
    id = created(client, orders(poll, push))
    assert well(client.post(f"/api/workflows/{id}/triggers/orders/listen"))["state"] == "heard"
    begun = well(client.post(f"/api/workflows/{id}/triggers/push/listen"))
    assert well(client.get(f"/api/workflows/{id}/listens/{begun['id']}"))["state"] == "waiting"
    well(client.delete(f"/api/workflows/{id}/listens/{begun['id']}"), 204)


def answer_of_a_shop(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the functions of these triggers answer."""
    if payload["ask"] != "poll":
        return {"id": 12, "secret": "s"}
    things = [] if payload["given"]["first"] else [{"number": 1043, "total": 120}]
    return {"items": things, "cursor": {"watched": "w", "seen": ["YWJj"]}, "more": False}


def test_a_table_is_filled_from_a_file_and_read_as_one(world: World) -> None:
    client = world.person()
    columns = [{"name": "Name", "type": "text"}, {"name": "Seats", "type": "number"}]
    id = well(client.post("/api/tables", json={"name": "Guests", "columns": columns}), 201)["id"]
    file = {"csv": "Name;Seats\nAda;2\nGrace;1\n", "key": "Name"}
    assert well(client.post(f"/api/tables/{id}/csv", json=file))["inserted"] == 2
    assert well(client.get(f"/api/tables/{id}/csv", params={"limit": 1}))["nextAfter"] == 1


def test_models_get_prices_of_the_workspaces_own(world: World) -> None:
    client = world.person()
    gpt = {"provider": "openai", "model": "gpt-4o"}
    well(client.put("/api/models/prices", json={**gpt, "rates": {"input": "1.5", "cached": "0.75", "output": "6"}}))
    assert well(client.get("/api/models/prices"))["items"][0]["model"] == "gpt-4o"
    well(client.delete("/api/models/prices", params=gpt), 204)


SHELF = """\
openapi: 3.1.0
info: {title: Shelf, version: "2", description: The books of a library.}
servers: [{url: https://api.shelf.example/v2}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
paths:
  /books:
    get: {operationId: listBooks, summary: List books, tags: [books]}
"""


def test_an_api_becomes_known_by_its_document(world: World) -> None:
    client = world.person()
    made = well(client.post("/api/apis", json={"document": SHELF}), 201)
    path = f"/api/apis/{made['id']}"
    assert well(client.get("/api/apis"))["items"][0]["operationCount"] == 1
    assert well(client.get(path))["name"] == "Shelf"
    assert well(client.get(f"{path}/document"))["document"] == SHELF
    assert well(client.put(path, json={"name": "Library"}))["name"] == "Library"
    assert client.post("/api/apis", json={"document": SHELF, "name": "Library"}).status_code == 409
    assert client.post("/api/apis", json={"document": "paths: {}"}).status_code == 422
    well(client.delete(path), 204)


def test_a_talk_that_a_model_remembers_is_looked_at_and_deleted(world: World, databases: Databases) -> None:
    client = world.person()
    remember(client, databases, created(client, orders()), "customer-1042", "Where is my parcel?")
    [talk] = well(client.get("/api/memory/talks", params={"search": "1042"}))["items"]
    assert well(client.get(f"/api/memory/talks/{talk['id']}"))["messages"] == 2
    assert len(well(client.get(f"/api/memory/talks/{talk['id']}/messages"))["items"]) == 2
    assert well(client.post("/api/memory/talks/delete", json={"ids": [talk["id"]]})) == {"deleted": 1}
    remember(client, databases, created(client, orders()), "customer-7", "Hello")
    [talk] = well(client.get("/api/memory/talks"))["items"]
    well(client.delete(f"/api/memory/talks/{talk['id']}"), 204)


def test_a_budget_is_set_and_what_is_spent_of_it_looked_at(world: World, databases: Databases) -> None:
    client = world.person()
    workflow = created(client, orders())
    told = {"workflowId": workflow, "executionId": workflow, "tokens": 1290, "money": "0.0123"}
    as_node(client, databases, {"do": "spend", **told})
    budget = {"monthMoney": "25", "monthTokens": None}
    assert well(client.put("/api/spending/budget", json=budget))["budget"] == budget
    assert well(client.get("/api/spending"))["spent"]["answers"] == 1
