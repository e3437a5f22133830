"""Polling: who polls a registration, and when one that failed is tried again."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns."""
    op.execute(
        """
        ALTER TABLE registrations
          -- Who polls it now, and until when nobody else may.
          ADD COLUMN claim uuid,
          ADD COLUMN claimed_until timestamptz,
          -- How many polls failed in a row, and before when it is not tried again.
          ADD COLUMN failures integer NOT NULL DEFAULT 0,
          ADD COLUMN retry_at timestamptz;
        """
    )


def downgrade() -> None:
    """Take them away."""
    op.execute(
        """
        ALTER TABLE registrations
          DROP COLUMN claim, DROP COLUMN claimed_until, DROP COLUMN failures, DROP COLUMN retry_at;
        """
    )
