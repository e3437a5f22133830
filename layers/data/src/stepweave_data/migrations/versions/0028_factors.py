"""Second factors and passkeys: they are a person's, in every tenant, so a policy by person guards them."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the tables, how a session began, and what a workspace asks for."""
    op.execute(
        """
        -- The shared secret of an authenticator app, sealed as credentials are. It counts once it was confirmed.
        -- `last_step` is the step of the last code that was taken: none is taken twice.
        CREATE TABLE user_totp (
          user_id uuid PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
          wrapped_key bytea NOT NULL,
          nonce bytea NOT NULL,
          ciphertext bytea NOT NULL,
          last_step bigint NOT NULL DEFAULT 0,
          confirmed_at timestamptz,
          created_at timestamptz NOT NULL DEFAULT now()
        );
        -- Codes for who has lost their second factor, by their SHA-256: 80 random bits each, good once.
        CREATE TABLE recovery_codes (
          user_id uuid NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          code_hash bytea NOT NULL,
          used_at timestamptz,
          PRIMARY KEY (user_id, code_hash)
        );
        -- Public keys of WebAuthn's authenticators. `suspect_at`: its counter went back, so it may have been copied.
        CREATE TABLE passkeys (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          user_id uuid NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          name text NOT NULL,
          credential_id bytea NOT NULL CONSTRAINT passkeys_credential_key UNIQUE,
          public_key bytea NOT NULL,
          sign_count bigint NOT NULL,
          transports text[] NOT NULL,
          backed_up boolean NOT NULL,
          suspect_at timestamptz,
          last_used_at timestamptz,
          created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX passkeys_by_user ON passkeys (user_id);

        ALTER TABLE tenants ADD COLUMN requires_factor boolean NOT NULL DEFAULT false;
        GRANT UPDATE (requires_factor) ON tenants TO stepweave_app;
        -- `password`, `passkey`, or `oidc:` and the connection's id.
        ALTER TABLE sessions ADD COLUMN signed_in_by text NOT NULL DEFAULT 'password';
        """
    )
    for table in ("user_totp", "recovery_codes", "passkeys"):
        op.execute(
            f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY own ON {table} TO stepweave_app
              USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
            CREATE POLICY owner ON {table} TO CURRENT_USER USING (true);
            GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO stepweave_app;
            """
        )
    op.execute(
        """
        -- Who signs in without an address: as auth_login, by id.
        CREATE FUNCTION auth_user(wanted uuid) RETURNS TABLE (user_id uuid, email text, tenant_id uuid, role text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT users.id, users.email, memberships.tenant_id, memberships.role
          FROM users JOIN memberships ON memberships.user_id = users.id
          JOIN tenants ON tenants.id = memberships.tenant_id
          WHERE users.id = wanted ORDER BY tenants.created_at LIMIT 1
        $$;
        -- Those of the current tenant's members who have a second factor.
        CREATE FUNCTION members_with_factor() RETURNS TABLE (user_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT memberships.user_id FROM memberships
          WHERE memberships.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND (
            EXISTS (SELECT 1 FROM user_totp
                    WHERE user_totp.user_id = memberships.user_id AND user_totp.confirmed_at IS NOT NULL)
            OR EXISTS (SELECT 1 FROM passkeys WHERE passkeys.user_id = memberships.user_id))
        $$;
        -- Whether any tenant of a person asks its members for a second factor.
        CREATE FUNCTION factor_required(wanted uuid) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT EXISTS (SELECT 1 FROM memberships JOIN tenants ON tenants.id = memberships.tenant_id
                         WHERE memberships.user_id = wanted AND tenants.requires_factor)
        $$;
        REVOKE ALL ON FUNCTION auth_user, members_with_factor, factor_required FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION auth_user, members_with_factor, factor_required TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP FUNCTION auth_user(uuid), members_with_factor(), factor_required(uuid)")
    op.execute("ALTER TABLE sessions DROP COLUMN signed_in_by; ALTER TABLE tenants DROP COLUMN requires_factor")
    op.execute("DROP TABLE user_totp, recovery_codes, passkeys")
