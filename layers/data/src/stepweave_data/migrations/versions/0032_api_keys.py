"""API keys of people, and service accounts."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Add the table, what looks a key up before its tenant is known, and users that are no people."""
    op.execute(
        """
        -- `service`: a service account of one tenant. It has no password and no address that mail reaches.
        ALTER TABLE users ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'service'));
        GRANT SELECT (kind) ON users TO stepweave_app;

        -- A key. Of its text there is the SHA-256 only; `hint` is what people recognise it by. `addresses` are the
        -- ranges that it may be used from; none for anywhere.
        CREATE TABLE api_keys (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
          user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
          name text NOT NULL,
          hint text NOT NULL,
          key_hash bytea NOT NULL UNIQUE,
          permissions text[] NOT NULL,
          addresses text[] NOT NULL DEFAULT '{}',
          created_at timestamptz NOT NULL DEFAULT now(),
          created_by uuid NOT NULL,
          expires_at timestamptz NOT NULL,
          revoked_at timestamptz,
          last_used_at timestamptz,
          last_address text NOT NULL DEFAULT ''
        );
        CREATE INDEX api_keys_by_user ON api_keys (tenant_id, user_id);
        CREATE INDEX api_keys_user ON api_keys (user_id);
        ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
        ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON api_keys TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON api_keys TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys TO stepweave_app;

        -- Who a key is of, if it is good now and here; and that it was used, once a minute. A key of somebody who is no
        -- member any more is of nobody.
        CREATE FUNCTION auth_api_key(wanted bytea, place inet)
        RETURNS TABLE (id uuid, tenant_id uuid, user_id uuid, role text, listed text[], permissions text[], kind text)
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE found api_keys;
        BEGIN
          SELECT * INTO found FROM api_keys one WHERE one.key_hash = wanted AND one.revoked_at IS NULL
            AND one.expires_at > now() AND (one.addresses = '{}' OR EXISTS (
              SELECT 1 FROM unnest(one.addresses) network WHERE place <<= network::inet));
          IF found.id IS NULL THEN RETURN; END IF;
          IF found.last_used_at IS NULL OR found.last_used_at < now() - interval '1 minute' THEN
            UPDATE api_keys one SET last_used_at = now(), last_address = coalesce(host(place), '')
            WHERE one.id = found.id;
          END IF;
          RETURN QUERY SELECT found.id, found.tenant_id, found.user_id, memberships.role, roles.permissions,
              found.permissions, users.kind
            FROM memberships JOIN users ON users.id = memberships.user_id
            LEFT JOIN roles ON roles.id = memberships.role_id AND roles.tenant_id = memberships.tenant_id
            WHERE memberships.tenant_id = found.tenant_id AND memberships.user_id = found.user_id;
        END $$;

        -- A service account of the session's tenant.
        CREATE FUNCTION make_service_account(name text, role text, address text, password_hash text) RETURNS uuid
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid; made uuid;
        BEGIN
          IF tenant IS NULL OR role = 'owner' THEN RAISE EXCEPTION 'no tenant, or the role of an owner'; END IF;
          INSERT INTO users (email, name, password_hash, kind) VALUES ($3, $1, $4, 'service')
          RETURNING users.id INTO made;
          INSERT INTO memberships (tenant_id, user_id, role) VALUES (tenant, made, $2);
          RETURN made;
        END $$;
        REVOKE ALL ON FUNCTION auth_api_key, make_service_account FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION auth_api_key, make_service_account TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take both away; service accounts go."""
    op.execute(
        """
        DROP FUNCTION auth_api_key(bytea, inet);
        DROP FUNCTION make_service_account(text, text, text, text);
        DROP TABLE api_keys;
        DELETE FROM users WHERE kind = 'service';
        ALTER TABLE users DROP COLUMN kind;
        """
    )
