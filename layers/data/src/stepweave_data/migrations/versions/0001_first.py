"""The first schema: tenants and users, workflows and versions, executions and their history, credentials, audit.

Every tenant table has row-level security on `app.tenant_id`, forced also for its owner. What must be looked up before a
tenant is known (a login, a refresh token, a webhook's path, overdue executions) goes through functions that run as the
owner, with a fixed search path, and give back no more than is needed.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    for name in ("tables", "security", "functions", "record"):
        op.execute(Path(__file__).with_name(f"0001_{name}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Remove everything."""
    op.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
