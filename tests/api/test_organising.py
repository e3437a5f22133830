"""Putting workflows in order: lists, folders, tags, many at once, switching off, going back to a version."""

import base64
import json
import uuid
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import World
from tests.api.test_routes import is_problem, made, workflow
from tests.fixtures.servers import Databases


def named(name: str, **more: Any) -> dict[str, Any]:
    return {**workflow(), "name": name, **more}


def names(client: TestClient, **params: Any) -> list[str]:
    answer = client.get("/api/workflows", params=params)
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["items"]]


def bulk(client: TestClient, action: str, ids: list[str], **more: Any) -> list[tuple[bool, str | None]]:
    answer = client.post("/api/workflows/bulk", json={"action": action, "ids": ids, **more})
    assert answer.status_code == 200, answer.text
    return [(one["ok"], one["code"]) for one in answer.json()["items"]]


def folder(client: TestClient, name: str, parent: str | None = None) -> str:
    answer = client.post("/api/folders", json={"name": name, "parentId": parent})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def tag(client: TestClient, name: str, color: str = "blue") -> str:
    answer = client.post("/api/tags", json={"name": name, "color": color})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [("updated", ["a", "C", "B"]), ("created", ["C", "B", "a"]), ("name", ["a", "B", "C"])],
)
def test_each_order_pages_without_leaving_out_or_repeating(world: World, sort: str, wanted: list[str]) -> None:
    client = world.person()
    first, *_ = [made(client, named(name))["id"] for name in ("a", "B", "C")]
    client.put(f"/api/workflows/{first}", json={"document": named("a"), "revision": 1})
    found, cursor = [], None
    for _ in range(3):
        page = client.get(
            "/api/workflows", params={"sort": sort, "limit": 1, **({"cursor": cursor} if cursor else {})}
        ).json()
        found += [row["name"] for row in page["items"]]
        cursor = page["nextCursor"]
    assert (found, cursor) == (wanted, None)


def test_a_cursor_of_another_order_is_refused(world: World) -> None:
    client = world.person()
    for name in ("a", "b"):
        made(client, named(name))
    cursor = client.get("/api/workflows", params={"limit": 1}).json()["nextCursor"]
    assert is_problem(client.get("/api/workflows", params={"sort": "name", "cursor": cursor}), 422, "invalid_request")


@pytest.mark.parametrize("key", ["\ud800", "\0", 5, None])
def test_a_cursor_that_nobody_gave_is_refused(world: World, key: object) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(["name", key, str(uuid.uuid4())]).encode()).decode()
    answer = world.person().get("/api/workflows", params={"sort": "name", "cursor": forged})
    assert is_problem(answer, 422, "invalid_request")


def test_search_finds_names_tags_and_node_types(world: World) -> None:
    client = world.person()
    ids = {name: made(client, named(name))["id"] for name in ("Orders", "Mail")}
    hooked = {**workflow(f"p-{uuid.uuid4().hex[:8]}"), "name": "Shop"}
    made(client, hooked)
    bulk(client, "tag", [ids["Mail"]], addTagIds=[tag(client, "Marketing")])
    assert names(client, search="order") == ["Orders"]
    assert names(client, search="market") == ["Mail"]
    assert names(client, search="webhook") == ["Shop"]
    assert names(client, nodeType="webhook_trigger") == ["Shop"]
    assert names(client, search="100%") == []


def test_the_list_shows_what_columns_say_and_the_latest_execution(world: World, databases: Databases) -> None:
    client = world.person()
    id = made(client)["id"]
    runs = [uuid.uuid4(), uuid.uuid4()]
    with psycopg.connect(databases.owner) as connection:
        for run, status, age in zip(runs, ("succeeded", "failed"), ("1 hour", "2 hours"), strict=True):
            connection.execute(
                """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, started_at)
                   SELECT %s, tenant_id, id, 'draft', 'manual', %s, now() - %s::interval FROM workflows
                   WHERE id = %s""",
                (run, status, age, id),
            )
    (row,) = client.get("/api/workflows").json()["items"]
    assert (row["triggers"], row["nodeCount"], row["tagIds"], row["folderId"]) == (["manual_trigger"], 2, [], None)
    assert (row["lastExecution"]["id"], row["lastExecution"]["status"]) == (str(runs[0]), "succeeded")


def test_the_list_reads_one_execution_of_each_workflow(databases: Databases, world: World) -> None:
    """Whatever the number of executions: the plan looks each workflow up in the index and stops at the first."""
    client = world.person()
    id = made(client)["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute(
            """INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, started_at)
               SELECT gen_random_uuid(), tenant_id, workflows.id, 'draft', 'manual', 'succeeded',
                      now() - n * interval '1 s'
               FROM workflows, generate_series(1, 5000) n WHERE workflows.id = %s""",
            (id,),
        )
        connection.execute("ANALYZE executions")
    with psycopg.connect(databases.app) as connection:
        tenant = client.get("/api/me").json()["tenant"]["id"]
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant,))
        row = connection.execute(
            """EXPLAIN (ANALYZE, FORMAT JSON)
               SELECT * FROM (SELECT id FROM workflows WHERE id = %s) w LEFT JOIN LATERAL (
                 SELECT status FROM executions e WHERE e.workflow_id = w.id ORDER BY started_at DESC, id DESC LIMIT 1
               ) latest ON true""",
            (id,),
        ).fetchone()
    assert row is not None
    nodes = list(walked(row[0][0]["Plan"]))
    (scan,) = [node for node in nodes if node.get("Relation Name") == "executions"]
    assert (scan["Index Name"], scan["Actual Rows"]) == ("executions_of_workflow", 1)


def walked(plan: dict[str, Any]) -> Any:
    yield plan
    for below in plan.get("Plans", ()):
        yield from walked(below)


def test_folders_nest_and_show_what_is_below(world: World) -> None:
    client = world.person()
    team = folder(client, "Team")
    orders = folder(client, "Orders", team)
    ids = [made(client, named(name))["id"] for name in ("a", "b", "c")]
    assert bulk(client, "move", ids[:1], folderId=team) == [(True, None)]
    assert bulk(client, "move", [ids[1], str(uuid.uuid4())], folderId=orders) == [(True, None), (False, "not_found")]
    assert sorted(names(client, folderId=team)) == ["a", "b"]
    assert names(client, folderId=orders) == ["b"]
    made_there = client.post("/api/workflows", params={"folderId": orders}, json=named("d"))
    assert made_there.status_code == 201
    counts = {row["name"]: row["workflows"] for row in client.get("/api/folders").json()["items"]}
    assert counts == {"Team": 1, "Orders": 2}
    assert client.delete(f"/api/folders/{orders}").status_code == 204
    assert sorted(names(client, folderId=team)) == ["a", "b", "d"]


def test_folders_refuse_circles_depth_and_equal_names(world: World) -> None:
    client = world.person()
    chain = [folder(client, "0")]
    for level in range(1, 8):
        chain.append(folder(client, str(level), chain[-1]))
    deeper = client.post("/api/folders", json={"name": "8", "parentId": chain[-1]})
    assert is_problem(deeper, 422, "too_deep")
    circle = client.put(f"/api/folders/{chain[0]}", json={"name": "0", "parentId": chain[3]})
    assert is_problem(circle, 409, "folder_in_itself")
    assert is_problem(client.post("/api/folders", json={"name": "0"}), 409, "name_taken")
    assert is_problem(client.post("/api/folders", json={"name": "x", "parentId": str(uuid.uuid4())}), 404, "not_found")
    moved = client.put(f"/api/folders/{chain[7]}", json={"name": "Free", "parentId": None})
    assert {row["name"]: row["parentId"] for row in moved.json()["items"]}["Free"] is None


def test_tags_are_made_put_on_taken_off_changed_and_deleted(world: World) -> None:
    client = world.person()
    one, two = tag(client, "Live"), tag(client, "Beta", "red")
    ids = [made(client, named(name))["id"] for name in ("a", "b")]
    bulk(client, "tag", ids, addTagIds=[one])
    bulk(client, "tag", ids[:1], addTagIds=[two, one])
    assert sorted(names(client, tagId=one)) == ["a", "b"]
    assert names(client, tagId=[one, two]) == ["a"]
    assert [(row["name"], row["workflows"]) for row in client.get("/api/tags").json()["items"]] == [
        ("Beta", 1),
        ("Live", 2),
    ]
    bulk(client, "tag", ids, removeTagIds=[one], addTagIds=[two])
    assert names(client, tagId=one) == []
    assert is_problem(client.post("/api/tags", json={"name": "live"}), 409, "name_taken")
    assert is_problem(client.put(f"/api/tags/{two}", json={"name": "LIVE", "color": "red"}), 409, "name_taken")
    assert client.post("/api/tags", json={"name": "x", "color": "mauve"}).status_code == 422
    assert client.delete(f"/api/tags/{two}").status_code == 204
    assert [row["tagIds"] for row in client.get("/api/workflows").json()["items"]] == [[], []]


def test_one_tenant_reaches_neither_folders_nor_tags_of_another(world: World) -> None:
    one, two = world.person(), world.person()
    place, mark, id = folder(one, "Mine"), tag(one, "Mine"), made(two)["id"]
    for action, more in (("move", {"folderId": place}), ("tag", {"addTagIds": [mark]})):
        answer = two.post("/api/workflows/bulk", json={"action": action, "ids": [id], **more})
        assert is_problem(answer, 404, "not_found")
    assert bulk(one, "delete", [id]) == [(False, "not_found")]
    assert two.get("/api/folders").json()["items"] == two.get("/api/tags").json()["items"] == []
    assert is_problem(two.delete(f"/api/folders/{place}"), 404, "not_found")
    assert is_problem(two.delete(f"/api/tags/{mark}"), 404, "not_found")


def test_switching_off_is_for_published_workflows_and_seen_at_once(world: World) -> None:
    client, path = world.person(), f"p-{uuid.uuid4().hex[:8]}"
    draft, live = made(client, named("Draft"))["id"], made(client, workflow(path))["id"]
    client.post(f"/api/workflows/{live}/publish")
    slug = client.get("/api/me").json()["tenant"]["slug"]
    world.redis.set(f"hook:{slug}:{path}", json.dumps({"POST": {}}))
    assert bulk(client, "disable", [draft, live]) == [(False, "not_published"), (True, None)]
    assert world.redis.get(f"hook:{slug}:{path}") is None
    assert (names(client, status="disabled"), names(client, status="published")) == (["W"], [])
    assert names(client, status="draft") == ["Draft"]
    # A new version does not switch it on behind anybody's back.
    client.post(f"/api/workflows/{live}/publish")
    assert names(client, status="disabled") == ["W"]
    assert bulk(client, "enable", [live]) == [(True, None)]
    assert names(client, status="published") == ["W"]


def test_exporting_and_deleting_many(world: World) -> None:
    client = world.person()
    ids = [made(client, named(name))["id"] for name in ("a", "b")]
    exported = client.post("/api/workflows/bulk", json={"action": "export", "ids": ids}).json()["items"]
    assert [one["document"]["name"] for one in exported] == ["a", "b"]
    assert bulk(client, "delete", [*ids, ids[0]]) == [(True, None), (True, None)]
    assert names(client) == []
    assert client.post("/api/workflows/bulk", json={"action": "delete", "ids": []}).status_code == 422


def test_a_viewer_may_export_and_nothing_else(world: World, databases: Databases) -> None:
    client = world.person()
    id, tenant = made(client)["id"], client.get("/api/me").json()["tenant"]["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = 'viewer' WHERE tenant_id = %s", (tenant,))
    client.headers["Authorization"] = f"Bearer {client.post('/api/auth/refresh').json()['accessToken']}"
    assert bulk(client, "export", [id]) == [(True, None)]
    for action in ("enable", "disable", "move", "tag", "delete"):
        answer = client.post("/api/workflows/bulk", json={"action": action, "ids": [id]})
        assert is_problem(answer, 403, "not_allowed"), action
    assert is_problem(client.patch("/api/tenant", json={"name": "X"}), 403, "not_allowed")


def test_a_copy_keeps_folder_and_tags_and_is_a_draft(world: World) -> None:
    client = world.person()
    id, place, mark = made(client)["id"], folder(client, "F"), tag(client, "T")
    bulk(client, "move", [id], folderId=place)
    bulk(client, "tag", [id], addTagIds=[mark])
    client.post(f"/api/workflows/{id}/publish")
    copy = client.post(f"/api/workflows/{id}/duplicate").json()
    assert (copy["name"], copy["document"]["name"], copy["publishedVersion"]) == ("W (copy)", "W (copy)", None)
    row = next(row for row in client.get("/api/workflows").json()["items"] if row["id"] == copy["id"])
    assert (row["folderId"], row["tagIds"]) == (place, [mark])
    assert is_problem(client.post(f"/api/workflows/{uuid.uuid4()}/duplicate"), 404, "not_found")


def test_a_workflow_of_a_newer_stepweave_is_refused_with_what_to_do(world: World) -> None:
    client = world.person()
    refused = client.post("/api/workflows", json={**workflow(), "schema": 2})
    assert is_problem(refused, 422, "newer_schema")
    assert "Update Stepweave" in refused.json()["detail"]


def test_an_old_version_is_read_and_made_live_again(world: World) -> None:
    client, path = world.person(), f"p-{uuid.uuid4().hex[:8]}"
    id = made(client, workflow(path))["id"]
    client.post(f"/api/workflows/{id}/publish", json={"note": "first"})
    changed = workflow(f"{path}-new")
    changed["nodes"].append({"id": "b", "type": "no_op", "version": 1, "name": "B", "params": {}})
    changed["edges"].append({"id": "f", "source": "a", "target": "b"})
    client.put(f"/api/workflows/{id}", json={"document": changed, "revision": 1})
    client.post(f"/api/workflows/{id}/publish")
    listed = client.get(f"/api/workflows/{id}/versions").json()["items"]
    assert [(row["number"], row["author"]) for row in listed] == [(2, "P"), (1, "P")]
    first = client.get(f"/api/workflows/{id}/versions/1").json()
    assert (len(first["document"]["nodes"]), first["note"]) == (2, "first")
    assert client.post(f"/api/workflows/{id}/versions/1/publish").json()["number"] == 1
    whole = client.get(f"/api/workflows/{id}").json()
    assert (whole["publishedVersion"], whole["webhooks"][0]["path"], whole["revision"]) == (1, path, 2)
    assert len(whole["document"]["nodes"]) == 3
    (arn,) = [arn for arn in world.machines.versions if id in arn]
    assert world.machines.live[arn] == f"{arn}:1"
    assert is_problem(client.get(f"/api/workflows/{id}/versions/9"), 404, "not_found")
    assert is_problem(client.post(f"/api/workflows/{id}/versions/9/publish"), 404, "not_found")
    assert client.post(f"/api/workflows/{id}/publish").json()["number"] == 3


def test_names_of_people_and_workspaces_change_and_all_sessions_end(world: World) -> None:
    client = world.person()
    slug = client.get("/api/me").json()["tenant"]["slug"]
    assert client.patch("/api/me", json={"name": "Grace"}).json()["user"]["name"] == "Grace"
    tenant = client.patch("/api/tenant", json={"name": "Navy"}).json()["tenant"]
    assert (tenant["name"], tenant["slug"]) == ("Navy", slug)
    assert client.patch("/api/me", json={"name": "  "}).status_code == 422
    assert [(row["name"], row["role"]) for row in client.get("/api/members").json()["items"]] == [("Grace", "owner")]
    assert client.post("/api/sessions/end").status_code == 204
    assert is_problem(client.post("/api/auth/refresh"), 401, "session_expired")
