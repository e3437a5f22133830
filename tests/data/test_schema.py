"""The schema: row-level security on everything, models that match, look-ups that give no more than they must."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, inspect
from sqlalchemy.dialects import postgresql

from local.settings import LocalSettings
from local.stack import database
from stepweave_data import migrations
from stepweave_data.database import sqlalchemy_url, tenant_session
from stepweave_data.models import Base, Workflow
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant


def test_migrating_twice_changes_nothing(databases: Databases, postgres_server: LocalSettings) -> None:
    def tables() -> list[tuple[object, ...]]:
        with psycopg.connect(databases.owner) as connection:
            return connection.execute("SELECT relname, relacl::text FROM pg_class ORDER BY relname").fetchall()

    before = tables()
    database.migrate(postgres_server)
    assert tables() == before


OPEN_WAIT = """
INSERT INTO tenants (id, name, slug) VALUES (%(tenant)s, 'T', 't');
INSERT INTO workflows (id, tenant_id, name, document) VALUES (%(workflow)s, %(tenant)s, 'W', '{}');
INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, machine_type, started_at)
VALUES (%(caller)s, %(tenant)s, %(workflow)s, 'live', 'manual', 'running', 'standard', now());
INSERT INTO executions (id, tenant_id, workflow_id, mode, trigger, status, machine_type, started_at,
                        parent_execution_id, parent_node_id, parent_iteration)
VALUES (%(child)s, %(tenant)s, %(workflow)s, 'live', 'workflow', 'running', 'standard', now(), %(caller)s, 'w', '');
INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, kind, token, details, created_at, child_execution_id)
VALUES (%(tenant)s, %(caller)s, %(workflow)s, 'w', 'workflow', 't', %(details)s, now(), %(child)s)
"""


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """Give the address of a database without tables."""
    name = f"downgrades_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(databases.owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield databases.owner.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(databases.owner, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}".encode())


@contextmanager
def migrating(url: str) -> Iterator[Config]:
    """Give what Alembic's commands need to migrate a database."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
    try:
        with engine.connect() as opened:
            config.attributes["connection"] = opened
            yield config
    finally:
        engine.dispose()


def test_each_migration_can_be_taken_back_and_made_again(empty: str) -> None:
    def columns() -> list[tuple[object, ...]]:
        query = (
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
        with psycopg.connect(empty) as connection:
            return sorted(connection.execute(query.encode()).fetchall())

    with migrating(empty) as config:
        command.upgrade(config, "0001")
        first = columns()
        command.upgrade(config, "head")
        whole = columns()
        command.downgrade(config, "0001")
        assert columns() == first
        command.upgrade(config, "head")
        assert columns() == whole


def test_who_waits_for_an_execution_is_known_through_the_migrations(empty: str) -> None:
    """0018 finds an execution by who called it; a database of before has waits that name theirs."""
    ids = {name: str(uuid.uuid4()) for name in ("tenant", "workflow", "caller", "child")}
    wait = "SELECT child_execution_id::text FROM waits"
    with migrating(empty) as config:
        command.upgrade(config, "0017")
        with psycopg.connect(empty) as connection:
            for statement in OPEN_WAIT.split(";"):
                connection.execute(statement.encode(), {**ids, "details": json.dumps({"executionId": ids["child"]})})
        command.upgrade(config, "head")
        with psycopg.connect(empty) as connection:
            found = connection.execute(
                """SELECT w.details ->> 'executionId', w.state FROM executions c
                   JOIN waits w ON w.execution_id = c.parent_execution_id AND w.node_id = c.parent_node_id
                     AND w.iteration = c.parent_iteration WHERE c.id = %s""",
                (ids["child"],),
            ).fetchall()
        assert found == [(ids["child"], "open")]
        command.downgrade(config, "0017")
        with psycopg.connect(empty) as connection:
            assert connection.execute(wait.encode()).fetchall() == [(ids["child"],)]


def test_every_table_has_row_level_security_forced(databases: Databases) -> None:
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute(
            """SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
               WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"""
        ).fetchall()
    assert rows
    assert [name for name, enabled, forced in rows if not (enabled and forced)] == []


def test_every_table_but_those_of_people_without_a_tenant_names_its_tenant(databases: Databases) -> None:
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute(
            """SELECT t.table_name FROM information_schema.tables t
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND NOT EXISTS (
                 SELECT 1 FROM information_schema.columns c
                 WHERE c.table_name = t.table_name AND c.column_name = 'tenant_id' AND c.is_nullable = 'NO')"""
        ).fetchall()
    of_people = {"passkeys", "recovery_codes", "user_totp"}  # their policy is by person (migration 30)
    of_all = {"alembic_version", "letters", "plans", "platform_refusals", "tenants", "users"}
    assert {name for (name,) in rows} == of_all | of_people


def test_the_application_role_owns_nothing_and_bypasses_nothing(databases: Databases) -> None:
    with psycopg.connect(databases.owner) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'stepweave_app'"
        ).fetchone()
        owned = connection.execute("SELECT count(*) FROM pg_class WHERE relowner = 'stepweave_app'::regrole").fetchone()
    assert role == (False, False, False, False)
    assert owned == (0,)


def test_without_a_tenant_nothing_is_seen_or_written(databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    with psycopg.connect(databases.app) as connection:
        owners = ("letters", "platform_refusals")
        tables = [table for table in Base.metadata.tables.values() if table.name not in owners]
        for table in tables:
            columns = "id" if table.name == "users" else "*"
            assert connection.execute(f"SELECT {columns} FROM {table.name}").fetchall() == [], table.name
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'x', '{}')", (tenants[0].id,)
            )


def test_a_tenant_sees_and_writes_its_own_rows_only(databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    one, two = tenants
    with tenant_session(one.id, databases.app) as session:
        session.add(Workflow(tenant_id=one.id, name="mine", document={}))
    with tenant_session(two.id, databases.app) as session:
        assert session.query(Workflow).filter_by(name="mine").all() == []
        assert session.query(Workflow).filter_by(name="mine").update({"name": "theirs"}) == 0
    with psycopg.connect(databases.app) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(two.id),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'x', '{}')", (one.id,))


def test_password_hashes_are_out_of_reach(databases: Databases) -> None:
    with psycopg.connect(databases.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT password_hash FROM users")


def test_the_models_have_the_columns_of_the_tables(databases: Databases) -> None:
    owner = create_engine(sqlalchemy_url(databases.owner), poolclass=NullPool)
    inspector = inspect(owner)
    assert set(inspector.get_table_names()) - {"alembic_version"} == set(Base.metadata.tables)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's
    for name, table in Base.metadata.tables.items():
        found = {column["name"]: column["nullable"] for column in inspector.get_columns(name)}
        wanted = {column.name: column.nullable for column in table.columns}
        missing = {"password_hash"} if name == "users" else set()
        assert set(found) - missing == set(wanted), name
        assert {key: found[key] for key in wanted} == wanted, name
        types = {column["name"]: column["type"].compile(dialect=dialect) for column in inspector.get_columns(name)}
        assert {key: types[key] for key in wanted} == {
            column.name: column.type.compile(dialect=dialect) for column in table.columns
        }, name


def test_documents_and_items_keep_the_order_of_their_keys_through_a_migration(databases: Databases) -> None:
    with psycopg.connect(databases.owner) as connection:
        rows = connection.execute(
            """SELECT table_name || '.' || column_name FROM information_schema.columns
               WHERE table_schema = 'public' AND data_type = 'json' ORDER BY 1"""
        ).fetchall()
    assert [name for (name,) in rows] == [
        "approval_decisions.form", "debug_stops.details", "execution_events.data",
        "execution_turns.request", "executions.document",
        "executions.response", "memory_messages.message",
        "node_runs.input", "node_runs.output", "registrations.pending", "store_done.result", "store_entries.value",
        "template_versions.content", "variable_values.value", "waits.details",
        "workflow_versions.document", "workflows.document",
    ]  # fmt: skip


def test_what_lists_show_is_read_off_documents(databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    document = {"zeta": 1, "nodes": [{"type": "b", "id": 1}, {"type": "a"}, {"type": "b"}, {}], "a": {"10": 1, "9": 2}}
    with tenant_session(tenants[0].id, databases.app) as session:
        session.add(Workflow(tenant_id=tenants[0].id, name="ordered", document=document))
    with tenant_session(tenants[0].id, databases.app) as session:
        found = session.query(Workflow).filter_by(name="ordered").one()
        assert (found.node_types, found.node_count) == (["a", "b"], 4)
        assert json.dumps(found.document) == json.dumps(document)
    odds: list[dict[str, object]] = [{}, {"nodes": 5}, {"nodes": None}, {"nodes": []}]
    for odd in odds:
        with tenant_session(tenants[0].id, databases.app) as session:
            workflow = Workflow(tenant_id=tenants[0].id, name="odd", document=odd)
            session.add(workflow)
            session.flush()
            session.refresh(workflow)
            assert (workflow.node_types, workflow.node_count) == ([], 0)


KEYS_WITHOUT_TENANT = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace
      AND confrelid NOT IN ('tenants'::regclass, 'users'::regclass, 'plans'::regclass)
      AND NOT EXISTS (
        SELECT 1 FROM unnest(conkey, confkey) AS pair(mine, theirs)
        JOIN pg_attribute AS own ON own.attrelid = conrelid AND own.attnum = pair.mine
        JOIN pg_attribute AS other ON other.attrelid = confrelid AND other.attnum = pair.theirs
        WHERE own.attname = 'tenant_id' AND other.attname = 'tenant_id')
"""


def test_no_key_leads_into_another_tenant(databases: Databases, tenants: tuple[Tenant, Tenant]) -> None:
    with psycopg.connect(databases.owner) as connection:
        assert connection.execute(KEYS_WITHOUT_TENANT).fetchall() == []
    with tenant_session(tenants[0].id, databases.app) as session:
        theirs = Workflow(tenant_id=tenants[0].id, name="theirs", document={})
        session.add(theirs)
        session.flush()
        id = theirs.id
    with psycopg.connect(databases.app) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", (str(tenants[1].id),))
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(
                "INSERT INTO trigger_switches (tenant_id, workflow_id, node_id) VALUES (%s, %s, 'a')",
                (tenants[1].id, id),
            )
