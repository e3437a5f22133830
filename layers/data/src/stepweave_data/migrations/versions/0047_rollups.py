"""What executions came to, by time: rolled up as they end (ADR 68)."""

from pathlib import Path
from typing import Final

from alembic import op

revision = "0047"
down_revision = "0046"

_OPEN: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {table} TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON {table} TO CURRENT_USER USING (true);
GRANT SELECT ON {table} TO stepweave_app;
"""
_ANY: Final = "coalesce(current_setting('app.projects', true), '') = ''"
_SEEN: Final = {
    "rollups": "workflow_id IN (SELECT id FROM workflows)",
    "error_groups": "workflow_id IN (SELECT id FROM workflows)",
    "error_counts": "group_id IN (SELECT id FROM error_groups)",
    "rolled_executions": "EXISTS (SELECT 1 FROM executions WHERE executions.id = rolled_executions.execution_id)",
}
"""What somebody sees who does not see all projects: what belongs to their workflows, and no sums over all."""
_TABLES: Final = ("rollup_queue", "rolled_executions", "rollups", "error_groups", "error_counts", "rollup_days")


def upgrade() -> None:
    """Add the tables and what fills them; all that has ended so far waits to be counted."""
    op.execute(Path(__file__).with_name("0047_rollups.sql").read_text(encoding="utf-8"))
    for table in _TABLES:
        op.execute(_OPEN.format(table=table))
    for table, seen in _SEEN.items():
        op.execute(f"CREATE POLICY project ON {table} AS RESTRICTIVE TO stepweave_app USING ({_ANY} OR {seen})")
    op.execute("GRANT UPDATE (resolved_at, resolved_by) ON error_groups TO stepweave_app")
    op.execute(
        "INSERT INTO rollup_queue (tenant_id, execution_id) SELECT tenant_id, id FROM executions "
        "WHERE ended_at IS NOT NULL AND mode = 'live' ORDER BY ended_at"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TRIGGER to_be_counted ON executions")
    op.execute(
        "DROP FUNCTION queue_for_rollups(), sweep_rollups(integer), request_rollup_rebuild(), rebuild_rollup_day(), "
        "roll_up(integer), count_executions(uuid[]), rollup_cells(uuid[])"
    )
    op.execute(f"DROP TABLE {', '.join(reversed(_TABLES))}")
    op.execute("DROP FUNCTION error_pattern(text), duration_bucket(double precision)")
    op.execute("ALTER TABLE workflows DROP COLUMN saved_minutes")
