"""Signing in by a workspace's own identity provider, and which of its accounts are whose."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add the tables, and what is asked before anybody is known."""
    op.execute(
        """
        -- A workspace's identity provider: one, of one kind so far (`saml` would have its own settings beside it).
        -- The client's secret is sealed as credentials are. `proven` are those of `domains` that the workspace owns.
        CREATE TABLE sign_in_connections (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          tenant_id uuid NOT NULL REFERENCES tenants(id) ON DELETE CASCADE
            CONSTRAINT sign_in_connections_tenant_key UNIQUE,
          kind text NOT NULL DEFAULT 'oidc' CHECK (kind IN ('oidc')),
          name text NOT NULL,
          issuer text NOT NULL,
          client_id text NOT NULL,
          wrapped_key bytea NOT NULL,
          nonce bytea NOT NULL,
          ciphertext bytea NOT NULL,
          domains text[] NOT NULL,
          proven text[] NOT NULL DEFAULT '{}',
          default_role text NOT NULL CHECK (default_role IN ('admin', 'editor', 'operator', 'viewer')),
          makes_members boolean NOT NULL,
          only_way boolean NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          UNIQUE (tenant_id, id)
        );
        CREATE INDEX sign_in_connections_proven ON sign_in_connections USING gin (proven);
        -- Whose account a provider's subject is. SCIM would find people by `subject`, too.
        CREATE TABLE sign_in_identities (
          tenant_id uuid NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
          connection_id uuid NOT NULL,
          subject text NOT NULL,
          user_id uuid NOT NULL REFERENCES users(id) ON DELETE CASCADE,
          created_at timestamptz NOT NULL DEFAULT now(),
          last_used_at timestamptz,
          PRIMARY KEY (tenant_id, connection_id, subject),
          CONSTRAINT sign_in_identities_user_key UNIQUE (tenant_id, connection_id, user_id),
          FOREIGN KEY (tenant_id, connection_id) REFERENCES sign_in_connections (tenant_id, id) ON DELETE CASCADE
        );
        CREATE INDEX sign_in_identities_by_user ON sign_in_identities (user_id);
        """
    )
    for table in ("sign_in_connections", "sign_in_identities"):
        op.execute(
            f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY tenant ON {table} TO stepweave_app
              USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
            CREATE POLICY owner ON {table} TO CURRENT_USER USING (true);
            GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO stepweave_app;
            """
        )
    op.execute(
        """
        -- Where somebody signs in who has said no more than a workspace's slug, or their address's domain. A domain
        -- counts that its workspace has proven; where two have, none does.
        CREATE FUNCTION sign_in_of(wanted text, domain text) RETURNS TABLE (tenant_id uuid, slug text, name text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT tenants.id, tenants.slug, sign_in_connections.name
          FROM sign_in_connections JOIN tenants ON tenants.id = sign_in_connections.tenant_id
          WHERE tenants.slug = $1 OR (
            sign_in_connections.proven @> ARRAY[$2]
            AND (SELECT count(*) FROM sign_in_connections other WHERE other.proven @> ARRAY[$2]) = 1)
        $$;
        -- Somebody whom the current tenant's provider vouched for becomes a member: an account of no known password.
        CREATE FUNCTION auth_vouched(email text, name text, hash text, role text) RETURNS uuid
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH made AS (
            INSERT INTO users (email, name, password_hash) VALUES (lower($1), $2, $3) RETURNING id
          ), joined AS (
            INSERT INTO memberships (tenant_id, user_id, role)
            SELECT nullif(current_setting('app.tenant_id', true), '')::uuid, made.id, $4 FROM made
          )
          SELECT id FROM made
        $$;
        REVOKE ALL ON FUNCTION sign_in_of, auth_vouched FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION sign_in_of, auth_vouched TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP FUNCTION sign_in_of(text, text), auth_vouched(text, text, text, text)")
    op.execute("DROP TABLE sign_in_identities, sign_in_connections")
