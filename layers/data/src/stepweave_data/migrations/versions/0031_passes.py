"""Since when executions' contexts are signed: what began before has no signature (ADR 54).

Where there are executions already, functions of the release before start some more while this one is rolled out: they
have an hour. A new deployment has none, and begins at once.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write the moment down, in a function that only the owner can change."""
    op.execute(
        """
        DO $do$
        DECLARE moment timestamptz := now();
        BEGIN
          IF EXISTS (SELECT 1 FROM executions) THEN moment := moment + interval '1 hour'; END IF;
          EXECUTE format(
            'CREATE FUNCTION signed_since() RETURNS timestamptz '
            || 'LANGUAGE sql IMMUTABLE AS $f$ SELECT %L::timestamptz $f$',
            moment
          );
        END $do$;
        """
    )


def downgrade() -> None:
    """Forget it."""
    op.execute("DROP FUNCTION signed_since()")
