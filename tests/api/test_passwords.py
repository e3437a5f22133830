"""Changing one's password."""

from typing import Any

from fastapi.testclient import TestClient

from api.services import limits
from tests.api.conftest import PASSWORD, World
from tests.api.test_routes import is_problem

NEW = "a better horse 10"


def change(client: TestClient, current: str, new: str) -> Any:
    return client.post("/api/auth/password", json={"currentPassword": current, "newPassword": new})


def address(client: TestClient) -> str:
    return str(client.get("/api/me").json()["user"]["email"])


def login(world: World, email: str, password: str) -> Any:
    return world.anonymous().post("/api/auth/login", json={"email": email, "password": password})


def test_a_new_password_replaces_the_old_one_and_ends_all_other_sessions(world: World) -> None:
    client = world.person()
    email = address(client)
    other = world.anonymous()
    assert other.post("/api/auth/login", json={"email": email, "password": PASSWORD}).status_code == 200
    answer = change(client, PASSWORD, NEW)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["email"] == email
    client.headers["Authorization"] = f"Bearer {answer.json()['accessToken']}"
    assert client.post("/api/auth/refresh").status_code == 200
    assert is_problem(other.post("/api/auth/refresh"), 401, "session_expired")
    assert is_problem(login(world, email, PASSWORD), 401, "wrong_login")
    assert login(world, email, NEW).status_code == 200


def test_what_is_wrong_is_told_at_its_field_and_changes_nothing(world: World) -> None:
    client = world.person()
    email = address(client)
    for current, new, code, field in (
        ("not it", NEW, "wrong_password", "currentPassword"),
        (PASSWORD, PASSWORD, "weak_password", "newPassword"),
        (PASSWORD, "aaaaaaaaaaaa", "weak_password", "newPassword"),
        (PASSWORD, email, "weak_password", "newPassword"),
    ):
        answer = change(client, current, new)
        assert is_problem(answer, 422, code)
        assert answer.json()["errors"][0]["field"] == field
    assert change(client, PASSWORD, "short").status_code == 422
    assert world.anonymous().post("/api/auth/password", json={}).status_code == 401
    assert client.post("/api/auth/refresh").status_code == 200
    assert login(world, email, PASSWORD).status_code == 200


def test_guesses_at_the_current_password_are_limited_as_logins_are(world: World) -> None:
    client = world.person()
    for _ in range(limits.PAIR.most):
        assert is_problem(change(client, "a guess", NEW), 422, "wrong_password")
    assert is_problem(change(client, PASSWORD, NEW), 429, "too_many_tries")


def test_one_user_never_changes_anothers_password(world: World) -> None:
    client, other = world.person(), world.person()
    assert change(client, PASSWORD, NEW).status_code == 200
    assert login(world, address(other), PASSWORD).status_code == 200
