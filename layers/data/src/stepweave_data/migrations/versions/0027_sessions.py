"""Sessions: since when, from where, until when at most; and hashes of passwords that are made anew at a higher cost."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Add the table, a row for each session that goes on, and what is asked across tenants."""
    op.execute(
        """
        -- A session is a family of refresh tokens and has its id. It ends at expires_at however often it is renewed.
        CREATE TABLE sessions (
          id uuid PRIMARY KEY,
          tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
          user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
          user_agent text NOT NULL DEFAULT '',
          address text NOT NULL DEFAULT '',
          created_at timestamptz NOT NULL DEFAULT now(),
          used_at timestamptz NOT NULL DEFAULT now(),
          expires_at timestamptz NOT NULL,
          ended_at timestamptz
        );
        CREATE INDEX sessions_of_user ON sessions (user_id, used_at DESC);
        CREATE INDEX sessions_of_tenant ON sessions (tenant_id);
        CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
        ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
        ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON sessions TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON sessions TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE ON sessions TO stepweave_app;
        INSERT INTO sessions (id, tenant_id, user_id, expires_at)
          SELECT DISTINCT ON (family_id) family_id, tenant_id, user_id, now() + interval '30 days' FROM refresh_tokens
          WHERE revoked_at IS NULL AND expires_at > now() ORDER BY family_id, expires_at DESC;

        -- A person's sessions that go on, in every tenant, where they are a member of the current one.
        CREATE FUNCTION auth_sessions(wanted uuid)
        RETURNS TABLE (id uuid, tenant_id uuid, tenant text, user_agent text, address text, created_at timestamptz,
                       used_at timestamptz, expires_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT sessions.id, sessions.tenant_id, tenants.name, user_agent, address, sessions.created_at, used_at,
                 sessions.expires_at
          FROM sessions JOIN tenants ON tenants.id = sessions.tenant_id
          WHERE sessions.user_id = wanted AND ended_at IS NULL AND sessions.expires_at > now() AND EXISTS (
            SELECT 1 FROM refresh_tokens WHERE family_id = sessions.id AND revoked_at IS NULL AND used_at IS NULL
              AND refresh_tokens.expires_at > now()
          ) AND EXISTS (
            SELECT 1 FROM memberships WHERE memberships.user_id = wanted
              AND memberships.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
          ORDER BY used_at DESC LIMIT 200
        $$;

        -- Ends a person's sessions in every tenant: one, or all but the one that is kept. Returns which.
        CREATE FUNCTION auth_end_sessions(wanted uuid, one uuid, kept uuid) RETURNS SETOF uuid
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH ended AS (
            UPDATE sessions SET ended_at = now()
            WHERE user_id = wanted AND ended_at IS NULL AND (one IS NULL OR id = one) AND (kept IS NULL OR id <> kept)
              AND EXISTS (
                SELECT 1 FROM memberships WHERE memberships.user_id = wanted
                  AND memberships.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
            RETURNING id
          ), revoked AS (
            UPDATE refresh_tokens SET revoked_at = now()
            WHERE family_id IN (SELECT id FROM ended) AND revoked_at IS NULL
          )
          SELECT id FROM ended
        $$;

        -- Puts a hash of the same password, made at a higher cost, in the place of the former.
        CREATE FUNCTION auth_upgrade_hash(wanted uuid, old_hash text, new_hash text) RETURNS boolean
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH changed AS (
            UPDATE users SET password_hash = new_hash
            WHERE id = wanted AND password_hash = old_hash AND EXISTS (
              SELECT 1 FROM memberships WHERE memberships.user_id = wanted
                AND memberships.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
            RETURNING id
          )
          SELECT EXISTS (SELECT 1 FROM changed)
        $$;

        -- Ends the sessions of whoever changes their password, too.
        CREATE OR REPLACE FUNCTION auth_change_password(wanted uuid, old_hash text, new_hash text) RETURNS boolean
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH changed AS (
            UPDATE users SET password_hash = new_hash
            WHERE id = wanted AND password_hash = old_hash AND EXISTS (
              SELECT 1 FROM memberships WHERE memberships.user_id = wanted
                AND memberships.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
            RETURNING id
          ), revoked AS (
            UPDATE refresh_tokens SET revoked_at = now()
            WHERE user_id IN (SELECT id FROM changed) AND revoked_at IS NULL
          ), ended AS (
            UPDATE sessions SET ended_at = now() WHERE user_id IN (SELECT id FROM changed) AND ended_at IS NULL
          )
          SELECT EXISTS (SELECT 1 FROM changed)
        $$;
        REVOKE ALL ON FUNCTION auth_sessions, auth_end_sessions, auth_upgrade_hash FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION auth_sessions, auth_end_sessions, auth_upgrade_hash TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away; passwords are changed as before."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION auth_change_password(wanted uuid, old_hash text, new_hash text) RETURNS boolean
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
        DROP FUNCTION auth_upgrade_hash(uuid, text, text);
        DROP FUNCTION auth_end_sessions(uuid, uuid, uuid);
        DROP FUNCTION auth_sessions(uuid);
        DROP INDEX refresh_tokens_user;
        DROP TABLE sessions;
        """
    )
