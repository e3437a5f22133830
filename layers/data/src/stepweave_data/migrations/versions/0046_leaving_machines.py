"""Compiled machines that nothing needs any more go: what needs one, and what AWS is yet to be told of."""

from pathlib import Path

from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Note when a machine was used, which one an execution runs on, and what is to be deleted on AWS."""
    op.execute(Path(__file__).with_name("0046_leaving_machines.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it back; what was to be deleted on AWS stays there."""
    op.execute(
        """
        DROP FUNCTION collect_machines(integer, integer, integer);
        DROP FUNCTION claim_leaving_machines(integer);
        DROP TABLE leaving_machines;
        ALTER TABLE compiled_machines DROP COLUMN used_at, DROP COLUMN look_after, DROP COLUMN parts;
        DROP INDEX workflow_versions_by_hash;
        DROP INDEX executions_open_of_workflow;
        ALTER TABLE executions DROP COLUMN compiled_hash;
        """
    )
