"""What models cost, over HTTP: the lists, and what a workspace sets; and what of it comes to a step."""

from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import World
from tests.api.test_examples import well
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

PATH = "/api/models/prices"
GPT = {"provider": "openai", "model": "gpt-4o"}
MINE = {"provider": "openai", "model": "gpt-4o", "rates": {"input": "1.5", "output": "6"}}


def priced(client: TestClient) -> dict[tuple[str, str], Any]:
    return {(row["provider"], row["model"]): row for row in well(client.get(PATH))["items"]}


def test_lists_are_shown_with_their_sources(world: World) -> None:
    answer = well(world.person().get(PATH))
    assert {source["provider"] for source in answer["sources"]} == {"openai", "anthropic", "bedrock"}
    assert all("as of 20" in source["source"] for source in answer["sources"])
    row = next(row for row in answer["items"] if row["model"] == "gpt-4o")
    assert row["listed"] == {"input": "2.5", "cached": "1.25", "output": "10", "audio": None, "minute": None}
    assert (row["own"], row["updatedAt"]) == (None, None)


def test_a_price_is_set_changed_and_deleted(world: World) -> None:
    client = world.person()
    set_ = well(client.put(PATH, json=MINE))
    assert (set_["own"]["input"], set_["own"]["cached"], set_["listed"]["input"]) == ("1.5", None, "2.5")
    own = {"provider": "openai", "model": " anthropic/claude:beta ", "rates": {"input": "0", "output": "0"}}
    assert well(client.put(PATH, json=own))["model"] == "anthropic/claude:beta"
    well(client.put(PATH, json={**MINE, "rates": {"minute": "0.003"}}))
    first, second, *_ = well(client.get(PATH))["items"]
    assert [first["model"], second["model"]] == ["anthropic/claude:beta", "gpt-4o"]
    assert second["own"] == {"input": None, "cached": None, "output": None, "audio": None, "minute": "0.003"}
    well(client.delete(PATH, params=GPT), 204)
    assert priced(client)["openai", "gpt-4o"]["own"] is None
    assert is_problem(client.delete(PATH, params=GPT), 404, "not_found")


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "smtp"},
        {"model": " "},
        {"model": "x" * 301},
        {"rates": {}},
        {"rates": {"output": "1"}},
        {"rates": {"input": "-1"}},
        {"rates": {"input": "1e3"}},
        {"rates": {"input": "1,5"}},
        {"rates": {"input": 1.5}},
        {"rates": {"input": "NaN"}},
        {"rates": {"input": "99999999"}},
        {"rates": {"input": "1", "euros": "1"}},
    ],
)
def test_what_is_no_price_is_refused(world: World, change: dict[str, Any]) -> None:
    assert is_problem(world.person().put(PATH, json={**MINE, **change}), 422, "invalid_request")


def test_prices_are_a_workspaces_own_and_set_by_who_may_change_it(world: World, databases: Databases) -> None:
    client, stranger = world.person(), world.person()
    well(client.put(PATH, json=MINE))
    assert priced(stranger)["openai", "gpt-4o"]["own"] is None
    assert is_problem(stranger.delete(PATH, params=GPT), 404, "not_found")
    tenant = well(client.get("/api/me"))["tenant"]["id"]
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memberships SET role = 'editor' WHERE tenant_id = %s", (tenant,))
    token = well(client.post("/api/auth/refresh"))["accessToken"]
    client.headers["Authorization"] = f"Bearer {token}"
    assert is_problem(client.put(PATH, json=MINE), 403, "not_allowed")
    assert is_problem(client.delete(PATH, params=GPT), 403, "not_allowed")
    assert priced(client)["openai", "gpt-4o"]["own"]["input"] == "1.5"
