"""Credentials that name no hosts are sent nowhere. Those that are there already go on as they did (ADR 54).

What they hold is encrypted: a migration cannot see which of them name none. They are bound when somebody names hosts.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark what is there."""
    op.execute(
        """
        ALTER TABLE credentials ADD COLUMN bound boolean NOT NULL DEFAULT false;
        ALTER TABLE credentials ALTER COLUMN bound SET DEFAULT true;
        """
    )


def downgrade() -> None:
    """Take the mark away."""
    op.execute("ALTER TABLE credentials DROP COLUMN bound")
