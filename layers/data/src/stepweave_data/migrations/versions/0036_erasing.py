"""Workspaces and accounts that are deleted, with everything."""

from pathlib import Path

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Say when a workspace goes, and let that be the one way by which entries of the audit go, too."""
    op.execute(Path(__file__).with_name("0036_erasing.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it back."""
    op.execute(
        """
        DROP FUNCTION request_deletion(uuid, interval);
        DROP FUNCTION cancel_deletion();
        DROP FUNCTION due_tenants(integer);
        DROP FUNCTION erase_begin(uuid);
        DROP FUNCTION erase_rows(uuid, integer);
        DROP FUNCTION erase_user(uuid);
        CREATE OR REPLACE FUNCTION audit_kept() RETURNS trigger
        LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
          RAISE EXCEPTION 'the audit only grows: its rows are neither changed nor deleted'
            USING ERRCODE = 'insufficient_privilege';
        END $$;
        ALTER TABLE tenants DROP COLUMN delete_after, DROP COLUMN deletion_by;
        """
    )
