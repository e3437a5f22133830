"""Changing one's password: the application may neither read nor write the hashes, but for this function."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the function."""
    op.execute(
        """
        -- Puts a new hash in place of the one that the password was compared with, and ends all of the user's sessions,
        -- in every tenant. False where the hash is another by now, or the user is no member of the current tenant.
        CREATE FUNCTION auth_change_password(wanted uuid, old_hash text, new_hash text) RETURNS boolean
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH changed AS (
            UPDATE users SET password_hash = new_hash
            WHERE id = wanted AND password_hash = old_hash AND EXISTS (
              SELECT 1 FROM memberships WHERE memberships.user_id = wanted
                AND memberships.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
            RETURNING id
          ), ended AS (
            UPDATE refresh_tokens SET revoked_at = now()
            WHERE user_id IN (SELECT id FROM changed) AND revoked_at IS NULL
          )
          SELECT EXISTS (SELECT 1 FROM changed)
        $$;
        REVOKE ALL ON FUNCTION auth_change_password FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION auth_change_password TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP FUNCTION auth_change_password")
