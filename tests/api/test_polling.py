"""Triggers that poll: asked once when they go live, kept over publishes, paused and listed, and nothing half done."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.services.publishing import polling as service
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.runtime.polling import Poll, Thing, only_new
from tests.api.conftest import World
from tests.api.test_publishing import fail, publish, save
from tests.api.test_routes import is_problem, made
from tests.fixtures.servers import Databases


def watching(*nodes: str, url: str = "https://shop.example/orders", **params: Any) -> dict[str, Any]:
    """Return a workflow with triggers of these ids that poll."""

    def trigger(id: str) -> dict[str, Any]:
        given = {"url": url, **params}
        return {"id": id, "type": "poll_trigger", "version": 1, "name": f"New {id}", "params": given}

    end = {"id": "end", "type": "no_op", "version": 1, "name": "End", "params": {}}
    start = {"id": "start", "type": "manual_trigger", "version": 1, "name": "Start", "params": {}}
    edges = [{"id": id, "source": id, "target": "end"} for id in ("start", *nodes)]
    return {"schema": 1, "name": "Watches", "nodes": [start, *map(trigger, nodes), end], "edges": edges}


class Lists:
    """What is listed at each URL, and the function that says what of it is new."""

    def __init__(self) -> None:
        self.things: list[str] = ["a", "b"]
        self.error: Exception | None = None
        self.asked: list[Mapping[str, Any]] = []
        self.on_ask: Callable[[], object] = lambda: None
        self.answer_with: Any = None

    def answer(self, payload: Mapping[str, Any]) -> Any:
        self.asked.append(payload)
        self.on_ask()
        if self.error is not None:
            raise self.error
        if self.answer_with is not None:
            return self.answer_with
        found = [Thing(id, {"id": id}) for id in self.things]
        return only_new(Poll.of(payload["given"]), found, str(payload["params"]["url"])).answer()


@pytest.fixture
def lists(world: World) -> Lists:
    made = Lists()
    world.nodes.answer = made.answer
    return made


@pytest.fixture
def client(world: World) -> TestClient:
    return world.person()


def rows(databases: Databases, id: str, columns: str = "id::text, cursor, expression, target, claim") -> list[Any]:
    with psycopg.connect(databases.owner) as connection:
        query = f"SELECT {columns} FROM registrations WHERE workflow_id = %s ORDER BY node_id"
        return connection.execute(query.encode(), (id,)).fetchall()


def change(databases: Databases, statement: str, *values: Any) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute(statement.encode(), values)


def polls(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/schedules").json()["polls"]
    return found


def test_publishing_asks_once_and_sets_a_clock(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders", everyMinutes=1))["id"]
    assert publish(client, id).status_code == 200
    [asked] = lists.asked
    assert (asked["ask"], asked["given"]) == ("poll", {"cursor": None, "first": True, "limit": 0})
    [(registration, cursor, expression, target, claim)] = rows(databases, id)
    assert (len(cursor["seen"]), expression, target["workflow_version"], claim) == (2, "rate(1 minute)", 1, None)
    tenant = client.get("/api/me").json()["tenant"]["id"]
    payload = {"tenantId": tenant, "registrationId": registration}
    assert world.schedules.there == {registration: ("rate(1 minute)", "UTC", payload)}
    [listed] = client.get(f"/api/workflows/{id}").json()["registrations"]
    assert (listed["nodeId"], listed["status"], listed["url"]) == ("orders", "active", None)


def test_unpublishing_takes_the_clock_away(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders", "customers"))["id"]
    publish(client, id)
    assert len(world.schedules.there) == 2
    assert client.post(f"/api/workflows/{id}/unpublish").status_code == 204
    assert (world.schedules.there, rows(databases, id)) == ({}, [])


def test_what_is_unchanged_goes_on_and_is_not_asked(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    [(registration, cursor, *_)] = rows(databases, id)
    lists.things.append("c")
    publish(client, id)
    [(again, same, _, target, _)] = rows(databases, id)
    assert (len(lists.asked), again, same, target["workflow_version"]) == (1, registration, cursor, 2)


def test_another_interval_keeps_the_cursor_and_another_list_begins_anew(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    [(registration, cursor, *_)] = rows(databases, id)
    lists.things.append("c")
    save(client, id, watching("orders", everyMinutes=30), 1)
    assert publish(client, id).status_code == 200
    [(again, same, expression, _, claim)] = rows(databases, id)
    assert (again, same, expression, claim) == (registration, cursor, "rate(30 minutes)", None), "c is yet to come"
    assert world.schedules.there[registration][0] == "rate(30 minutes)"
    save(client, id, watching("orders", url="https://shop.example/other"), 2)
    publish(client, id)
    [(_, other, *_)] = rows(databases, id)
    assert (other["watched"], len(other["seen"])) == ("https://shop.example/other", 3)


def test_what_was_found_and_not_started_stays_over_a_publish(
    client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    [(_, cursor, *_)] = rows(databases, id)
    found = {"batch": {"count": 1, "items": [{"json": {"id": "c"}}]}, "more": False}
    behind = {"watched": cursor["watched"], "seen": [*cursor["seen"], "digest-of-c"]}
    query = "UPDATE registrations SET number = 7, pending = %s WHERE workflow_id = %s"
    change(databases, query, json.dumps({**found, "cursor": behind}), id)
    save(client, id, watching("orders", everyMinutes=30), 1)
    lists.answer_with = {"items": [], "cursor": {"moved": True}}
    assert publish(client, id).status_code == 200
    assert lists.asked[-1]["given"]["cursor"] == behind
    [(number, pending)] = rows(databases, id, "number, pending")
    assert (number, pending) == (7, {**found, "cursor": {"moved": True}})


def test_a_trigger_that_is_polled_meanwhile_is_waited_for(
    client: TestClient, lists: Lists, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_CLAIM_PAUSE", 0)
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    query = "UPDATE registrations SET claim = %s, claimed_until = now() + interval '1 minute' WHERE workflow_id = %s"
    change(databases, query, uuid.uuid4(), id)
    before = rows(databases, id)
    save(client, id, watching("orders", everyMinutes=30), 1)
    assert is_problem(publish(client, id), 409, "publishing")
    assert rows(databases, id) == before
    change(databases, "UPDATE registrations SET claimed_until = now() WHERE workflow_id = %s", id)
    assert publish(client, id).status_code == 200


def test_a_poll_that_took_over_while_it_was_published_counts(
    client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    save(client, id, watching("orders", everyMinutes=30), 1)
    lists.on_ask = lambda: change(
        databases, "UPDATE registrations SET claim = gen_random_uuid() WHERE workflow_id = %s", id
    )
    assert is_problem(publish(client, id), 409, "publishing")
    assert rows(databases, id, "expression") == [("rate(5 minutes)",)]


REFUSED = AskFailed(
    {
        "type": "ResponseInvalid",
        "message": "There is no list.",
        "remedy": "Write the path.",
        "details": {"field": "params.listAt"},
    }
)


def test_a_list_that_cannot_be_read_refuses_the_publish_at_its_field(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    lists.error = REFUSED
    answer = publish(client, id)
    assert is_problem(answer, 422, "trigger_refused")
    [found] = answer.json()["diagnostics"]
    assert (found["nodeId"], found["field"], found["remedy"]) == ("orders", "params.listAt", "Write the path.")
    assert (world.schedules.there, rows(databases, id)) == ({}, [])
    assert client.get(f"/api/workflows/{id}").json()["publishedVersion"] is None


@pytest.mark.parametrize("answer", [[], {"items": []}, {"items": [{}], "cursor": 1}, {"cursor": "x" * 300_000}])
def test_a_first_answer_that_is_none_refuses_the_publish(client: TestClient, lists: Lists, answer: Any) -> None:
    id = made(client, watching("orders"))["id"]
    lists.answer_with = answer
    assert is_problem(publish(client, id), 422, "trigger_refused")


def test_a_cursor_that_postgres_cannot_hold_is_kept_as_far_as_it_can(
    client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    lists.answer_with = {"items": [], "cursor": "a\x00\ud800"}
    assert publish(client, id).status_code == 200
    assert rows(databases, id, "cursor") == [("a\ufffd\ufffd",)]


def test_a_function_that_cannot_be_asked_refuses_for_now(client: TestClient, lists: Lists) -> None:
    id = made(client, watching("orders"))["id"]
    lists.error = AwsError("TooManyRequestsException", "arn:secret")
    answer = publish(client, id)
    assert is_problem(answer, 503, "trigger_unavailable")
    assert "arn:secret" not in answer.text


@pytest.mark.parametrize("former", [True, False], ids=["again", "first time"])
@pytest.mark.parametrize(("port", "call"), [("schedules", "put"), ("machines", "point")])
def test_whatever_fails_nothing_is_half_done(
    world: World,
    client: TestClient,
    lists: Lists,
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    port: str,
    call: str,
    former: bool,
) -> None:
    id = made(client, watching("orders", "customers"))["id"]
    if former:
        publish(client, id)
        save(client, id, watching("orders", "others", everyMinutes=30), 1)
    before = (dict(world.schedules.there), rows(databases, id))
    with monkeypatch.context() as patch:
        fail(patch, getattr(world, port), call)
        assert is_problem(publish(client, id), 503, "aws_unavailable")
    assert (world.schedules.there, rows(databases, id)) == before
    assert publish(client, id).status_code == 200


def test_the_second_trigger_that_is_refused_leaves_the_first_as_it_was(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    before = (dict(world.schedules.there), rows(databases, id))
    document = watching("orders", "customers", everyMinutes=30)
    save(client, id, document, 1)

    def refuse_the_second() -> None:
        lists.error = REFUSED if lists.asked[-1]["node"]["id"] == "customers" else None

    lists.on_ask = refuse_the_second
    assert is_problem(publish(client, id), 422, "trigger_refused")
    assert (world.schedules.there, rows(databases, id)) == before


def test_a_node_that_becomes_another_kind_of_trigger_takes_its_clock_along(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    document = watching("orders")
    document["nodes"][1] |= {"type": "schedule_trigger", "params": {"expression": "0 9 * * *"}}
    save(client, id, document, 1)
    assert publish(client, id).status_code == 200
    [(_, _, payload)] = world.schedules.there.values()
    assert "scheduleId" in payload
    assert (rows(databases, id), polls(client)) == ([], [])
    save(client, id, watching("orders"), 2)
    publish(client, id)
    [(_, _, payload)] = world.schedules.there.values()
    assert "registrationId" in payload
    assert client.get("/api/schedules").json()["items"] == []


def test_a_disabled_trigger_is_neither_asked_nor_set(world: World, client: TestClient, lists: Lists) -> None:
    document = watching("orders")
    document["nodes"][1]["settings"] = {"disabled": True}
    id = made(client, document)["id"]
    assert publish(client, id).status_code == 200
    assert (lists.asked, world.schedules.there) == ([], {})


def test_a_trigger_is_paused_and_goes_on_and_publishing_leaves_it_paused(
    world: World, client: TestClient, lists: Lists
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    [one] = polls(client)
    assert client.put(f"/api/schedules/{one['id']}", json={"enabled": False}).status_code == 204
    assert world.schedules.paused == {one["id"]}
    save(client, id, watching("orders", everyMinutes=30), 1)
    publish(client, id)
    assert [poll["enabled"] for poll in polls(client)] == [False]
    assert world.schedules.paused == {one["id"]}
    assert client.put(f"/api/schedules/{one['id']}", json={"enabled": True}).status_code == 204
    assert world.schedules.paused == set()


def test_the_list_tells_how_triggers_fare_those_that_fail_first(
    client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders", "customers"))["id"]
    publish(client, id)
    error = json.dumps({"type": "HttpServerError", "message": "It answered 500.", "remedy": "Wait."})
    query = """UPDATE registrations SET failures = 3, last_error = %s, retry_at = now()
               WHERE node_id = 'orders' AND workflow_id = %s"""
    change(databases, query, error, id)
    first, second = polls(client)
    assert (first["nodeName"], first["failures"], first["lastError"]["message"]) == (
        "New orders",
        3,
        "It answered 500.",
    )
    assert (second["nodeName"], second["lastError"], second["expression"]) == ("New customers", None, "rate(5 minutes)")
    assert (first["workflowId"], first["nodeType"]) == (id, "poll_trigger")
    fires = client.get("/api/schedules/fires?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z")
    assert fires.json()["items"] == []


def test_another_tenants_triggers_are_not_there(world: World, client: TestClient, lists: Lists) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    [one] = polls(client)
    stranger = world.person()
    assert polls(stranger) == []
    assert is_problem(stranger.put(f"/api/schedules/{one['id']}", json={"enabled": False}), 404, "not_found")


def test_an_older_version_that_is_made_live_again_polls_with_its_parameters(
    client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    save(client, id, watching("orders", url="https://shop.example/other"), 1)
    publish(client, id)
    assert client.post(f"/api/workflows/{id}/versions/1/publish").status_code == 200
    [(params, cursor)] = rows(databases, id, "params, cursor")
    assert params["url"] == cursor["watched"] == "https://shop.example/orders"


def test_deleting_the_workflow_takes_all_away(
    world: World, client: TestClient, lists: Lists, databases: Databases
) -> None:
    id = made(client, watching("orders"))["id"]
    publish(client, id)
    assert client.delete(f"/api/workflows/{id}").status_code == 204
    assert (world.schedules.there, rows(databases, id)) == ({}, [])


MAILBOX = {"host": "mail.example", "user": "ada", "password": "hush"}


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ({"message": "The log-in works."}, (True, "The log-in works.")),
        (None, (True, "It works.")),
        (AskFailed({"type": "MailServerRefused", "message": "No.", "remedy": "Look."}), (False, "No. Look.")),
        (AwsError("ConnectionFailed", "down"), (False, "It could not be tried out. Try again in a moment.")),
    ],
)
def test_a_credential_is_tried_out_by_the_node_that_uses_it(
    world: World, client: TestClient, says: Any, verdict: tuple[bool, str]
) -> None:
    def answer(payload: Mapping[str, Any]) -> Any:
        if isinstance(says, Exception):
            raise says
        return says

    world.nodes.answer = answer
    id = client.post("/api/credentials", json={"name": "Box", "type": "imap", "data": MAILBOX}).json()["id"]
    told = client.post(f"/api/credentials/{id}/test").json()
    assert (told["works"], told["message"]) == verdict
    [(type, version, payload, _)] = world.nodes.asked
    assert (type, version, payload["ask"], payload["given"]) == ("email_trigger", 1, "test", {"credential": id})
    assert client.post(f"/api/credentials/{uuid.uuid4()}/test").status_code == 404
    assert len(world.nodes.asked) == 1
