"""Files that a run by hand starts with: stored for the workspace alone, and given to the run by reference."""

import base64
import hashlib
import uuid
from typing import Any

import pytest

from stepweave.aws import AwsError
from tests.api.conftest import World
from tests.api.test_examples import created, orders, well

HELLO = {"fileName": "a “b”.txt", "mimeType": "text/plain", "content": base64.b64encode(b"hello").decode()}


def test_a_file_is_stored_for_the_workspace_and_starts_a_run(world: World) -> None:
    client, stranger = world.person(), world.person()
    workflow = created(client, orders())
    binary = well(client.post(f"/api/workflows/{workflow}/files", json=HELLO), 201)["binary"]
    tenant = client.get("/api/me").json()["tenant"]["id"]
    assert binary["key"].startswith(f"{tenant}/")
    assert (binary["fileName"], binary["mimeType"], binary["size"]) == ("a “b”.txt", "text/plain", 5)
    assert binary["sha256"] == hashlib.sha256(b"hello").hexdigest()
    assert world.storage.objects[binary["key"]] == b"hello"
    other = well(client.post(f"/api/workflows/{workflow}/files", json=HELLO), 201)["binary"]
    assert other["key"] != binary["key"], "none is written over"
    item = {"json": {"files": []}, "binary": {"file": binary}}
    assert well(client.post(f"/api/workflows/{workflow}/run", json={"items": [item]}), 202)
    assert stranger.post(f"/api/workflows/{workflow}/files", json=HELLO).status_code == 404
    assert client.post(f"/api/workflows/{uuid.uuid4()}/files", json=HELLO).status_code == 404
    assert world.anonymous().post(f"/api/workflows/{workflow}/files", json=HELLO).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"fileName": ""},
        {"fileName": "../../secret"},
        {"fileName": "a\nb"},
        {"fileName": "x" * 256},
        {"mimeType": "text/html\r\nX-Evil: 1"},
        {"mimeType": "text"},
        {"content": "not base64!"},
        {"content": base64.b64encode(b"x" * (37 * 1024 * 1024 // 10 + 1)).decode()},
    ],
)
def test_what_is_no_file_is_refused_and_nothing_stored(world: World, wrong: dict[str, Any]) -> None:
    client = world.person()
    workflow = created(client, orders())
    answer = client.post(f"/api/workflows/{workflow}/files", json={**HELLO, **wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert next(iter(wrong)) in answer.text
    assert not [key for key in world.storage.objects if key.endswith("/file")]


def test_storage_that_is_away_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.person()
    workflow = created(client, orders())

    def away(*args: Any, **more: Any) -> None:
        raise AwsError("ServiceUnavailable", "away", status=503)

    monkeypatch.setattr(type(world.storage), "put_file", away, raising=False)
    answer = client.post(f"/api/workflows/{workflow}/files", json=HELLO)
    assert (answer.status_code, answer.json()["code"]) == (503, "aws_unavailable")
