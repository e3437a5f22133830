"""History that ends: how long executions are kept, what deletes them, and that they were deleted (ADR 77)."""

from pathlib import Path
from typing import Final

from alembic import op

revision = "0058"
down_revision = "0057"

_REBUILD: Final = """
DO $$
DECLARE
  former text := pg_get_functiondef('rebuild_rollup_day()'::regprocedure);
  changed text := replace(former, {of}, {by});
BEGIN
  IF changed = former THEN RAISE EXCEPTION 'rebuild_rollup_day is not as it was'; END IF;
  EXECUTE changed;
END $$;
"""
_FORMER: Final = "$was$IF cardinality(ids) < counted THEN$was$"
_LATTER: Final = """$now$IF cardinality(ids) < counted OR EXISTS (
    SELECT 1 FROM deleted_executions d WHERE d.tenant_id = asked.tenant_id AND d.mode = 'live'
      AND d.ended_at >= since AND d.ended_at < since + interval '1 day') THEN$now$"""
"""A day of which the retention has deleted some is never counted anew: as many may have come since as went."""
_FUNCTIONS: Final = (
    "sweep_deleted(integer)",
    "strays_of(uuid, text[])",
    "looked_for_strays(uuid, text)",
    "claim_strays(integer)",
    "stored_gone(uuid, boolean)",
    "claim_stored(integer)",
    "stored_uses(uuid, text)",
    "retire_executions(uuid, integer)",
    "relatives(uuid, uuid[])",
    "retirable(uuid, uuid[])",
    "looked_for_retiring(uuid, boolean)",
    "claim_retiring(integer)",
    "retention_of(uuid)",
)
_STORING: Final = ("workflows", "workflow_versions", "store_entries", "store_rows", "memory_messages")


def upgrade() -> None:
    """Add the settings, the tables and what deletes."""
    op.execute(Path(__file__).with_name("0058_retention.sql").read_text(encoding="utf-8"))
    op.execute(_REBUILD.format(of=_FORMER, by=_LATTER))


def downgrade() -> None:
    """Take them away; what was deleted stays so."""
    op.execute(_REBUILD.format(of=_LATTER, by=_FORMER))
    op.execute("DROP TRIGGER stays_deleted ON executions; DROP FUNCTION stays_deleted()")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP INDEX rollup_queue_of_execution; DROP INDEX files_by_object")
    for table in _STORING:
        op.execute(f"DROP INDEX {table}_storing")
    op.execute("DROP FUNCTION stored_in(text); DROP TABLE retention_waits; DROP TABLE deleted_executions")
    op.execute("ALTER TABLE executions DROP COLUMN kept_at, DROP COLUMN kept_by, DROP COLUMN uses")
    op.execute("ALTER TABLE workflows DROP COLUMN own_retention, DROP COLUMN keep_succeeded, DROP COLUMN keep_failed")
    op.execute(
        "ALTER TABLE tenants DROP COLUMN keep_succeeded, DROP COLUMN keep_failed, DROP COLUMN retire_after, "
        "DROP COLUMN strays_after, DROP COLUMN strays_from"
    )
    op.execute("UPDATE plans SET limits = limits - 'keepDays'")
