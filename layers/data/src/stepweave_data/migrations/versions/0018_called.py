"""Waits for several called executions: found by who called them, and stopped when nobody waits for them any more."""

from pathlib import Path

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Have a wait's executions found by their parent; each knew it, so nothing is lost with the column."""
    op.execute(
        """
        DROP INDEX executions_of_parent;
        CREATE INDEX executions_of_parent ON executions (parent_execution_id, parent_node_id, parent_iteration)
          WHERE parent_execution_id IS NOT NULL;
        CREATE INDEX waits_abandoned ON waits (execution_id)
          WHERE kind = 'workflow' AND state IN ('cancelled', 'expired');
        """
    )
    op.execute(Path(__file__).with_name("0018_record.sql").read_text(encoding="utf-8"))
    op.execute("ALTER TABLE waits DROP COLUMN child_execution_id")


def downgrade() -> None:
    """Let a wait name its execution again, the first of several."""
    op.execute(
        """
        ALTER TABLE waits ADD COLUMN child_execution_id uuid;
        UPDATE waits SET child_execution_id = (details ->> 'executionId')::uuid WHERE kind = 'workflow';
        CREATE INDEX waits_child ON waits (child_execution_id) WHERE child_execution_id IS NOT NULL;
        """
    )
    op.execute(Path(__file__).with_name("0012_record.sql").read_text(encoding="utf-8"))
    op.execute(
        """
        DROP INDEX waits_abandoned;
        DROP INDEX executions_of_parent;
        CREATE INDEX executions_of_parent ON executions (parent_execution_id) WHERE parent_execution_id IS NOT NULL;
        """
    )
