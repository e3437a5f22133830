"""Versions have names: what people call them, beside their numbers."""

from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Add the name; versions that are there have none."""
    op.execute("ALTER TABLE workflow_versions ADD COLUMN name text NOT NULL DEFAULT '' CHECK (char_length(name) <= 80)")


def downgrade() -> None:
    """Take the names away."""
    op.execute("ALTER TABLE workflow_versions DROP COLUMN name")
