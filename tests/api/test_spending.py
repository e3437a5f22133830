"""Spending over HTTP: what models cost by month, workflow and execution, and the workspace's budget."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import World
from tests.api.test_examples import created, orders, well
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases
from tests.fixtures.talks import as_node


def spend(
    client: TestClient, databases: Databases, workflow: str, tokens: int, money: str | None, times: int = 1
) -> None:
    """Have a node tell of answers."""
    told = {"do": "spend", "workflowId": workflow, "executionId": str(uuid.uuid4()), "tokens": tokens, "money": money}
    for _ in range(times):
        as_node(client, databases, told)


def test_a_months_spending_is_told_by_workflow_most_first(world: World, databases: Databases) -> None:
    client, stranger = world.person(), world.person()
    few, many = created(client, {**orders(), "name": "Few"}), created(client, {**orders(), "name": "Many"})
    spend(client, databases, few, 100, "0.00015")
    spend(client, databases, many, 1000, "0.1", times=3)
    spend(client, databases, many, 50, None)
    found = well(client.get("/api/spending"))
    assert found["spent"] == {"tokens": 3150, "money": "0.30015", "answers": 5, "unpriced": 1}
    assert [one["workflowName"] for one in found["workflows"]] == ["Many", "Few"]
    assert found["workflows"][0]["spent"] == {"tokens": 3050, "money": "0.3", "answers": 4, "unpriced": 1}
    assert (found["budget"], found["renewsAt"][7:]) == ({"monthMoney": None, "monthTokens": None}, "-01T00:00:00Z")
    assert well(client.get("/api/spending", params={"month": "2020-01"}))["spent"]["answers"] == 0
    assert well(stranger.get("/api/spending"))["workflows"] == []
    listed = {one["name"]: one["monthCost"] for one in well(client.get("/api/workflows"))["items"]}
    assert listed["Many"] == {"tokens": 3050, "money": {"USD": "0.3"}}
    well(client.delete(f"/api/workflows/{many}"), 204)
    assert well(client.get("/api/spending"))["workflows"][0]["workflowName"] is None


def test_the_budget_of_the_workspace_counts_at_once(world: World, databases: Databases) -> None:
    client = world.person()
    workflow = created(client, orders())
    budget = {"monthMoney": "12.50", "monthTokens": 2_000_000}
    assert well(client.put("/api/spending/budget", json=budget))["budget"] == budget
    spend(client, databases, workflow, 2_000_000, "1")
    asked = {"do": "afford", "workflowId": workflow, "executionId": str(uuid.uuid4()), "run": ""}
    assert as_node(client, databases, asked)["exceeded"]["budget"] == "tenantMonth"
    none = {"monthMoney": None, "monthTokens": None}
    assert well(client.put("/api/spending/budget", json=none))["budget"] == none
    assert as_node(client, databases, asked)["exceeded"] is None


@pytest.mark.parametrize(
    "budget",
    [
        {"monthMoney": -1, "monthTokens": None},
        {"monthMoney": "much", "monthTokens": None},
        {"monthMoney": "NaN", "monthTokens": None},
        {"monthMoney": "Infinity", "monthTokens": None},
        {"monthMoney": 1e12, "monthTokens": None},
        {"monthMoney": "0.0000001", "monthTokens": None},
        {"monthMoney": None, "monthTokens": -1},
        {"monthMoney": None, "monthTokens": 1.5},
        {"monthMoney": None, "monthTokens": 10**30},
        {"monthMoney": None},
    ],
)
def test_what_is_no_budget_is_refused(world: World, budget: dict[str, Any]) -> None:
    assert is_problem(world.person().put("/api/spending/budget", json=budget), 422, "invalid_request")


@pytest.mark.parametrize(
    "budget",
    [
        *({"monthMoney": odd} for odd in list[Any](["much", "5", -1, 1e300, True, []])),
        *({"monthTokens": odd} for odd in list[Any](["5", -1, 1.5, 10**30, True])),
        {"dayMoney": 1},
        [],
        "5",
        0,
    ],
)
def test_what_would_be_read_as_no_budget_is_not_saved_as_one(world: World, budget: Any) -> None:
    answer = world.person().post("/api/workflows", json={**orders(), "settings": {"budget": budget}})
    assert is_problem(answer, 422, "invalid_document")
    assert answer.json()["errors"][0]["field"].startswith("settings.budget")


def test_a_workflows_budget_is_told(world: World, databases: Databases) -> None:
    client = world.person()
    settings = {"budget": {"monthMoney": 2.5, "monthTokens": 1000}}
    workflow = created(client, {**orders(), "settings": settings})
    spend(client, databases, workflow, 10, None)
    [told] = well(client.get("/api/spending"))["workflows"]
    assert told["budget"] == {"monthMoney": "2.5", "monthTokens": 1000}


@pytest.mark.parametrize("month", ["2026-13", "2026", "1999-01", "2026-1", "x"])
def test_what_is_no_month_is_refused(world: World, month: str) -> None:
    assert is_problem(world.person().get("/api/spending", params={"month": month}), 422, "invalid_request")
