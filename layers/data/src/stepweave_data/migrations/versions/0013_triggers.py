"""State of triggers: what schedules missed and skipped, which run one at a time, and single triggers switched off."""

from typing import Final

from alembic import op

revision = "0013"
down_revision = "0012"

_HOOKS: Final = """
CREATE OR REPLACE FUNCTION hook_targets(wanted_slug text, wanted_path text)
RETURNS TABLE (method text, target jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT webhooks.method,
         CASE WHEN workflows.enabled {switched_on} THEN webhooks.target
              ELSE webhooks.target || '{{"paused": true}}' END
  FROM webhooks JOIN tenants ON tenants.id = webhooks.tenant_id JOIN workflows ON workflows.id = webhooks.workflow_id
  WHERE tenants.slug = wanted_slug AND webhooks.path = wanted_path AND workflows.deleted_at IS NULL
$$;
CREATE OR REPLACE FUNCTION hook_registration(wanted_slug text, wanted_address text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object(
    'id', r.id, 'tenantId', r.tenant_id, 'workflowId', r.workflow_id, 'nodeId', r.node_id, 'type', r.type,
    'version', r.version, 'params', r.params, 'start', r.target, 'paused', NOT ({enabled}),
    'joining', r.status = 'joining' AND r.test_until IS NULL, 'testUntil', extract(epoch FROM r.test_until))
  FROM registrations r JOIN tenants t ON t.id = r.tenant_id JOIN workflows w ON w.id = r.workflow_id
  WHERE r.address = wanted_address AND t.slug = wanted_slug
    AND (r.status = 'joining' OR r.status = 'active' AND r.ciphertext IS NOT NULL)
    AND w.deleted_at IS NULL AND (r.test_until IS NULL OR r.test_until > now())
$$;
"""
_SWITCHED_ON: Final = """AND NOT EXISTS (SELECT 1 FROM trigger_switches s
                   WHERE s.workflow_id = webhooks.workflow_id AND s.node_id = webhooks.node_id)"""
_ENABLED: Final = """w.enabled AND (r.test_until IS NOT NULL OR NOT EXISTS (SELECT 1 FROM trigger_switches s
      WHERE s.workflow_id = r.workflow_id AND s.node_id = r.node_id))"""


def upgrade() -> None:
    """Add columns and the table, and have webhooks look at it."""
    op.execute(
        """
        ALTER TABLE schedules
          ADD COLUMN overlap text NOT NULL DEFAULT 'allow' CHECK (overlap IN ('allow', 'skip', 'queue')),
          ADD COLUMN catch_up text NOT NULL DEFAULT 'skip' CHECK (catch_up IN ('skip', 'once')),
          -- Due times up to here were dealt with; those behind it that are over were missed.
          ADD COLUMN settled_at timestamptz NOT NULL DEFAULT now(),
          ADD COLUMN missed integer NOT NULL DEFAULT 0,
          ADD COLUMN skipped integer NOT NULL DEFAULT 0,
          ADD COLUMN last_skip text,
          ADD COLUMN last_skipped_at timestamptz;
        -- The trigger node whose executions run one at a time, where it says so.
        ALTER TABLE executions ADD COLUMN lane text;
        CREATE INDEX executions_lane ON executions (workflow_id, lane)
          WHERE lane IS NOT NULL AND status IN ('queued', 'running');

        -- Triggers that are switched off by themselves; schedules and polls have a column of their own.
        CREATE TABLE trigger_switches (
          workflow_id uuid NOT NULL REFERENCES workflows(id) ON DELETE CASCADE,
          node_id text NOT NULL,
          tenant_id uuid NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
          switched_off_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (workflow_id, node_id)
        );
        ALTER TABLE trigger_switches ENABLE ROW LEVEL SECURITY;
        ALTER TABLE trigger_switches FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON trigger_switches TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON trigger_switches TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON trigger_switches TO stepweave_app;

        -- Schedules, of all tenants, that make up for what they missed; those looked at longest ago first.
        CREATE FUNCTION catching_up(before timestamptz, most integer)
        RETURNS TABLE (id uuid, tenant_id uuid, expression text, time_zone text, settled_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT s.id, s.tenant_id, s.expression, s.time_zone, s.settled_at
          FROM schedules s JOIN workflows w ON w.id = s.workflow_id
          WHERE s.catch_up = 'once' AND s.enabled AND w.enabled AND w.published_version IS NOT NULL
            AND w.deleted_at IS NULL AND s.settled_at < before
          ORDER BY s.settled_at LIMIT most
        $$;
        REVOKE ALL ON FUNCTION catching_up FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION catching_up TO stepweave_app;
        """
    )
    op.execute(_HOOKS.format(switched_on=_SWITCHED_ON, enabled=_ENABLED))


def downgrade() -> None:
    """Take them away."""
    op.execute(_HOOKS.format(switched_on="", enabled="w.enabled"))
    op.execute(
        """
        DROP FUNCTION catching_up;
        DROP TABLE trigger_switches;
        DROP INDEX executions_lane;
        ALTER TABLE executions DROP COLUMN lane;
        ALTER TABLE schedules
          DROP COLUMN overlap, DROP COLUMN catch_up, DROP COLUMN settled_at, DROP COLUMN missed, DROP COLUMN skipped,
          DROP COLUMN last_skip, DROP COLUMN last_skipped_at;
        """
    )
