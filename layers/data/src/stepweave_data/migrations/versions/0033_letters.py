"""Links in mails: to confirm a registration, to reset a password, to change an address and to take that back."""

from typing import Final

from alembic import op

revision = "0033"
down_revision = "0032"

_CHANGE: Final = """
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
  ){letters}
  SELECT EXISTS (SELECT 1 FROM changed)
$$;
"""
_LETTERS: Final = """, spent AS (
    UPDATE letters SET used_at = now() WHERE user_id IN (SELECT id FROM changed) AND used_at IS NULL
      AND kind <> 'email_back'
  )"""


def upgrade() -> None:
    """Add the table and what is asked of it before anybody has logged in."""
    op.execute(
        """
        -- A link in a mail, of whose token there is the SHA-256 only. Good once, and until expires_at. The application
        -- reaches it through the functions below alone.
        CREATE TABLE letters (
          token_hash bytea PRIMARY KEY,
          kind text NOT NULL CHECK (kind IN ('register', 'reset', 'email', 'email_back')),
          user_id uuid REFERENCES users ON DELETE CASCADE,
          email text NOT NULL,
          details jsonb NOT NULL DEFAULT '{}',
          created_at timestamptz NOT NULL DEFAULT now(),
          expires_at timestamptz NOT NULL,
          used_at timestamptz
        );
        CREATE INDEX letters_of_user ON letters (user_id);
        CREATE INDEX letters_expiring ON letters (expires_at);
        ALTER TABLE letters ENABLE ROW LEVEL SECURITY;
        ALTER TABLE letters FORCE ROW LEVEL SECURITY;
        CREATE POLICY owner ON letters TO CURRENT_USER USING (true);

        -- Keeps a letter, and forgets those whose time was over a day ago.
        CREATE FUNCTION auth_letter_add(kind text, hash bytea, of_user uuid, email text, details jsonb, seconds integer)
        RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          DELETE FROM letters WHERE expires_at < now() - interval '1 day';
          INSERT INTO letters (kind, token_hash, user_id, email, details, expires_at)
            VALUES ($1, $2, $3, lower($4), $5, now() + make_interval(secs => $6))
        $$;

        -- A letter that is still good.
        CREATE FUNCTION auth_letter(wanted text, hash bytea)
        RETURNS TABLE (user_id uuid, email text, details jsonb, name text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT letters.user_id, letters.email, letters.details, users.name
          FROM letters LEFT JOIN users ON users.id = letters.user_id
          WHERE letters.kind = wanted AND token_hash = hash AND used_at IS NULL AND expires_at > now()
        $$;

        -- A registration is confirmed: makes the user and their tenant. No row where the letter is not good (any more).
        CREATE FUNCTION auth_confirm_registration(hash bytea, wanted_slug text)
        RETURNS TABLE (user_id uuid, tenant_id uuid)
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH taken AS (
            UPDATE letters SET used_at = now()
            WHERE kind = 'register' AND token_hash = hash AND used_at IS NULL AND expires_at > now()
            RETURNING email, details
          ), made_user AS (
            INSERT INTO users (email, name, password_hash)
              SELECT email, details ->> 'name', details ->> 'hash' FROM taken RETURNING id
          ), made_tenant AS (
            INSERT INTO tenants (name, slug) SELECT details ->> 'tenant', wanted_slug FROM taken RETURNING id
          ), made_membership AS (
            INSERT INTO memberships (tenant_id, user_id, role)
              SELECT made_tenant.id, made_user.id, 'owner' FROM made_tenant, made_user
          )
          SELECT made_user.id, made_tenant.id FROM made_user, made_tenant
        $$;

        -- A password is reset: ends all sessions, and whatever else was asked for in mails.
        CREATE FUNCTION auth_reset(hash bytea, new_hash text) RETURNS TABLE (user_id uuid, tenant_id uuid, email text)
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH taken AS (
            UPDATE letters SET used_at = now()
            WHERE kind = 'reset' AND token_hash = hash AND used_at IS NULL AND expires_at > now()
            RETURNING letters.user_id
          ), changed AS (
            UPDATE users SET password_hash = new_hash WHERE id IN (SELECT taken.user_id FROM taken)
            RETURNING id, users.email
          ), revoked AS (
            UPDATE refresh_tokens SET revoked_at = now()
            WHERE refresh_tokens.user_id IN (SELECT id FROM changed) AND revoked_at IS NULL
          ), ended AS (
            UPDATE sessions SET ended_at = now()
            WHERE sessions.user_id IN (SELECT id FROM changed) AND ended_at IS NULL
          ), spent AS (
            UPDATE letters SET used_at = now()
            WHERE letters.user_id IN (SELECT id FROM changed) AND used_at IS NULL AND kind <> 'email_back'
              AND token_hash <> hash
          )
          SELECT changed.id, (SELECT memberships.tenant_id FROM memberships
            JOIN tenants ON tenants.id = memberships.tenant_id
            WHERE memberships.user_id = changed.id ORDER BY tenants.created_at LIMIT 1), changed.email FROM changed
        $$;

        -- An address is changed, or the change taken back, which ends all sessions. Reset links to the former go.
        CREATE FUNCTION auth_change_email(wanted text, hash bytea)
        RETURNS TABLE (user_id uuid, tenant_id uuid, former text, email text)
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH taken AS (
            UPDATE letters SET used_at = now()
            WHERE kind = wanted AND kind IN ('email', 'email_back') AND token_hash = hash AND used_at IS NULL
              AND expires_at > now()
            RETURNING letters.user_id, letters.email
          ), before AS (
            SELECT users.id, users.email FROM users JOIN taken ON taken.user_id = users.id
          ), changed AS (
            UPDATE users SET email = taken.email FROM taken WHERE users.id = taken.user_id
            RETURNING users.id, users.email
          ), revoked AS (
            UPDATE refresh_tokens SET revoked_at = now()
            WHERE wanted = 'email_back' AND refresh_tokens.user_id IN (SELECT id FROM changed) AND revoked_at IS NULL
          ), ended AS (
            UPDATE sessions SET ended_at = now()
            WHERE wanted = 'email_back' AND sessions.user_id IN (SELECT id FROM changed) AND ended_at IS NULL
          ), spent AS (
            UPDATE letters SET used_at = now()
            WHERE letters.user_id IN (SELECT id FROM changed) AND used_at IS NULL AND token_hash <> hash
              AND (kind <> 'email_back' OR wanted = 'email_back')
          )
          SELECT changed.id, (SELECT memberships.tenant_id FROM memberships
            JOIN tenants ON tenants.id = memberships.tenant_id
            WHERE memberships.user_id = changed.id ORDER BY tenants.created_at LIMIT 1), before.email, changed.email
          FROM changed JOIN before ON before.id = changed.id
        $$;
        REVOKE ALL ON FUNCTION auth_letter_add, auth_letter, auth_confirm_registration, auth_reset, auth_change_email
          FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION auth_letter_add, auth_letter, auth_confirm_registration, auth_reset, auth_change_email
          TO stepweave_app;
        """
    )
    op.execute(_CHANGE.format(letters=_LETTERS))


def downgrade() -> None:
    """Take it away."""
    op.execute(_CHANGE.format(letters=""))
    op.execute(
        """
        DROP FUNCTION auth_change_email(text, bytea);
        DROP FUNCTION auth_reset(bytea, text);
        DROP FUNCTION auth_confirm_registration(bytea, text);
        DROP FUNCTION auth_letter(text, bytea);
        DROP FUNCTION auth_letter_add(text, bytea, uuid, text, jsonb, integer);
        DROP TABLE letters;
        """
    )
