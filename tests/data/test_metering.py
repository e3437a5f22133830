"""What the store holds is counted as it is written, and what was used becomes events that are told at least once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg
import pytest

from functions.system.store.serving import serve
from functions.system.sweeper.metering import Metering
from stepweave.aws import AwsError
from stepweave_data.link import Link
from tests.fixtures.plans import GivePlan
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant


class Store:
    """A tenant's store, as nodes ask it."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.databases, self.tenant, self.link = databases, tenant, Link(databases.app)

    def do(self, *operations: dict[str, Any]) -> list[dict[str, Any]]:
        request = {"tenantId": str(self.tenant.id), "operations": list(operations)}
        found: list[dict[str, Any]] = serve(request, self.link)["results"]
        return found

    def set(self, key: str, value: Any) -> dict[str, Any]:
        return self.do({"do": "set", "store": "s", "key": key, "value": value})[0]

    def run(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.databases.owner) as connection:
            done = connection.execute(statement.encode(), values)
            return done.fetchall() if done.description else []

    def held(self) -> dict[str, int]:
        query = "SELECT kind, sum(amount)::int FROM held_amounts WHERE tenant_id = %s GROUP BY kind"
        return {kind: amount for kind, amount in self.run(query, self.tenant.id) if amount}

    def rows(self, count: int) -> None:
        table = self.run(
            "INSERT INTO store_tables (tenant_id, name) VALUES (%s, %s) RETURNING id", self.tenant.id, f"t{count}"
        )[0][0]
        self.run(
            "INSERT INTO store_rows (table_id, id, tenant_id, data) "
            "SELECT %s, n, %s, '{}' FROM generate_series(1, %s) n",
            table,
            self.tenant.id,
            count,
        )


@pytest.fixture
def store(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Store]:
    made = Store(databases, tenants[0])
    yield made
    made.link.close()


def test_keys_rows_and_their_size_are_counted_however_they_come_and_go(store: Store) -> None:
    store.set("a", "x" * 98)
    store.set("b", 1)
    assert store.held() == {"entries": 2, "stored": 1 + 100 + 1 + 1}
    store.set("a", 2)
    assert store.held() == {"entries": 2, "stored": 4}
    store.rows(5)
    assert store.held() == {"entries": 2, "rows": 5, "stored": 4 + 5 * 2}
    store.run("DELETE FROM store_tables WHERE tenant_id = %s", store.tenant.id)  # rows go by cascade
    store.run("DELETE FROM store_entries WHERE tenant_id = %s", store.tenant.id)
    assert store.held() == {}


def test_a_step_is_told_that_the_plan_has_no_room_and_what_is_there_can_be_changed(
    store: Store, give_plan: GivePlan
) -> None:
    give_plan(store.tenant.id, entries=1, rows=3, stored=50)
    store.set("a", 1)
    full = store.set("b", 1)["error"]
    assert (full["code"], full["message"]) == ("StoreFull", "The plan of this workspace has room for 1 entries.")
    assert "error" not in store.set("a", 22)
    assert "50 bytes" in store.set("a", "x" * 60)["error"]["message"]
    with pytest.raises(psycopg.Error, match="rows 3"):
        store.rows(4)
    give_plan(store.tenant.id, stored=1)
    assert "error" not in store.set("a", 3)  # less than there was
    assert store.held() == {"entries": 1, "stored": 2}


class Bus:
    """An event bus that takes those it likes."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refused = 0
        self.error: AwsError | None = None

    def __call__(self, source: str, type: str, events: Sequence[tuple[datetime, Mapping[str, Any]]]) -> list[bool]:
        assert (source, type) == ("stepweave.metering", "Usage")
        if self.error is not None:
            raise self.error
        fine = [index >= self.refused for index in range(len(events))]
        self.taken += [dict(one) for (_, one), took in zip(events, fine, strict=True) if took]
        self.refused = 0
        return fine


def test_what_was_used_is_told_once_an_hour_with_an_id_that_stays(store: Store) -> None:
    bus = Bus()
    metering = Metering(store.link, bus)
    bus.error = AwsError("ConnectionFailed", "no answer", retryable=True)

    def uses(amount: int) -> None:
        store.run(
            "INSERT INTO usage_months "
            "VALUES (%s, date_trunc('month', now() AT TIME ZONE 'UTC')::date, 'executions', 0, %s)"
            " ON CONFLICT (tenant_id, month, kind, slot) DO UPDATE SET amount = excluded.amount",
            store.tenant.id,
            amount,
        )

    def told() -> list[tuple[int, int]]:
        metering.sweep()
        mine = [one for one in bus.taken if one["tenantId"] == str(store.tenant.id)]
        return [(one["amount"], one["added"]) for one in mine]

    uses(7)
    assert told() == []
    (id,) = store.run("SELECT id::text FROM metering_events WHERE tenant_id = %s", store.tenant.id)[0]
    bus.error = None
    assert told() == [(7, 7)]
    assert next(one for one in bus.taken if one["tenantId"] == str(store.tenant.id))["id"] == id
    uses(9)
    assert told() == [(7, 7)]  # within the hour
    store.run("UPDATE metering_events SET at = at - interval '61 minutes' WHERE tenant_id = %s", store.tenant.id)
    assert told() == [(7, 7), (9, 2)]
    assert told() == [(7, 7), (9, 2)]
    assert {one["plan"] for one in bus.taken} == {"unlimited"}


def test_what_the_bus_did_not_take_is_told_again(store: Store) -> None:
    bus = Bus()
    store.run("DELETE FROM usage_months")
    store.run("INSERT INTO usage_months VALUES (%s, now()::date, 'executions', 0, 1)", store.tenant.id)
    Metering(store.link, Bus()).sweep()
    store.run("UPDATE metering_events SET sent_at = NULL WHERE tenant_id = %s", store.tenant.id)
    bus.refused = 10
    assert Metering(store.link, bus).sweep() == 0
    assert Metering(store.link, bus).sweep() == 1
    assert [one["tenantId"] for one in bus.taken] == [str(store.tenant.id)]
