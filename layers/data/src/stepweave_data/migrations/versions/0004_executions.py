"""Indexes for the list of executions by status, by trigger, and by the text of errors.

Text is looked for among failures only, the latest first: row-level security keeps text indexes from being used before
the tenant is known, and failures of one tenant are few.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the indexes."""
    op.execute("CREATE INDEX executions_by_status ON executions (tenant_id, status, started_at DESC, id DESC)")
    op.execute("CREATE INDEX executions_by_trigger ON executions (tenant_id, trigger, started_at DESC, id DESC)")
    op.execute(
        "CREATE INDEX executions_with_error ON executions (tenant_id, started_at DESC, id DESC) WHERE error IS NOT NULL"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP INDEX executions_by_status, executions_by_trigger, executions_with_error")
