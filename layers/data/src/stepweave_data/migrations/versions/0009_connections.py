"""Whether a credential that a person connects (OAuth2) is connected."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column."""
    op.execute(
        """
        ALTER TABLE credentials ADD COLUMN connection text NOT NULL DEFAULT 'unneeded'
          CHECK (connection IN ('unneeded', 'missing', 'connected', 'lost'));
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute("ALTER TABLE credentials DROP COLUMN connection")
