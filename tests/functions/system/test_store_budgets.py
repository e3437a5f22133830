"""Budgets: what models cost is counted at once, and no request is sent once a budget is spent."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Json

from functions.system.store.serving import serve
from stepweave.runtime.budgets import Budget, BudgetExceeded, Spent
from stepweave.runtime.storing import Store, StoreUnavailable
from stepweave_data.link import Link
from stepweave_data.store.budgets import month_of, renewed
from tests.fakes.steps import context
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.stored import Stage


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.outside.link.close()


def budget(stage: Stage, execution: str = "", run: str = "", **more: Any) -> Budget:
    return Budget(stage.store, stage.context(execution or str(uuid.uuid4()), **more), run)


def limited(stage: Stage, month_money: str | None = None, month_tokens: int | None = None, **workflow: Any) -> None:
    with psycopg.connect(stage.databases.owner) as connection:
        document = {"nodes": [], "settings": {"budget": workflow}} if workflow else {}
        connection.execute(
            "UPDATE workflows SET document = %s WHERE id = %s", (Json(document), stage.tenant.workflow_id)
        )
        connection.execute(
            "INSERT INTO tenant_budgets VALUES (%s, %s, %s) ON CONFLICT (tenant_id) DO UPDATE"
            " SET month_tokens = EXCLUDED.month_tokens, month_money = EXCLUDED.month_money",
            (stage.tenant.id, month_tokens, month_money),
        )


def refused(one: Budget) -> dict[str, Any]:
    with pytest.raises(BudgetExceeded) as raised:
        one.check()
    assert not raised.value.retryable
    return raised.value.details


def test_without_budgets_all_is_counted_and_nothing_refused(stage: Stage) -> None:
    one = budget(stage, run="r")
    assert one.check() == Spent()
    one.spend(100, Decimal("0.00015"))
    one.spend(50, None)
    assert one.check() == Spent(150, Decimal("0.00015"))


@pytest.mark.parametrize(
    ("limits", "kind", "limit", "spent"),
    [
        ({"executionMoney": 0.1}, "money", "0.1", "0.1"),
        ({"executionTokens": 200}, "tokens", "200", "200"),
        ({"executionMoney": 0.05, "executionTokens": 1}, "money", "0.05", "0.1"),
    ],
)
def test_an_executions_budget_is_its_own(
    stage: Stage, limits: dict[str, Any], kind: str, limit: str, spent: str
) -> None:
    limited(stage, **limits)
    execution = str(uuid.uuid4())
    one = budget(stage, execution)
    one.check()
    one.spend(200, Decimal("0.1"))
    told = refused(budget(stage, execution, run="another node"))
    assert told == {"budget": "execution", "kind": kind, "limit": limit, "spent": spent, "renews": None}
    assert budget(stage).check() == Spent()


def test_a_budget_of_nothing_lets_nothing_be_spent(stage: Stage) -> None:
    limited(stage, executionTokens=0)
    assert (refused(budget(stage))["limit"], refused(budget(stage))["spent"]) == ("0", "0")


def test_a_workflows_month_is_that_of_all_its_executions_and_begins_anew(stage: Stage) -> None:
    limited(stage, monthMoney=1)
    for _ in range(4):
        one = budget(stage)
        one.check()
        one.spend(10, Decimal("0.25"))
    told = refused(budget(stage))
    assert (told["budget"], told["limit"], told["spent"]) == ("workflowMonth", "1", "1.00")
    assert told["renews"] == renewed(datetime.now(UTC))
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("UPDATE model_spending SET period = '2020-01' WHERE period <> ''")
    budget(stage).check()


def test_a_tenants_month_is_that_of_all_its_workflows(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    limited(stage, month_money="0.5", month_tokens=1_000_000)
    budget(stage).spend(10, Decimal("0.6"))
    with psycopg.connect(stage.databases.owner) as connection:
        row = connection.execute(
            "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'V', '{}') RETURNING id", (stage.tenant.id,)
        ).fetchone()
    assert row is not None
    assert refused(budget(stage, workflowId=str(row[0])))["budget"] == "tenantMonth"
    stranger = Store(stage.outside.ask, str(tenants[1].id))
    Budget(stranger, {**context(), "workflowId": str(tenants[1].workflow_id)}).check()
    limited(stage, month_money="0.7")
    budget(stage).check()


def test_the_message_says_which_budget_what_is_spent_and_when_it_begins_anew(stage: Stage) -> None:
    limited(stage, monthTokens=1500)
    budget(stage).spend(12_345, None)
    with pytest.raises(BudgetExceeded, match="workflow's budget of this month is spent: 12,345 of 1,500 tokens") as got:
        budget(stage).check()
    assert renewed(datetime.now(UTC))[:10] in got.value.remedy


def test_a_lost_answer_counts_once_and_a_second_loss_is_told(stage: Stage) -> None:
    one = budget(stage, run="r")
    stage.outside.lost = 1
    one.spend(100, Decimal("0.1"))
    assert one.check() == Spent(100, Decimal("0.1"))
    stage.outside.lost = 2
    with pytest.raises(StoreUnavailable):
        one.spend(100, Decimal("0.1"))
    assert one.check() == Spent(200, Decimal("0.2"))


def test_executions_at_once_lose_no_cent(stage: Stage) -> None:
    def work(number: int) -> None:
        link = Link(stage.databases.app)
        try:
            store = Store(lambda it: serve(it, link), str(stage.tenant.id))
            one = Budget(store, stage.context(str(uuid.uuid4())), f"r{number}")
            for _ in range(5):
                one.spend(1, Decimal("0.01"))
        finally:
            link.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(16)))
    limited(stage, month_money="0.8")
    assert refused(budget(stage))["spent"] == "0.80"


@pytest.mark.parametrize("odd", [{"monthMoney": "much"}, {"monthMoney": None}, {"monthMoney": True}, {"x": [1]}])
def test_what_is_no_amount_is_no_budget(stage: Stage, odd: dict[str, Any]) -> None:
    limited(stage, **odd)
    budget(stage).spend(10, Decimal(5))
    budget(stage).check()


def test_what_executions_spent_is_swept_in_time_and_months_stay(stage: Stage) -> None:
    budget(stage).spend(1, Decimal(1))
    with psycopg.connect(stage.databases.owner) as connection:
        connection.execute("UPDATE model_spending SET expires_at = now() - interval '1 s' WHERE expires_at IS NOT NULL")
    stage.outside.link.call("SELECT sweep_store(1000)")
    with psycopg.connect(stage.databases.owner) as connection:
        left = connection.execute(
            "SELECT DISTINCT scope FROM model_spending WHERE tenant_id = %s ORDER BY 1", (stage.tenant.id,)
        ).fetchall()
    assert left == [("tenant",), ("workflow",)]


def test_months_are_those_of_utc() -> None:
    late = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert (month_of(late), renewed(late)) == ("2026-12", "2027-01-01T00:00:00Z")
    assert month_of(datetime.fromisoformat("2026-12-01T00:30:00+02:00")) == "2026-11"
