"""Forms: a step may wait for a visitor's page."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Let waits be of the kind `form`."""
    _kinds("'callback', 'approval', 'workflow', 'form'")


def downgrade() -> None:
    """Forget those, whose executions nobody could let go on."""
    op.execute("DELETE FROM waits WHERE kind = 'form'")
    _kinds("'callback', 'approval', 'workflow'")


def _kinds(names: str) -> None:
    op.execute(
        f"""
        ALTER TABLE waits DROP CONSTRAINT waits_kind_check;
        ALTER TABLE waits ADD CONSTRAINT waits_kind_check CHECK (kind IN ({names}));
        """
    )
