"""Triggers with code: registered at providers on publish, taken away after, and nothing half done in between."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.services.publishing import registrations
from stepweave_data import redis_keys as keys
from stepweave_data.vaulting import Sealed, unseal
from tests.api.conftest import World
from tests.api.test_publishing import fail, publish, save
from tests.api.test_routes import is_problem, made
from tests.fakes.providers import Provider, away, dead, refused
from tests.fixtures.servers import Databases


def listening(*nodes: str, repository: str = "hello-world", name: str = "Listens") -> dict[str, Any]:
    """Return a workflow with GitHub triggers of these ids."""

    def trigger(id: str) -> dict[str, Any]:
        params = {"credential": "c1", "owner": "octocat", "repository": repository, "events": [{"event": "push"}]}
        return {"id": id, "type": "github_trigger", "version": 1, "name": f"On {id}", "params": params}

    end = {"id": "end", "type": "no_op", "version": 1, "name": "End", "params": {}}
    start = {"id": "start", "type": "manual_trigger", "version": 1, "name": "Start", "params": {}}
    edges = [{"id": id, "source": id, "target": "end"} for id in ("start", *nodes)]
    return {"schema": 1, "name": name, "nodes": [start, *map(trigger, nodes), end], "edges": edges}


@pytest.fixture
def provider(world: World) -> Provider:
    there = Provider()
    world.nodes.answer = there.answer
    return there


@pytest.fixture
def client(world: World) -> TestClient:
    return world.person()


def registered(client: TestClient, id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/workflows/{id}").json()["registrations"]
    return found


def rows(databases: Databases, id: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(databases.owner) as connection:
        query = "SELECT node_id, status, tries, last_error ->> 'type' FROM registrations WHERE workflow_id = %s"
        return sorted(connection.execute(query, (id,)).fetchall())


def test_publishing_registers_and_unpublishing_takes_away(
    world: World, client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("push"))["id"]
    assert registered(client, id) == []
    assert publish(client, id).status_code == 200
    [one] = registered(client, id)
    assert (one["nodeId"], one["type"], one["status"]) == ("push", "github_trigger", "active")
    assert list(provider.there) == [one["url"]]
    assert one["url"].startswith("http://stepweave.test/hooks/team-")
    assert len(one["url"].rpartition("/~/")[2]) == 32
    with psycopg.connect(databases.owner) as connection:
        query = """SELECT tenant_id, id, wrapped_key, nonce, ciphertext, target ->> 'workflow_version', params
                   FROM registrations WHERE workflow_id = %s"""
        [(tenant, row, *sealed, version, params)] = connection.execute(query, (id,)).fetchall()
    opened = unseal(Sealed(*map(bytes, sealed)), str(tenant), str(row), world.keys)
    assert opened["secret"] == f"secret of {one['url']}"
    assert (version, params["repository"]) == ("1", "hello-world")
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    assert (provider.there, registered(client, id), rows(databases, id)) == ({}, [], [])


def test_what_is_unchanged_keeps_its_address_and_what_is_changed_is_another(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("a", "b"))["id"]
    assert publish(client, id).status_code == 200
    before = {one["nodeId"]: one["url"] for one in registered(client, id)}
    document = listening("a", "b", name="Renamed")
    document["nodes"][1]["name"] = "Another name"
    document["nodes"][1]["position"] = {"x": 400, "y": 7}
    document["nodes"][2]["params"]["repository"] = "other"
    save(client, id, document, 1)
    provider.asked.clear()
    assert publish(client, id).status_code == 200
    after = {one["nodeId"]: one["url"] for one in registered(client, id)}
    assert after["a"] == before["a"]
    assert after["b"] != before["b"]
    assert provider.asked == [("activate", "b"), ("deactivate", "b")]
    assert set(provider.there) == set(after.values())
    with psycopg.connect(databases.owner) as connection:
        query = "SELECT DISTINCT target ->> 'workflow_version' FROM registrations WHERE workflow_id = %s"
        assert connection.execute(query, (id,)).fetchall() == [("2",)]


@pytest.mark.parametrize("gone", ["deleted", "disabled"])
def test_a_trigger_that_is_gone_from_the_document_is_taken_away(
    client: TestClient, provider: Provider, gone: str
) -> None:
    id = made(client, listening("a", "b"))["id"]
    publish(client, id)
    document = listening("a") if gone == "deleted" else listening("a", "b")
    if gone == "disabled":
        document["nodes"][2]["settings"] = {"disabled": True}
    save(client, id, document, 1)
    assert publish(client, id).status_code == 200
    assert [one["nodeId"] for one in registered(client, id)] == ["a"]
    assert len(provider.there) == 1


def test_a_former_version_is_registered_as_it_was(client: TestClient, provider: Provider) -> None:
    id = made(client, listening("a", repository="one"))["id"]
    publish(client, id)
    save(client, id, listening("a", repository="two"), 1)
    publish(client, id)
    assert [one["repository"] for one in provider.there.values()] == ["two"]
    assert client.post(f"/api/workflows/{id}/versions/1/publish").status_code == 200
    assert [one["repository"] for one in provider.there.values()] == ["one"]
    assert len(registered(client, id)) == 1


def test_copies_and_imports_register_nothing_until_they_are_published(client: TestClient, provider: Provider) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    copy = client.post(f"/api/workflows/{id}/duplicate").json()
    assert (copy["registrations"], len(provider.there)) == ([], 1)
    publish(client, copy["id"])
    assert len(provider.there) == 2
    assert client.delete(f"/api/workflows/{id}").status_code == 204
    assert list(provider.there) == [one["url"] for one in registered(client, copy["id"])]


def test_a_provider_that_refuses_is_said_at_the_node_and_the_field(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    provider.says["b", "activate"] = refused("There is no such repository.", field="params.repository", status=404)
    id = made(client, listening("a", "b"))["id"]
    answer = publish(client, id)
    assert is_problem(answer, 422, "trigger_refused")
    [diagnostic] = answer.json()["diagnostics"]
    assert (diagnostic["nodeId"], diagnostic["field"]) == ("b", "params.repository")
    assert (diagnostic["message"], diagnostic["severity"]) == ("There is no such repository.", "error")
    assert diagnostic["remedy"] == "Ask for something else."
    assert (provider.there, rows(databases, id)) == ({}, [])
    assert sorted(provider.asked) == [("activate", "a"), ("activate", "b"), ("deactivate", "a")]
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] is None


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (refused(type="CredentialMissing"), "params.credential"),
        (refused(status=401), "params.credential"),
        (refused(field="owner"), "params.owner"),
        (refused(status=422), None),
    ],
)
def test_a_refusal_is_said_at_the_field_that_it_is_about(
    client: TestClient, provider: Provider, error: Exception, field: str | None
) -> None:
    provider.says["a", "activate"] = error
    answer = publish(client, made(client, listening("a"))["id"])
    assert is_problem(answer, 422, "trigger_refused")
    assert answer.json()["diagnostics"][0].get("field") == field


def test_all_that_are_refused_are_said_at_once(client: TestClient, provider: Provider, databases: Databases) -> None:
    names = [f"n{number}" for number in range(9)]
    provider.says["n3", "activate"] = away()
    provider.says["n5", "activate"] = refused("No.")
    id = made(client, listening(*names))["id"]
    answer = publish(client, id)
    assert is_problem(answer, 422, "trigger_refused")
    assert sorted(one["nodeId"] for one in answer.json()["diagnostics"]) == ["n3", "n5"]
    assert (provider.there, rows(databases, id)) == ({}, [])
    provider.says.clear()
    assert publish(client, id).status_code == 200
    assert len(provider.there) == len(rows(databases, id)) == 9
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    assert (provider.there, rows(databases, id)) == ({}, [])


@pytest.mark.parametrize("error", [away(), away("NodeTimeout", retryable=False), dead()])
@pytest.mark.parametrize("registered_all_the_same", [True, False])
def test_where_nobody_knows_whether_it_is_registered_it_is_taken_away(
    client: TestClient, provider: Provider, databases: Databases, error: Exception, registered_all_the_same: bool
) -> None:
    (provider.late if registered_all_the_same else provider.says)["a", "activate"] = error
    id = made(client, listening("a"))["id"]
    answer = publish(client, id)
    assert is_problem(answer, 503, "trigger_unavailable")
    assert answer.json()["diagnostics"][0]["nodeId"] == "a"
    assert provider.asked == [("activate", "a"), ("deactivate", "a")]
    assert (provider.there, rows(databases, id)) == ({}, [])


def test_where_a_later_step_fails_what_is_new_goes_and_what_was_stays(
    world: World, client: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch, databases: Databases
) -> None:
    id = made(client, listening("a", "b"))["id"]
    publish(client, id)
    before = registered(client, id)
    save(client, id, listening("a", "b", "c", repository="other"), 1)
    with monkeypatch.context() as patch:
        fail(patch, world.machines, "point")
        assert is_problem(publish(client, id), 503, "aws_unavailable")
    assert registered(client, id) == before
    assert set(provider.there) == {one["url"] for one in before}
    assert len(rows(databases, id)) == 2
    live = [given["active"] for given in provider.given if "active" in given]
    assert sorted(live) == ["", *sorted(provider.there)], "who has one place for all can give it back to what is live"


def test_a_publish_that_fails_in_the_transaction_leaves_nothing_registered(
    world: World, client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("a"))["id"]

    def saved_meanwhile(payload: Any) -> Any:
        if payload["ask"] == "activate":
            save(client, id, listening("a", name="Theirs"), 1)
        return provider.answer(payload)

    world.nodes.answer = saved_meanwhile
    assert is_problem(publish(client, id), 409, "draft_moved")
    assert (provider.there, rows(databases, id)) == ({}, [])


def test_what_a_provider_does_not_forget_stays_known_and_is_shown(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    provider.says["a", "deactivate"] = away()
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    [one] = registered(client, id)
    assert (one["status"], one["lastError"]["type"]) == ("leaving", "RequestTimeout")
    assert rows(databases, id) == [("a", "leaving", 1, "RequestTimeout")]
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] is None
    assert publish(client, id).status_code == 200
    assert sorted(one["status"] for one in registered(client, id)) == ["active", "leaving"]


@pytest.mark.parametrize("status", ["leaving", "failed"])
def test_what_is_left_is_dismissed_and_what_is_live_is_not(
    world: World, client: TestClient, provider: Provider, databases: Databases, status: str
) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    at = f"/api/workflows/{id}/registrations"
    [live] = registered(client, id)
    assert is_problem(client.delete(f"{at}/{live['id']}"), 409, "still_registered")
    provider.says["a", "deactivate"] = away()
    client.post(f"/api/workflows/{id}/unpublish")
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE registrations SET status = %s WHERE workflow_id = %s", (status, id))
    assert [one["status"] for one in registered(client, id)] == [status]
    assert is_problem(world.person().delete(f"{at}/{live['id']}"), 404, "not_found")
    other = made(client, listening("b"))["id"]
    assert is_problem(client.delete(f"/api/workflows/{other}/registrations/{live['id']}"), 404, "not_found")
    assert client.delete(f"{at}/{live['id']}").status_code == 204
    assert (registered(client, id), rows(databases, id)) == ([], [])
    assert is_problem(client.delete(f"{at}/{live['id']}"), 404, "not_found")
    assert publish(client, id).status_code == 200


def test_what_is_being_registered_or_listens_for_a_test_cannot_be_dismissed(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    [one] = registered(client, id)
    with psycopg.connect(databases.owner) as connection:
        connection.execute(
            "UPDATE registrations SET status = 'joining', leave_after = now() WHERE workflow_id = %s", (id,)
        )
    assert is_problem(client.delete(f"/api/workflows/{id}/registrations/{one['id']}"), 404, "not_found")
    assert len(rows(databases, id)) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_what_a_provider_knows_no_more_is_gone(
    client: TestClient, provider: Provider, databases: Databases, status: int
) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    provider.says["a", "deactivate"] = refused(status=status)
    assert client.delete(f"/api/workflows/{id}").status_code == 204
    assert rows(databases, id) == []


def test_a_registration_that_took_too_long_does_not_go_live(
    client: TestClient, provider: Provider, databases: Databases, world: World
) -> None:
    id = made(client, listening("a"))["id"]

    def swept(payload: Any) -> Any:
        answer = provider.answer(payload)
        if payload["ask"] == "activate":
            with psycopg.connect(databases.owner) as connection:
                connection.execute("DELETE FROM registrations WHERE workflow_id = %s", (id,))
        return answer

    world.nodes.answer = swept
    assert is_problem(publish(client, id), 409, "publishing")
    assert provider.there == {}
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] is None


def test_while_a_provider_is_asked_no_row_is_locked_and_the_sweeper_knows_of_it(
    client: TestClient, provider: Provider, databases: Databases, world: World
) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    seen: list[Any] = []

    def asked(payload: Any) -> Any:
        with psycopg.connect(databases.owner) as connection:
            connection.execute("SET lock_timeout = '1s'")
            connection.execute("SELECT id FROM workflows WHERE id = %s FOR UPDATE", (id,))
            query = "SELECT status, leave_after FROM registrations WHERE workflow_id = %s ORDER BY status FOR UPDATE"
            seen.append((payload["ask"], connection.execute(query, (id,)).fetchall()))
        return provider.answer(payload)

    world.nodes.answer = asked
    save(client, id, listening("a", repository="other"), 1)
    assert publish(client, id).status_code == 200
    (first, during), (second, after) = seen
    assert (first, [status for status, _ in during]) == ("activate", ["active", "joining"])
    assert during[1][1] > datetime.now(UTC) + timedelta(minutes=4)
    assert (second, [status for status, _ in after]) == ("deactivate", ["active", "leaving"])


def test_when_the_time_is_over_the_rest_is_left_to_the_sweeper(
    client: TestClient, provider: Provider, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = made(client, listening("a", "b"))["id"]
    publish(client, id)
    monkeypatch.setattr(registrations, "ALL_SECONDS", 0.0)
    provider.asked.clear()
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    assert provider.asked == []
    assert rows(databases, id) == [("a", "leaving", 0, None), ("b", "leaving", 0, None)]
    with psycopg.connect(databases.app) as connection:
        assert len(connection.execute("SELECT * FROM leaving_registrations(100)").fetchall()) >= 2
    answer = publish(client, id)
    assert is_problem(answer, 503, "trigger_unavailable")
    assert (provider.asked, len(rows(databases, id))) == ([], 2)


def test_many_deleted_at_once_are_left_to_the_sweeper(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    ids = [made(client, listening("a"))["id"] for _ in range(3)]
    for id in ids:
        publish(client, id)
    provider.asked.clear()
    answer = client.post("/api/workflows/bulk", json={"action": "delete", "ids": ids})
    assert [one["ok"] for one in answer.json()["items"]] == [True] * 3
    assert provider.asked == []
    assert [rows(databases, id)[0][1] for id in ids] == ["leaving"] * 3


def test_switching_off_leaves_it_registered_and_the_webhook_looks_again(
    world: World, client: TestClient, provider: Provider
) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    [one] = registered(client, id)
    slug, _, address = one["url"].partition("/hooks/")[2].split("/")
    world.redis.set(keys.listener(slug, address), "{}")
    provider.asked.clear()
    client.post("/api/workflows/bulk", json={"action": "disable", "ids": [id]})
    assert (provider.asked, world.redis.exists(keys.listener(slug, address))) == ([], 0)
    assert registered(client, id)[0]["status"] == "active"


def test_an_address_is_looked_up_by_its_own_tenants_slug_while_it_is_live(
    client: TestClient, provider: Provider, databases: Databases, world: World
) -> None:
    id = made(client, listening("a"))["id"]
    other = world.person()
    publish(client, id)
    [one] = registered(client, id)
    slug, _, address = one["url"].partition("/hooks/")[2].split("/")
    other_slug = other.get("/api/me").json()["tenant"]["slug"]

    def found(slug: str, address: str) -> Any:
        with psycopg.connect(databases.app) as connection:
            return connection.execute("SELECT hook_registration(%s, %s)", (slug, address)).fetchone()[0]  # type: ignore[index]  # there is a row

    listener = found(slug, address)
    assert (listener["nodeId"], listener["paused"], listener["joining"]) == ("a", False, False)
    assert listener["start"]["workflow_id"] == id
    assert "secret" not in str(listener)
    assert found(other_slug, address) is None
    assert found(slug, address[:-1] + ("A" if address[-1] != "A" else "B")) is None
    assert is_problem(other.get(f"/api/workflows/{id}"), 404, "not_found")
    client.post("/api/workflows/bulk", json={"action": "disable", "ids": [id]})
    assert found(slug, address)["paused"]
    client.delete(f"/api/workflows/{id}")
    assert found(slug, address) is None


def test_no_webhooks_path_can_be_where_triggers_are_called(client: TestClient) -> None:
    for path in ("~/abc", "~", "a/~/b", "%7E/abc"):
        document = listening()
        document["nodes"].append(
            {"id": "h", "type": "webhook_trigger", "version": 1, "name": "H", "params": {"path": path}}
        )
        document["edges"].append({"id": "h", "source": "h", "target": "end"})
        assert is_problem(publish(client, made(client, document)["id"]), 422, "workflow_invalid"), path


def test_two_publishers_at_once_leave_one_registration(
    client: TestClient, provider: Provider, databases: Databases
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    id = made(client, listening("a"))["id"]
    with ThreadPoolExecutor(4) as pool:
        codes = sorted(answer.status_code for answer in pool.map(lambda _: publish(client, id), range(4)))
    assert codes == [200] * 4
    assert len(registered(client, id)) == len(provider.there) == len(rows(databases, id)) == 1


def test_a_tenants_rows_are_its_own(client: TestClient, provider: Provider, databases: Databases) -> None:
    id = made(client, listening("a"))["id"]
    publish(client, id)
    with psycopg.connect(databases.app) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(uuid.uuid4()),))
        assert connection.execute("SELECT count(*) FROM registrations").fetchone() == (0,)
