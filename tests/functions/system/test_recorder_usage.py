"""What node runs used, in the history: each event's once, whatever comes twice, late or from several recorders."""

import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from functions.system.recorder.recording import Recorder
from stepweave.model.events import EventType
from stepweave.model.usage import Usage
from stepweave_data import telemetry
from stepweave_data.history.store import History
from tests.fakes.lambda_context import CONTEXT
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import FAILED, SUCCEEDED, batch, context_of, node, record, rows, started
from tests.functions.system.test_recorder_history import Silent

RETRYING = EventType.NODE_RETRYING
USAGE = EventType.NODE_USAGE
ASKED: Usage = {"requests": 2, "tokens": {"m": {"input": 10, "output": 1, "cached": 0}}, "money": {"EUR": "0.1"}}
ERROR = {"type": "X", "message": "x"}


@pytest.fixture
def history(databases: Databases) -> Iterator[History]:
    made = History(databases.app)
    yield made
    made.close()


@pytest.fixture
def tenant(tenants: tuple[Tenant, Tenant]) -> Tenant:
    return tenants[0]


def used(databases: Databases, execution_id: str) -> dict[tuple[str, ...], Decimal]:
    """Return all amounts by node, iteration, kind and name."""
    found = rows(
        databases, "SELECT node_id, iteration, kind, name, amount FROM node_usage WHERE execution_id = %s", execution_id
    )
    return {(node_id, iteration, kind, name): amount for node_id, iteration, kind, name, amount in found}


def test_attempts_add_up(databases: Databases, history: History, tenant: Tenant) -> None:
    context = context_of(tenant)
    events = [
        started(context),
        node(RETRYING, error=ERROR, usage=ASKED),
        node(USAGE, attempt=2, usage={"requests": 1}),
        node(SUCCEEDED, attempt=2, input={}, output={}, usage=ASKED),
    ]
    history.record(str(tenant.id), [batch(context, *events[:2])])
    history.record(str(tenant.id), [batch(context, *events[2:])])
    assert used(databases, context["executionId"]) == {
        ("a", "", "requests", ""): 5,
        ("a", "", "tokens.input", "m"): 20,
        ("a", "", "tokens.output", "m"): 2,
        ("a", "", "money", "EUR"): Decimal("0.2"),
    }


def test_an_event_counts_once_however_often_it_comes(databases: Databases, history: History, tenant: Tenant) -> None:
    context = context_of(tenant)
    first, second = node(RETRYING, error=ERROR, usage=ASKED), node(FAILED, attempt=2, error=ERROR, usage=ASKED)
    history.record(str(tenant.id), [batch(context, started(context), first)])
    for _ in range(2):
        history.record(str(tenant.id), [batch(context, first), batch(context, first, second, second)])
    assert used(databases, context["executionId"])["a", "", "requests", ""] == 4


def test_rounds_of_loops_are_apart(databases: Databases, history: History, tenant: Tenant) -> None:
    context = context_of(tenant)
    told = [node(SUCCEEDED, iteration=name, usage={"requests": 1}) for name in ("0", "1", "1.0")]
    history.record(str(tenant.id), [batch(context, started(context), *told)])
    assert {key[1] for key in used(databases, context["executionId"])} == {"0", "1", "1.0"}


def test_large_and_small_amounts_stay_exact(databases: Databases, history: History, tenant: Tenant) -> None:
    context = context_of(tenant)
    amounts = ("999999999999999", "0.000000000000000001", "0.1", "0.2")
    told = [node(USAGE, usage={"money": {"EUR": amount}}) for amount in amounts]
    history.record(str(tenant.id), [batch(context, started(context), *told)])
    total = used(databases, context["executionId"])["a", "", "money", "EUR"]
    assert total == Decimal("999999999999999.300000000000000001")


def test_usage_of_an_unknown_workflow_is_not_kept(databases: Databases, history: History, tenant: Tenant) -> None:
    context = context_of(tenant, workflowId=str(uuid.uuid4()))
    history.record(str(tenant.id), [batch(context, started(context), node(USAGE, usage=ASKED))])
    assert used(databases, context["executionId"]) == {}


@pytest.mark.parametrize(
    "usage", [{"money": {"EUR": "NaN"}}, {"money": {"EUR": "-1"}}, {"requests": "x"}, {"tokens": 5}, {"money": None}]
)
def test_a_message_with_what_is_no_usage_is_malformed_alone(
    databases: Databases, history: History, tenant: Tenant, usage: Any
) -> None:
    context = context_of(tenant)
    bad = record(batch(context, node(USAGE, usage=usage)), message_id="bad")
    good = record(batch(context, started(context), node(USAGE, usage=ASKED)))
    assert Recorder(history, Silent()).take([bad, good]) == ["bad"]
    assert used(databases, context["executionId"])["a", "", "requests", ""] == 2


def test_another_tenant_sees_no_usage(databases: Databases, history: History, tenants: tuple[Tenant, Tenant]) -> None:
    mine, other = tenants
    context = context_of(mine)
    history.record(str(mine.id), [batch(context, started(context), node(USAGE, usage=ASKED))])
    with psycopg.connect(databases.app) as connection:
        for tenant, count in ((mine, 4), (other, 0)):
            connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(tenant.id),))
            found = connection.execute(
                "SELECT count(*) FROM node_usage WHERE execution_id = %s", (context["executionId"],)
            ).fetchone()
            assert found == (count,)


def test_what_nodes_used_is_among_the_metrics(
    history: History, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    context = context_of(tenant)
    content = batch(context, started(context), node(USAGE, usage=ASKED), node(USAGE, usage=ASKED))

    @telemetry.observed
    def handler(event: dict[str, Any], _: Any) -> Any:
        return Recorder(history, Silent()).take([record(content)])

    telemetry.metrics().clear_metrics()  # other tests' that nobody sent
    handler({}, CONTEXT)
    [line] = [json.loads(text) for text in capsys.readouterr().out.splitlines() if '"_aws"' in text]
    assert (line["NodeRequests"], line["TokensIn"], line["TokensOut"], line["MoneyEUR"]) == (
        [4.0],
        [20.0],
        [2.0],
        [0.2],
    )
