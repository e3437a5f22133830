"""The language model node and budgets: no request is sent once one is spent, and attempts count together."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.ai.language_model.run import run
from functions.nodes.ai.language_model.spec import SPEC
from stepweave.runtime.budgets import BudgetExceeded
from stepweave.runtime.storing import StoreUnavailable
from stepweave_ai.errors import ModelRateLimited, SpendingLimit
from tests.fakes.models import ModelServer, Says, model_server
from tests.fakes.steps import items
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.nodes.test_language_model_memory import execution
from tests.functions.system.stored import Stage
from tests.functions.system.test_store_budgets import limited


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as made:
        yield made


@pytest.fixture
def stage(
    databases: Databases, tenants: tuple[Tenant, Tenant], server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = Stage(databases, tenants[0])
    made.outside.credentials["openai", "openai"] = {"apiKey": "k", "baseUrl": server.openai_url}
    yield made
    made.outside.close()


def ask(stage: Stage, count: int, number: int, **more: Any) -> list[Any]:
    params = {"credential": "openai", "model": "small", "prompt": "x", "concurrency": 1, **more}
    return stage.bench(SPEC, run).json(params, items(*[{}] * count), context=stage.context(execution(number)))


def test_no_request_is_sent_once_the_executions_budget_is_spent(stage: Stage, server: ModelServer) -> None:
    limited(stage, executionTokens=150)
    server.says(Says("yes", tokens=(60, 40, 0)))
    with pytest.raises(BudgetExceeded, match="execution's budget is spent: 200 of 150 tokens"):
        ask(stage, 3, 1, fallbackModel="large")
    assert len(server.bodies) == 2
    assert len(ask(stage, 1, 2)) == 1


def test_concurrent_requests_pass_a_budget_by_those_under_way_only(stage: Stage, server: ModelServer) -> None:
    limited(stage, month_tokens=500)
    server.says(Says("yes", tokens=(60, 40, 0)))
    with pytest.raises(BudgetExceeded):
        ask(stage, 30, 1, concurrency=5)
    assert 5 <= len(server.bodies) <= 9


def test_a_runs_own_limit_counts_over_its_attempts(stage: Stage, server: ModelServer) -> None:
    limited = Says(status=429, error={"error": {"message": "slow down"}})
    server.says(Says("yes", tokens=(60, 40, 0)), limited, Says("yes", tokens=(60, 40, 0)))
    with pytest.raises(ModelRateLimited):
        ask(stage, 2, 1, mostRunTokens=150)
    with pytest.raises(SpendingLimit, match="has used 200 tokens; it may use 150"):
        ask(stage, 2, 1, mostRunTokens=150)
    assert len(server.bodies) == 3


def test_without_a_store_nothing_is_asked_and_an_answer_that_cannot_be_counted_is_not_lost(
    stage: Stage, server: ModelServer
) -> None:
    server.says("yes")
    stage.outside.lost = 1
    with pytest.raises(StoreUnavailable):
        ask(stage, 1, 1)
    assert server.bodies == []
    real = stage.outside.ask

    def cannot_spend(request: dict[str, Any]) -> Any:
        return {"results": []} if request["operations"][0]["do"] == "spend" else real(request)

    stage.outside.ask = cannot_spend  # type: ignore[method-assign]
    assert ask(stage, 1, 1)[0]["answer"] == "yes"
    assert any("could not be counted" in str(event.get("message")) for event in stage.outside.events)
