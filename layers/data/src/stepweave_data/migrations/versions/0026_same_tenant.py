"""Keys that cannot lead into another tenant: what a row points at has the row's own tenant."""

from typing import Final, NamedTuple

from alembic import op

revision = "0026"
down_revision = "0025"

_OWNERS: Final = ("workflows", "executions", "waits", "memory_sessions", "store_tables")
"""What other rows of the tenant point at."""


class _Key(NamedTuple):
    table: str
    column: str
    owner: str
    on_delete: str = " ON DELETE CASCADE"


_KEYS: Final = (
    _Key("approval_decisions", "wait_id", "waits"),
    _Key("chat_turns", "workflow_id", "workflows", ""),
    _Key("compiled_machines", "workflow_id", "workflows"),
    _Key("execution_events", "execution_id", "executions"),
    _Key("execution_turns", "execution_id", "executions"),
    _Key("execution_turns", "workflow_id", "workflows", ""),
    _Key("executions", "workflow_id", "workflows"),
    _Key("memory_messages", "session_id", "memory_sessions"),
    _Key("memory_sessions", "workflow_id", "workflows", ""),
    _Key("node_runs", "execution_id", "executions"),
    _Key("node_usage", "execution_id", "executions"),
    _Key("registrations", "workflow_id", "workflows", ""),
    _Key("schedules", "workflow_id", "workflows"),
    _Key("store_rows", "table_id", "store_tables"),
    _Key("trigger_switches", "workflow_id", "workflows"),
    _Key("waits", "execution_id", "executions"),
    _Key("waits", "workflow_id", "workflows"),
    _Key("webhooks", "workflow_id", "workflows"),
    _Key("workflow_tags", "workflow_id", "workflows"),
    _Key("workflow_versions", "workflow_id", "workflows"),
)


def upgrade() -> None:
    """Put the tenant into each key. Rows that break it (none should) stop the migration by Postgres's own words."""
    for owner in _OWNERS:
        op.execute(f"ALTER TABLE {owner} ADD CONSTRAINT {owner}_of_tenant UNIQUE (tenant_id, id)")
    for table, column, owner, on_delete in _KEYS:
        name = f"{table}_{column}_fkey"
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} "
            f"FOREIGN KEY (tenant_id, {column}) REFERENCES {owner} (tenant_id, id){on_delete}"
        )


def downgrade() -> None:
    """Take the tenant out again."""
    for table, column, owner, on_delete in _KEYS:
        name = f"{table}_{column}_fkey"
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} "
            f"FOREIGN KEY ({column}) REFERENCES {owner} (id){on_delete}"
        )
    for owner in _OWNERS:
        op.execute(f"ALTER TABLE {owner} DROP CONSTRAINT {owner}_of_tenant")
