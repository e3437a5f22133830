"""Refusals that need something to happen first, and that nothing else in these tests meets."""

import pytest

from api import errors
from api.refusals import Kind
from api.services import accounts, folders, tokens
from tests.api.conftest import PASSWORD, World, email
from tests.api.test_routes import is_problem


def test_a_token_that_has_expired_is_told_from_one_that_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "ACCESS_SECONDS", -1)
    refused = world.person().get("/api/me")
    assert is_problem(refused, 401, "token_expired")
    assert refused.headers["www-authenticate"] == "Bearer"


def test_a_workspace_whose_path_is_taken_again_and_again_needs_another_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_TRIES", 1)
    answers = []
    for _ in range(2):
        world.redis.flushdb()
        body = {"email": email(), "password": PASSWORD, "name": "A", "tenantName": "The only one"}
        answers.append(world.anonymous().post("/api/auth/register", json=body))
    assert answers[0].status_code == 201
    assert is_problem(answers[1], 409, "tenant_taken")


def test_there_is_an_end_to_folders(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST", 1)
    client = world.person()
    assert client.post("/api/folders", json={"name": "One"}).status_code == 201
    refused = client.post("/api/folders", json={"name": "Two"})
    assert is_problem(refused, 422, "too_many")
    assert "tags" in refused.json()["detail"]


def test_every_kind_of_refusal_has_a_status_and_a_title() -> None:
    assert errors.STATUS.keys() == set(Kind)
    assert set(errors.STATUS.values()) <= errors._TITLES.keys()
