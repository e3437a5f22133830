"""`stepweave replay` against the API: what it brings here, with a key, and what it refuses in which words."""

import json
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from local.cli.main import app
from stepweave.model.events import Event, EventType
from stepweave.runtime.events import event
from tests.api.conftest import World
from tests.api.test_iterations import execution_of
from tests.fixtures.servers import Databases
from tests.local.test_offline import items, node, workflow

MANY: list[Any] = [{"json": {"n": n, "text": "x" * 2000}} for n in range(150)]
SETS = {"assignments": [{"name": "twice", "type": "auto", "value": "{{ $json.n * 2 }}"}]}
NODES = [
    node("start", "manual_trigger"),
    node("call", "http_request", {"url": "https://rates.example"}),
    node("twice", "set_fields", SETS),
]
DOCUMENT = workflow(NODES, "start>call", "call>twice")


def succeeded(node_id: str, output: list[Any] | dict[str, Any], **more: Any) -> Event:
    batch = output if isinstance(output, dict) else {"count": len(output), "items": output}
    return event(EventType.NODE_SUCCEEDED, nodeId=node_id, attempt=1, input={}, output={"main": batch}, **more)


@pytest.fixture
def replay(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what calls the command as a key, which the API in this process answers."""
    transport = httpx.ASGITransport(app=world.app)
    monkeypatch.setattr("local.client.rest.httpx.AsyncClient", partial(httpx.AsyncClient, transport=transport))

    def call(client: TestClient, execution_id: str, *arguments: str, scopes: Any = ("executions.read",)) -> Result:
        body = {"name": uuid.uuid4().hex, "permissions": list(scopes)}
        made = client.post("/api/keys", json=body)
        assert made.status_code == 201, made.text
        command = ["replay", execution_id, "--url", "http://stepweave.test", "--api-key", made.json()["text"]]
        return CliRunner().invoke(app, [*command, *arguments])

    return call


def an_execution(client: TestClient, databases: Databases, *events: Event, ends: Any = None, **changes: Any) -> str:
    made = client.post("/api/workflows", json={**DOCUMENT, "name": f"W {uuid.uuid4().hex[:6]}"})
    assert made.status_code == 201, made.text
    end = ends or event(EventType.EXECUTION_SUCCEEDED, durationMs=5.0)
    return execution_of(client, databases, *events, end, workflowId=made.json()["id"], **changes)


def whole(world: World, client: TestClient) -> list[Event]:
    """An execution whose server gave more than an event holds."""
    tenant = client.get("/api/me").json()["tenant"]["id"]
    key, content = f"{tenant}/many.json", json.dumps(MANY).encode()
    ref = {"bucket": "data", "key": key, "size": len(content), "sha256": world.storage.put("data", key, content)}
    after = [{"json": {**item["json"], "twice": item["json"]["n"] * 2}} for item in MANY]
    return [
        succeeded("start", items({})),
        succeeded("call", {"count": 150, "ref": ref, "preview": MANY[:3]}),
        succeeded("twice", after),
    ]


BOTH = ("executions.read", "workflows.read")


def test_an_execution_is_brought_here_and_compared_with_the_draft_and_a_file(
    world: World, databases: Databases, replay: Any, tmp_path: Path
) -> None:
    client = world.person()
    id = an_execution(client, databases, *whole(world, client))
    result = replay(client, id, scopes=BOTH)
    assert result.exit_code == 0, result.output
    assert "2 of 2 nodes are the same" in result.stdout
    changed = json.loads(json.dumps(DOCUMENT).replace("* 2", "* 3"))
    file = tmp_path / "now.json"
    file.write_text(json.dumps(changed))
    result = replay(client, id, "--workflow", str(file), "--output", "json")
    assert result.exit_code == 1, "a file needs no right to read workflows"
    twice = json.loads(result.stdout)["nodes"][1]
    assert (twice["state"], twice["how"]) == ("differs", "ran")
    assert len(twice["rounds"][0]["ports"][0]["then"]) == 150


def test_it_is_written_as_a_test(world: World, databases: Databases, replay: Any, tmp_path: Path) -> None:
    client = world.person()
    id = an_execution(client, databases, *whole(world, client))
    file = tmp_path / "orders.test.json"
    result = replay(client, id, "--test-file", str(file), scopes=BOTH)
    assert result.exit_code == 0, result.output
    assert f"Wrote {file}" in result.stderr
    tested = CliRunner().invoke(app, ["test", str(file)])
    assert tested.exit_code == 0, tested.output
    assert "call: pinned" in tested.stdout.lower()


def refusal(result: Result) -> str:
    assert result.exit_code == 2, result.output
    return result.stderr


def test_what_cannot_be_replayed_says_why_and_ends_with_two(
    world: World, databases: Databases, replay: Any, tmp_path: Path
) -> None:
    client = world.person()
    assert "this is no execution's id" in refusal(replay(client, "latest"))
    assert "there is no such execution" in refusal(replay(client, str(uuid.uuid4())))
    id = an_execution(client, databases, *whole(world, client))
    assert "there is no such execution" in refusal(replay(world.person(), id)), "another workspace's"
    assert "needs executions.read" in refusal(replay(client, id, scopes=("workflows.read",)))
    assert "without --workflow also workflows.read" in refusal(replay(client, id)), "the draft"
    world.storage.objects.clear()
    assert "its data is not stored any more (call, port main)" in refusal(replay(client, id, scopes=BOTH))
    states = event(EventType.NODE_SUCCEEDED, nodeId="call", attempt=1)
    id = an_execution(client, databases, succeeded("start", items({})), states)
    assert "what 'Call' gave is not stored" in refusal(replay(client, id, scopes=BOTH))
    id = an_execution(client, databases, ends=event(EventType.NODE_STARTED, nodeId="start", attempt=1))
    assert "it has not ended yet" in refusal(replay(client, id, scopes=BOTH))
    id = an_execution(client, databases)
    assert "nothing is stored of what started it" in refusal(replay(client, id, scopes=BOTH))


def test_a_document_of_a_newer_format_is_refused(
    world: World, databases: Databases, replay: Any, tmp_path: Path
) -> None:
    client = world.person()
    id = an_execution(client, databases, *whole(world, client))
    file = tmp_path / "newer.json"
    file.write_text(json.dumps({**DOCUMENT, "schema": 2}))
    words = f"{file} is of format 2, and this command reads up to 1; install a newer Stepweave."
    assert words in refusal(replay(client, id, "--workflow", str(file)))
    with psycopg.connect(databases.owner) as connection:
        ran = json.dumps({**DOCUMENT, "schema": 2})
        connection.execute("UPDATE executions SET document = %s::jsonb WHERE id = %s", (ran, id))
    assert "what ran is of format 2" in refusal(replay(client, id, scopes=BOTH))
    file.write_text("[]")
    assert "is no workflow document" in refusal(replay(client, id, "--workflow", str(file)))
