"""Indexes for the list of executions by what started them and within a workflow; none for errors any more.

Whatever is filtered for, the list is put together from ranges of one of these (`api/services/history.py`). Each has the
tenant, which row-level security asks for: so the index alone says what is in a range. Errors are among the executions
that failed, timed out or were cancelled, which have ranges of their own.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

_PLACE = "started_at DESC, id DESC"


def upgrade() -> None:
    """Change the indexes."""
    op.execute("DROP INDEX executions_by_trigger, executions_of_workflow, executions_with_error")
    op.execute(f"CREATE INDEX executions_by_trigger ON executions (tenant_id, trigger, status, {_PLACE})")
    op.execute(f"CREATE INDEX executions_of_workflow ON executions (workflow_id, tenant_id, {_PLACE})")
    op.execute(
        f"CREATE INDEX executions_of_workflow_by ON executions (workflow_id, tenant_id, trigger, status, {_PLACE})"
    )


def downgrade() -> None:
    """Change them back."""
    op.execute("DROP INDEX executions_by_trigger, executions_of_workflow, executions_of_workflow_by")
    op.execute(f"CREATE INDEX executions_by_trigger ON executions (tenant_id, trigger, {_PLACE})")
    op.execute(f"CREATE INDEX executions_of_workflow ON executions (workflow_id, {_PLACE})")
    op.execute(f"CREATE INDEX executions_with_error ON executions (tenant_id, {_PLACE}) WHERE error IS NOT NULL")
