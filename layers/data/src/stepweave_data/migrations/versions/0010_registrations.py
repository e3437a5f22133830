"""Registrations: triggers with code, at their providers."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table, and the two look-ups for which no tenant is known."""
    op.execute(
        """
        -- A trigger with code at its provider: what was registered, where it is called, how far it was polled. A row is
        -- there before the provider is asked, as `joining`: whatever becomes of who asks, the sweeper takes away what
        -- nobody made `active`.
        CREATE TABLE registrations (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          workflow_id uuid NOT NULL REFERENCES workflows(id),
          node_id text NOT NULL,
          type text NOT NULL,
          version integer NOT NULL,
          params jsonb NOT NULL,
          address text NOT NULL UNIQUE,
          status text NOT NULL CHECK (status IN ('joining', 'active', 'leaving', 'failed')),
          target jsonb,
          -- What `activate` gave, sealed as a credential is, with this row's id.
          wrapped_key bytea,
          nonce bytea,
          ciphertext bytea,
          -- When the provider is asked (again) to forget it, and how often it was.
          leave_after timestamptz,
          tries integer NOT NULL DEFAULT 0,
          last_error jsonb,
          last_received_at timestamptz,
          -- Polling. `json` keeps items as they came.
          expression text,
          time_zone text,
          names text[] NOT NULL DEFAULT '{}',
          enabled boolean NOT NULL DEFAULT true,
          cursor jsonb,
          pending json,
          number bigint NOT NULL DEFAULT 0,
          last_polled_at timestamptz,
          -- Listening once, for a person who tests.
          test_until timestamptz,
          test_user_id uuid REFERENCES users(id) ON DELETE CASCADE,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now(),
          CHECK ((test_until IS NULL) = (test_user_id IS NULL)),
          CHECK (status NOT IN ('joining', 'leaving') OR leave_after IS NOT NULL)
        );
        CREATE UNIQUE INDEX registrations_active ON registrations (workflow_id, node_id)
          WHERE status = 'active' AND test_until IS NULL;
        CREATE INDEX registrations_workflow ON registrations (workflow_id);
        CREATE INDEX registrations_leaving ON registrations (leave_after) WHERE status IN ('joining', 'leaving');
        CREATE INDEX registrations_test ON registrations (test_until) WHERE test_until IS NOT NULL;
        ALTER TABLE registrations ENABLE ROW LEVEL SECURITY;
        ALTER TABLE registrations FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON registrations TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON registrations TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON registrations TO stepweave_app;

        -- What is called at an address; nothing for one that is not, or not any more. A provider may ask whether there
        -- is somebody while it is told of the address, so one that is `joining` answers, though it starts nothing yet.
        CREATE FUNCTION hook_registration(wanted_slug text, wanted_address text) RETURNS jsonb
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT jsonb_build_object(
            'id', r.id, 'tenantId', r.tenant_id, 'workflowId', r.workflow_id, 'nodeId', r.node_id, 'type', r.type,
            'version', r.version, 'params', r.params, 'start', r.target, 'paused', NOT w.enabled,
            'joining', r.status = 'joining', 'testUntil', extract(epoch FROM r.test_until))
          FROM registrations r JOIN tenants t ON t.id = r.tenant_id JOIN workflows w ON w.id = r.workflow_id
          WHERE r.address = wanted_address AND t.slug = wanted_slug
            AND (r.status = 'joining' OR r.status = 'active' AND r.ciphertext IS NOT NULL)
            AND w.deleted_at IS NULL AND (r.test_until IS NULL OR r.test_until > now())
        $$;
        REVOKE ALL ON FUNCTION hook_registration FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION hook_registration TO stepweave_app;

        -- Registrations, of all tenants, that are to be taken away at their providers now.
        CREATE FUNCTION leaving_registrations(most integer) RETURNS TABLE (id uuid, tenant_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT id, tenant_id FROM registrations WHERE status IN ('joining', 'leaving') AND leave_after < now()
          ORDER BY leave_after LIMIT most
        $$;
        REVOKE ALL ON FUNCTION leaving_registrations FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION leaving_registrations TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute(
        """
        DROP FUNCTION leaving_registrations;
        DROP FUNCTION hook_registration;
        DROP TABLE registrations;
        """
    )
