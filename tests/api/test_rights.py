"""Every role at every route of the OpenAPI document: let in or not, as the permission says that the route declares.

Endpoints are stood in for, so that nothing is done: what is asked is whether a caller gets that far.
"""

import json
import re
import uuid
from typing import Any, Final

import jwt
import psycopg
import pytest
from fastapi import routing
from fastapi.testclient import TestClient

from api import codes, openapi
from api.openapi import PERMISSION
from api.permissions import CUSTOM, ROLES, Permission, permissions_of
from api.refusals import Refused
from stepweave_data import standing
from tests.api.conftest import World, email
from tests.api.test_people import me
from tests.api.test_routes import OPEN, made
from tests.fixtures.servers import Databases

OWN: Final = {"clerk": ["store.read"], "nothing": []}
"""Roles of the workspace's own."""
REACHED: Final = codes.ALREADY_ENDED


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    document = json.loads(openapi.PATH.read_text(encoding="utf-8"))
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have endpoints only say that they were reached."""

    async def say(**_: Any) -> None:
        raise Refused(REACHED, "Reached.")

    monkeypatch.setattr(routing, "run_endpoint_function", say)


def test_each_operation_says_which_permission_it_needs_or_is_open() -> None:
    known = {permission.value for permission in Permission}
    for method, path, operation in operations():
        needed = operation.get(PERMISSION)
        assert (needed is None) == (path in OPEN), (method, path)
        assert needed is None or needed in known


@pytest.mark.parametrize("role", [*ROLES, *OWN])
def test_a_role_gets_as_far_as_its_permissions(
    world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    client = member(world, databases, role)
    stand_in(monkeypatch)
    allowed = permissions_of(CUSTOM if role in OWN else role, OWN.get(role))
    wrong = []
    for method, path, operation in operations():
        needed = operation.get(PERMISSION)
        if needed is None:
            continue
        answer = asked(client, method, path)
        told = (answer.status_code, answer.json()["code"])
        let_in = told[0] == 422 or told in ((409, REACHED.name), (403, codes.CONFIRMATION_NEEDED.name))
        if (let_in, told == (403, "not_allowed")) != (needed in allowed, needed not in allowed):
            wrong.append((method, path, needed, told))
    assert not wrong


def test_without_a_token_nobody_gets_anywhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)
    client = world.anonymous()
    client.event_hooks = {}
    found = {
        (method, path, asked(client, method, path).status_code)
        for method, path, operation in operations()
        if operation.get(PERMISSION)
    }
    assert {status for *_, status in found} == {401}, found


def test_nobody_reaches_what_is_another_tenants(world: World) -> None:
    owner, stranger = world.person(), world.person()
    ids = {"workflow_id": made(owner)["id"], "user_id": me(owner)["user"]["id"]}
    role = owner.post("/api/roles", json={"name": "R", "permissions": ["store.read"]}).json()
    ids["role_id"] = role["id"]
    ids["invitation_id"] = owner.post("/api/invitations", json={"email": email(), "role": "viewer"}).json()["id"]
    ids["folder_id"] = owner.post("/api/folders", json={"name": "F"}).json()["id"]
    ids["tag_id"] = owner.post("/api/tags", json={"name": "T", "color": "blue"}).json().get("id", "")
    (session,) = owner.get("/api/sessions").json()["items"]
    ids["session_id"] = session["id"]
    tried, wrong = 0, []
    for method, path, operation in operations():
        names = re.findall(r"{(\w+)}", path)
        if not names or operation.get(PERMISSION) is None:
            continue
        place = re.sub(r"{(\w+)}", lambda found: str(ids.get(found[1]) or _some(found[1])), path)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        answer = stranger.request(method, place, **({} if body is None else {"json": body}))
        tried += 1
        # To have stopped listening is to have stopped, whoever's it was; a passkey asks who one is first.
        if answer.status_code not in (404, 422) and operation["operationId"] not in ("stopListening", "removePasskey"):
            wrong.append((method, path, answer.status_code, answer.text[:200]))
    assert tried > 50
    assert not wrong
    assert owner.get(f"/api/workflows/{ids['workflow_id']}").status_code == 200
    assert len(owner.get("/api/members").json()["items"]) == 1
    assert len(owner.get("/api/invitations").json()["items"]) == 1


def member(world: World, databases: Databases, role: str) -> TestClient:
    """Return the client of a member with a role, and no checks of what its answers are."""
    client = world.person()
    client.event_hooks = {}
    claims = jwt.decode(client.headers["Authorization"].split()[1], options={"verify_signature": False})
    user, tenant = claims["sub"], claims["tenant"]
    with psycopg.connect(databases.owner) as connection:
        if role in OWN:
            connection.execute(
                "WITH made AS (INSERT INTO roles (tenant_id, name, permissions) VALUES (%s, %s, %s) RETURNING id)"
                " UPDATE memberships SET role = 'custom', role_id = made.id FROM made WHERE user_id = %s",
                (tenant, role, OWN[role], user),
            )
        else:
            connection.execute("UPDATE memberships SET role = %s WHERE user_id = %s", (role, user))
    standing.forget(world.redis, [uuid.UUID(user)])
    return client


def asked(client: TestClient, method: str, path: str) -> Any:
    place = re.sub(r"{(\w+)}", lambda found: _some(found[1]), path)
    return client.request(method, place)


def _some(name: str) -> str:
    return str(uuid.uuid4()) if name.endswith("_id") else "1"
