"""A team at work: what most examples of the OpenAPI document are taken from (`recording.py`), route after route."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pyotp
import pytest
from fastapi.testclient import TestClient

from api import deps
from api.services.factors import apps
from functions.system.sweeper.rolling_up import rolled_up
from stepweave.model.events import EventType
from stepweave.runtime.events import event
from stepweave_data.link import Link
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_approvals import Stage
from tests.api.test_debugging import ITEMS, debugging
from tests.api.test_factors import Clock
from tests.api.test_iterations import execution_of, loop
from tests.api.test_people import joined
from tests.api.test_routes import recorded, workflow
from tests.fakes.authenticator import Authenticator
from tests.fixtures.oidc import CLIENT, SECRET, serving
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


def test_projects_keep_what_belongs_together(world: World) -> None:
    owner = world.person()
    member, place = joined(world, owner, "viewer"), "/api/projects"
    who = well(member.get("/api/me"))["user"]["id"]
    project = well(owner.post(place, json={"name": "Finance"}), 201)["id"]
    well(owner.patch(f"{place}/{project}", json={"name": "Accounts"}), 204)
    well(owner.put(f"{place}/{project}/members/{who}", json={"role": "editor"}), 204)
    assert [one["role"] for one in well(owner.get(f"{place}/{project}/members"))["items"]] == ["editor"]
    assert [one["name"] for one in well(member.get(place))["items"]] == ["Everyone", "Accounts"]
    workflow_id = created(owner, orders())
    well(owner.put(f"/api/workflows/{workflow_id}/project", json={"projectId": project}), 204)
    data = {"host": "db.example.com", "database": "orders", "user": "app", "password": "not-to-be-read"}
    till = well(owner.post("/api/credentials", json={"name": "Till", "type": "postgres", "data": data}), 201)["id"]
    well(owner.put(f"/api/credentials/{till}/project", json={"projectId": project}), 204)
    well(owner.put("/api/stores/entries", json={"store": "counters", "key": "invoices", "value": 7}))
    well(owner.put("/api/stores/project", params={"store": "counters"}, json={"projectId": project}), 204)
    table = well(owner.post("/api/tables", json={"name": "Suppliers", "columns": []}), 201)["id"]
    well(owner.put(f"/api/tables/{table}/project", json={"projectId": project}), 204)
    shares = f"/api/workflows/{workflow_id}/shares"
    share = well(owner.put(shares, json={"userId": who, "role": "operator"}))["items"][0]["id"]
    assert len(well(owner.get(shares))["items"]) == 1
    well(owner.delete(f"{shares}/{share}"), 204)
    well(owner.delete(f"{place}/{project}/members/{who}"), 204)
    other = well(owner.post(place, json={"name": "Empty"}), 201)["id"]
    well(owner.delete(f"{place}/{other}"), 204)


def test_variables_are_read_by_all_workflows(world: World) -> None:
    owner = world.person()
    body = {
        "name": "shopUrl",
        "kind": "text",
        "description": "Our shop",
        "values": {"production": "https://example.com"},
    }
    made = well(owner.post("/api/variables", json=body), 201)
    assert [one["name"] for one in well(owner.get("/api/variables"))["items"]] == ["shopUrl"]
    place = f"/api/variables/{made['id']}"
    body["values"] = {"production": "https://shop.example.com"}
    assert well(owner.put(place, json=body))["values"] == body["values"]
    well(owner.delete(place), 204)


def test_a_workflow_is_made_of_a_template(world: World) -> None:
    owner = world.person()
    found = well(owner.get("/api/templates", params={"search": "postgres checks answers"}))
    assert [one["id"] for one in found["items"]] == ["webhook-to-database"]
    place = "/api/templates/webhook-to-database"
    assert well(owner.get(place))["credentials"][0]["types"] == ["postgres"]
    answers = {"name": "Orders", "credentials": {"postgres": None}, "parameters": {"start.path": "shop/orders"}}
    assert well(owner.post(f"{place}/use", json=answers), 201)["name"] == "Orders"


def test_a_workflow_becomes_a_template_of_the_workspace(world: World) -> None:
    owner = world.person()
    workflow_id = created(owner, orders())
    assert "removed" in well(owner.get(f"/api/workflows/{workflow_id}/template"))
    about = {"name": "Order triage", "summary": "Sorts orders by country.", "uses": ["sales"]}
    saved = well(owner.post("/api/templates", json={"workflowId": workflow_id, **about}), 201)
    place = f"/api/templates/{saved['id']}"
    version = well(owner.post(f"{place}/versions", json={"workflowId": workflow_id, "note": "Faster"}), 201)
    assert version["version"] == 2
    assert len(well(owner.get(f"{place}/versions"))["items"]) == 2
    assert well(owner.put(place, json={**about, "name": "Orders"}))["name"] == "Orders"
    well(owner.delete(place), 204)


def test_a_version_goes_through_environments(world: World) -> None:
    owner = world.person()
    environment = {"key": "staging", "name": "Staging", "fallsBack": False}
    well(owner.post("/api/environments", json=environment), 201)
    changed = {"name": "Staging", "fallsBack": True}
    assert well(owner.put("/api/environments/staging", json=changed))["fallsBack"] is True
    assert len(well(owner.put("/api/environments", json={"keys": ["staging", "production"]}))["items"]) == 2
    data = {"name": "x-key", "value": "s3cret", "allowedHosts": "api.example.com"}
    body = {"name": "Shop", "type": "http_header", "data": data}
    shop = well(owner.post("/api/credentials", json=body), 201)["id"]
    trial = well(owner.post("/api/credentials", json={**body, "name": "Trial shop"}), 201)["id"]
    well(owner.put(f"/api/credentials/{shop}/mappings/staging", json={"credentialId": trial}), 204)
    assert len(well(owner.get("/api/credentials/mappings"))["items"]) == 1
    place = f"/api/workflows/{well(owner.post('/api/workflows', json=workflow('orders')), 201)['id']}"
    well(owner.post(f"{place}/publish", json={"note": "First"}))
    ready = well(owner.get(f"{place}/versions/1/readiness", params={"environment": "production"}))
    assert ready["ready"] is True
    well(owner.post(f"{place}/versions/1/publish", params={"environment": "production"}))
    assert [one["version"] for one in well(owner.get(f"{place}/environments"))["items"]] == [1, 1]
    editor = joined(world, owner)
    four_eyes = {"name": "Production", "fallsBack": False, "needsApproval": True}
    assert well(owner.put("/api/environments/production", json=four_eyes))["needsApproval"] is True
    asked = {"number": 1, "environment": "production", "note": "Tried in staging for a week"}
    release = well(editor.post(f"{place}/releases", json=asked), 201)
    assert well(owner.get("/api/releases", params={"state": "waiting"}))["items"][0]["canDecide"] is True
    said = {"decision": "approve", "comment": "Looks good"}
    assert well(owner.post(f"{place}/releases/{release['id']}/decision", json=said))["state"] == "approved"
    well(owner.put(f"{place}/environments/staging", json={"enabled": False}), 204)
    well(owner.delete(f"{place}/environments/staging"), 204)
    well(owner.delete("/api/environments/staging"), 204)
    assert [one["key"] for one in well(owner.get("/api/environments"))["items"]] == ["production"]


def test_people_are_invited_and_get_roles(world: World) -> None:
    owner, to = world.person(), email()
    role = {"name": "Bookkeeper", "permissions": ["executions.read", "store.read", "store.write"]}
    own = well(owner.post("/api/roles", json=role), 201)["id"]
    assert len(well(owner.get("/api/roles"))["items"]) == 6
    asked = well(owner.post("/api/invitations", json={"email": to, "role": "custom", "roleId": own}), 201)
    assert [one["id"] for one in well(owner.get("/api/invitations"))["items"]] == [asked["id"]]
    well(owner.post(f"/api/invitations/{asked['id']}/resend"))
    token = {"token": world.mails.sent[-1][2].split("#")[1].split()[0]}
    member = world.anonymous()
    assert well(member.post("/api/auth/invitation", json=token))["email"] == to
    joining = {**token, "name": "Charles", "password": PASSWORD}
    session = well(member.post("/api/auth/invitation/register", json=joining), 201)
    member.headers["Authorization"] = f"Bearer {session['accessToken']}"
    assert len(well(owner.get("/api/members"))["items"]) == 2
    place = f"/api/members/{session['user']['id']}"
    assert well(owner.patch(place, json={"role": "editor"}))["role"] == "editor"
    changed = {"name": "Accountant", "permissions": ["store.read"]}
    assert well(owner.put(f"/api/roles/{own}", json=changed))["name"] == "Accountant"
    well(owner.delete(f"/api/roles/{own}"), 204)
    here = session["tenant"]["id"]
    session = well(member.post("/api/tenants", json={"name": "Night shift"}), 201)
    member.headers["Authorization"] = f"Bearer {session['accessToken']}"
    assert len(well(member.get("/api/tenants"))["items"]) == 2
    session = well(member.post("/api/auth/switch", json={"tenantId": here}))
    member.headers["Authorization"] = f"Bearer {session['accessToken']}"
    well(member.post("/api/members/leave"), 204)
    guest = world.person()
    email_of_guest = well(guest.get("/api/me"))["user"]["email"]
    well(owner.post("/api/invitations", json={"email": email_of_guest, "role": "viewer"}), 201)
    token = {"token": world.mails.sent[-1][2].split("#")[1].split()[0]}
    session = well(guest.post("/api/auth/invitation/accept", json=token))
    well(owner.delete(f"/api/members/{session['user']['id']}"), 204)
    asked = well(owner.post("/api/invitations", json={"email": email(), "role": "viewer"}), 201)
    well(owner.delete(f"/api/invitations/{asked['id']}"), 204)


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
    assert well(client.get("/api/audit"))["items"][0]["action"] == "tenant.renamed"
    assert well(client.get("/api/audit/verify"))["ok"]
    assert well(client.get("/api/audit/export", params={"format": "csv", "limit": 1}))["nextBefore"]
    changed = {"currentPassword": PASSWORD, "newPassword": "staple the battery 7"}
    here, there = well(client.get("/api/sessions"))["items"]
    well(client.delete(f"/api/sessions/{there['id']}"), 204)
    assert here["current"]
    session = well(client.post("/api/auth/password", json=changed))
    client.headers["Authorization"] = f"Bearer {session['accessToken']}"
    well(client.post("/api/sessions/end"), 204)
    well(client.post("/api/auth/logout"), 204)
    assert well(client.get("/api/health")) == {"status": "ok"}


def test_somebody_takes_their_data_along_and_goes(world: World) -> None:
    client = world.anonymous()
    world.redis.flushdb()
    body = {"email": email(), "password": PASSWORD, "name": "Ada", "tenantName": "Difference Works"}
    session = well(client.post("/api/auth/register", json=body), 201)
    client.headers["Authorization"] = f"Bearer {session['accessToken']}"
    well(client.post("/api/tags", json={"name": "daily", "color": "blue"}), 201)
    assert well(client.get("/api/me/export"))["account"]["name"] == "Ada"
    assert "tags" in well(client.get("/api/tenant/export"))["items"]
    assert well(client.get("/api/tenant/export/tags"))["text"]
    assert client.post("/api/me/delete", json={"password": PASSWORD}).status_code == 409
    assert well(client.post("/api/tenant/deletion", json={"name": "Difference Works"}))["deleteAfter"]
    assert well(client.get("/api/tenant/deletion"))["deleteAfter"]
    well(client.delete("/api/tenant/deletion"), 204)


def test_programs_get_keys(world: World) -> None:
    client = world.person()
    account = well(client.post("/api/service-accounts", json={"name": "Deployments", "role": "editor"}), 201)["id"]
    body = {"name": "From the pipeline", "permissions": ["workflows.read", "workflows.write"], "expiresInDays": 90,
            "addresses": ["203.0.113.0/24"], "serviceAccountId": account}  # fmt: skip
    key = well(client.post("/api/keys", json=body), 201)["key"]["id"]
    assert well(client.get("/api/service-accounts"))["items"][0]["role"] == "editor"
    later = well(client.post(f"/api/keys/{key}/rotate", json={"overlapHours": 24}), 201)["key"]["id"]
    assert len(well(client.get("/api/keys"))["items"]) == 2
    well(client.delete(f"/api/keys/{later}"), 204)
    well(client.delete(f"/api/service-accounts/{account}"), 204)


def test_somebody_signs_in_with_more_than_a_password(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(apps, "time", clock)
    client = world.person()
    client.headers["X-Confirmation"] = well(client.post("/api/me/confirm", json={"password": PASSWORD}))["confirmation"]
    app = pyotp.TOTP(well(client.post("/api/me/factors/app"), 201)["secret"])
    now = int(clock.now)
    well(client.post("/api/me/factors/app/confirm", json={"code": app.at(now - 30)}))
    key = Authenticator("http://stepweave.test")
    options = well(client.post("/api/me/passkeys/options"))["options"]
    made = well(client.post("/api/me/passkeys", json={"name": "Laptop", "passkey": key.make(options)}), 201)
    path = f"/api/me/passkeys/{made['passkey']['id']}"
    well(client.patch(path, json={"name": "Work laptop"}), 204)
    well(client.post("/api/me/factors/recovery-codes"))
    assert well(client.get("/api/me/factors"))["hasApp"]
    assert well(client.put("/api/tenant/factors", json={"requiresFactor": True}))["having"] == 1
    well(client.get("/api/tenant/factors"))
    login = {"email": well(client.get("/api/me"))["user"]["email"], "password": PASSWORD}
    challenge = client.post("/api/auth/login", json=login).json()["challenge"]
    well(client.post("/api/auth/second-factor/options", json={"challenge": challenge}))
    well(client.post("/api/auth/second-factor", json={"challenge": challenge, "code": app.at(now)}))
    options = well(client.post("/api/auth/passkey/options"))["options"]
    well(client.post("/api/auth/passkey", json={"passkey": key.get(options)}))
    well(client.post("/api/me/confirm/options"))
    well(client.delete(path), 204)
    well(client.put("/api/tenant/factors", json={"requiresFactor": False}))
    well(client.delete("/api/me/factors/app"), 204)


def test_a_workspace_signs_its_members_in_by_its_provider(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    client = world.person()
    world.app.dependency_overrides[deps.dns_texts] = lambda: lambda name: []
    with serving() as provider:
        asked = {"name": "Corp", "issuer": provider.url, "clientId": CLIENT, "clientSecret": SECRET}
        well(client.put("/api/tenant/sign-in", json={**asked, "domains": ["corp.example"], "defaultRole": "editor"}))
        well(client.get("/api/tenant/sign-in"))
        well(client.post("/api/tenant/sign-in/domains"))
        slug = well(client.get("/api/me"))["tenant"]["slug"]
        well(client.post("/api/auth/oidc/find", json={"workspace": slug}))
        url = well(client.post("/api/me/identity"))["authorizeUrl"]
        back = urlsplit(dict(parse_qsl(urlsplit(url).query))["redirect_uri"]).path
        client.get(back, params=provider.sign_in(url), follow_redirects=False)
    assert well(client.get("/api/me/identity"))["linked"]
    client.headers["X-Confirmation"] = well(client.post("/api/me/confirm", json={"password": PASSWORD}))["confirmation"]
    well(client.delete("/api/me/identity"), 204)
    well(client.delete("/api/tenant/sign-in"), 204)


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
    said = {"name": "New orders, too", "note": "Looks at new orders, too"}
    assert well(client.put(f"/api/workflows/{id}/versions/1", json=said))["name"] == "New orders, too"
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
    file = {"fileName": "invoice.pdf", "mimeType": "application/pdf", "content": "JVBERi0xLjcK"}
    binary = well(client.post(f"/api/workflows/{workflow_id}/files", json=file), 201)["binary"]
    items = [{"json": {"order": 1042, "total": 99.5}, "binary": {"invoice": binary}}]
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


def test_a_draft_is_debugged(world: World, databases: Databases) -> None:
    with debugging(world, databases) as debug:
        client = debug.client
        well(debug.start({"nodeId": "b", "condition": "$json.n > 10"}, onError=True), 202)
        debug.reaches("b")
        (stop,) = well(client.get(f"/api/executions/{debug.execution_id}/stops"))["stops"]
        at = f"/api/executions/{debug.execution_id}/stops/{stop['id']}"
        assert well(client.get(at))["inputs"] == {"main": ITEMS}
        asked = {
            "text": "{{ $json.n * 1.2 }}",
            "index": 1,
            "items": {"main": [{"json": {"n": 1}}, {"json": {"n": 50}}]},
        }
        assert well(client.post(f"{at}/evaluate", json=asked))["value"] == 60
        body = {"breakpoints": [{"nodeId": "b"}], "onError": False}
        assert not well(client.put(f"/api/executions/{debug.execution_id}/stops", json=body))["onError"]
        said = {"action": "step", "items": {"main": [{"json": {"n": 50}}]}}
        assert well(client.post(f"{at}/go-on", json=said))["stops"] == []


def test_credentials_are_kept(world: World) -> None:
    client = world.person()
    data = {"host": "db.example.com", "database": "shop", "user": "reader", "password": "correct horse battery"}
    body = {"name": "The shop's database", "type": "postgres", "data": data}
    id = well(client.post("/api/credentials", json=body), 201)["id"]
    assert len(well(client.get("/api/credentials"))["items"]) == 1
    assert well(client.get(f"/api/credentials/{id}"))["secrets"] == ["password"]
    changed = {"name": "The shop's database", "data": {"user": "writer"}}
    assert well(client.put(f"/api/credentials/{id}", json=changed))["hint"].startswith("writer@")
    assert well(client.get(f"/api/credentials/{id}/uses"))["total"] == 0
    finance = well(client.post("/api/projects", json={"name": "Finance"}), 201)["id"]
    shares = f"/api/credentials/{id}/shares"
    well(client.put(f"{shares}/{finance}"), 204)
    assert well(client.get(shares))["items"][0]["projectName"] == "Finance"
    well(client.delete(f"{shares}/{finance}"), 204)
    vault = {"address": "https://127.0.0.1:8200", "token": "hvs.not-to-be-read"}
    body = {"name": "Company vault", "type": "hashicorp_vault", "data": vault}
    store = well(client.post("/api/credentials", json=body), 201)["id"]
    tried = well(client.post(f"/api/credentials/{store}/test", json={"path": "prod/shop#password"}))
    assert tried["works"] is False
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
    get:
      operationId: listBooks
      summary: List books
      tags: [books]
      parameters: [{name: genre, in: query, schema: {type: string}, description: Of which genre.}]
      responses: {200: {description: The books., content: {application/json: {schema: {type: array}}}}}
"""


def test_an_api_becomes_known_by_its_document(world: World) -> None:
    client = world.person()
    made = well(client.post("/api/apis", json={"document": SHELF}), 201)
    path = f"/api/apis/{made['id']}"
    assert well(client.get("/api/apis"))["items"][0]["operationCount"] == 1
    assert well(client.get(path))["name"] == "Shelf"
    assert well(client.get(f"{path}/operation", params={"id": "listBooks"}))["answers"][0]["status"] == "200"
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
    assert well(client.get("/api/tenant/usage"))["plan"] == "unlimited"


def test_figures_are_looked_at_and_a_fault_is_resolved(world: World, databases: Databases) -> None:
    client, link = world.person(), Link(databases.app)
    id = created(client, orders())
    error = {"type": "OrderError", "message": "order 1042 has no address"}
    failed = event(EventType.NODE_FAILED, nodeId="end", attempt=1, error=error)
    ended = event(EventType.EXECUTION_FAILED, error=error)
    execution_of(client, databases, failed, ended, workflowId=id, mode="live", workflowVersion=1, trigger="webhook")
    rolled_up(link)
    link.close()
    asked = {"range": "30d", "zone": "Europe/Berlin", "workflowId": id}
    assert well(client.get("/api/analytics", params=asked))["current"]["failed"] == 1
    assert well(client.get("/api/analytics/workflows", params=asked))["items"][0]["workflowName"] == "Orders"
    assert well(client.get("/api/analytics/nodes", params=asked))["items"][0]["nodeName"] == "Done"
    [fault] = well(client.get("/api/analytics/errors", params=asked))["items"]
    assert well(client.get(f"/api/analytics/errors/{fault['id']}"))["group"]["message"] == "order <n> has no address"
    assert well(client.put(f"/api/analytics/errors/{fault['id']}", json={"resolved": True}))["group"]["resolvedBy"]
    well(client.put(f"/api/workflows/{id}/time-saved", json={"minutes": 12.5}), 204)
    shown = well(client.get("/api/executions"))["items"][0]["id"]
    assert well(client.put(f"/api/executions/{shown}/kept", json={"kept": True}))["keptAt"]
    days = {"succeededDays": 30, "failedDays": 90}
    assert well(client.get("/api/tenant/retention/preview", params=days)) == {"executions": 0, "more": False}
    assert well(client.put("/api/tenant/retention", json=days))["mostDays"] is None
    assert well(client.get("/api/tenant/retention"))["failedDays"] == 90
    wanted = {"own": "true", "succeededDays": "7"}
    assert well(client.get(f"/api/workflows/{id}/retention/preview", params=wanted))["executions"] == 0
    own = {"own": True, "succeededDays": 7, "failedDays": None}
    assert well(client.put(f"/api/workflows/{id}/retention", json=own))["workspace"] == days
    assert well(client.get(f"/api/workflows/{id}/retention"))["succeededDays"] == 7
    assert well(client.post("/api/analytics/rebuild"), 202)["days"] == 1


def test_alerts_open_are_told_and_end(world: World, databases: Databases) -> None:
    client = world.person()
    me = well(client.get("/api/me"))
    workflow_id = created(client, orders())
    targets = [{"kind": "mail", "userIds": [me["user"]["id"]]}]
    body = {"name": "Orders fail", "condition": {"kind": "failure"}, "workflowId": workflow_id, "targets": targets}
    rule = well(client.post("/api/alert-rules", json=body), 201)
    place = f"/api/alert-rules/{rule['id']}"
    body["targets"] = [{**targets[0], "id": rule["targets"][0]["id"]}]
    well(client.put(place, json={**body, "remindMinutes": 240}))
    assert well(client.post(f"{place}/test"))["items"][0]["state"] == "sent"
    assert len(well(client.get(f"{place}/deliveries"))["items"]) == 1
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute(
            "INSERT INTO alerts (tenant_id, rule_id, rule_name, kind, key, workflow_id, facts, opened_at, last_at)"
            " VALUES (%s, %s, 'Orders fail', 'failure', 'k', %s, %s, now(), now()) RETURNING id",
            (me["tenant"]["id"], rule["id"], workflow_id, '{"type": "NotThere", "message": "Row 7 is not there"}'),
        ).fetchone()
    assert row is not None
    assert well(client.get("/api/alerts"))["open"] == 1
    assert well(client.post(f"/api/alerts/{row[0]}/acknowledge"))["state"] == "acknowledged"
    assert well(client.post(f"/api/alerts/{row[0]}/resolve"))["state"] == "resolved"
    assert well(client.get("/api/status"))["items"][0]["state"] == "off"
    assert [one["name"] for one in well(client.get("/api/alert-rules"))["items"]] == ["Orders fail"]
    page = {"title": "Shop", "items": [{"workflowId": workflow_id, "label": "Checkout"}]}
    well(client.put("/api/status-page", json=page))
    token = well(client.post("/api/status-page/link"))["url"].rpartition("/")[2]
    assert well(client.get("/api/status-page"))["shared"] is True
    assert well(world.anonymous().get(f"/api/shared-status/{token}"))["items"][0]["label"] == "Checkout"
    well(client.delete("/api/status-page/link"), 204)
    well(client.delete(place), 204)
