"""How many executions of a tenant run at once, begin in a minute and wait: limits of plans, and whose turn it is."""

import json
from typing import Final

from alembic import op

revision = "0041"
down_revision = "0040"

_LIMITS: Final = {
    "free": {"concurrent": 10, "starts": 120, "queue": 1000},
    "team": {"concurrent": 200, "starts": 3000, "queue": 20_000},
}


def upgrade() -> None:
    """Add the limits, why something waits, and who waits, one tenant as soon as another."""
    for name, limits in _LIMITS.items():
        op.execute(f"UPDATE plans SET limits = limits || '{json.dumps(limits)}' WHERE name = '{name}'")  # noqa: S608  # of this file
    op.execute(
        """
        -- Why it waits: `workflow` (its workflow runs as many at once as it may, or one of its lane does), `concurrent`
        -- or `starts` (the plan's limits).
        ALTER TABLE execution_turns ADD COLUMN reason text NOT NULL DEFAULT 'workflow'
          CHECK (reason IN ('workflow', 'concurrent', 'starts'));
        -- Called by a run of its own workflow, whose limit so does not hold for it.
        ALTER TABLE execution_turns ADD COLUMN own boolean NOT NULL DEFAULT false;
        CREATE INDEX execution_turns_of_tenant ON execution_turns (tenant_id, position) WHERE taken_at IS NULL;

        -- Executions of a tenant that take room of its plan, but one. Those in which everything waits take none.
        CREATE FUNCTION executions_running(tenant uuid, besides uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
          SELECT count(*) FROM executions x
          WHERE x.tenant_id = tenant AND x.status IN ('queued', 'running') AND x.id <> besides
            AND NOT EXISTS (SELECT 1 FROM execution_turns t WHERE t.execution_id = x.id AND t.taken_at IS NULL)
            AND NOT (
              (EXISTS (SELECT 1 FROM waits w WHERE w.execution_id = x.id AND w.state = 'open')
               OR EXISTS (SELECT 1 FROM node_runs r WHERE r.execution_id = x.id AND r.status = 'waiting'))
              AND NOT EXISTS (
                SELECT 1 FROM node_runs r WHERE r.execution_id = x.id AND r.status IN ('running', 'retrying')
                AND NOT EXISTS (
                  SELECT 1 FROM waits w WHERE w.execution_id = x.id AND w.node_id = r.node_id
                  AND w.iteration = r.iteration AND w.state = 'open')))
        $$;
        CREATE OR REPLACE FUNCTION tenant_quotas() RETURNS TABLE (kind text, held bigint, most bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT k.kind,
                 CASE k.kind
                   WHEN 'concurrent' THEN executions_running(t.id, '00000000-0000-0000-0000-000000000000')
                   WHEN 'starts' THEN (
                     SELECT count(*) FROM executions x
                     WHERE x.tenant_id = t.id AND x.started_at > now() - interval '1 minute' AND NOT EXISTS (
                       SELECT 1 FROM execution_turns w WHERE w.execution_id = x.id AND w.taken_at IS NULL))
                   WHEN 'queue' THEN (
                     SELECT count(*) FROM execution_turns w WHERE w.tenant_id = t.id AND w.taken_at IS NULL)
                   ELSE quota_held(t.id, k.kind)
                 END,
                 (p.limits ->> k.kind)::bigint
          FROM unnest(ARRAY['workflows', 'versions', 'machines', 'credentials', 'schedules', 'webhooks', 'members',
                            'apis', 'tables', 'memories', 'bytes', 'executions',
                            'concurrent', 'starts', 'queue']) WITH ORDINALITY AS k(kind, place),
               tenants t JOIN plans p ON p.name = t.plan
          WHERE t.id = nullif(current_setting('app.tenant_id', true), '')::uuid ORDER BY k.place
        $$;

        -- What to give turns to: a whole tenant where its plan has limits, else its workflows; of each tenant one, then
        -- of each a second one, so that who has many waits no longer for who has few, nor they for it.
        DROP FUNCTION waiting_workflows();
        CREATE FUNCTION waiting_turns() RETURNS TABLE (tenant_id uuid, workflow_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT w.tenant_id, w.workflow_id FROM (
            SELECT t.tenant_id,
                   CASE WHEN p.limits ?| ARRAY['concurrent', 'starts'] THEN NULL ELSE t.workflow_id END AS workflow_id,
                   min(t.position) AS first
            FROM execution_turns t JOIN tenants n ON n.id = t.tenant_id JOIN plans p ON p.name = n.plan GROUP BY 1, 2
          ) w ORDER BY row_number() OVER (PARTITION BY w.tenant_id ORDER BY w.first), w.first
        $$;
        REVOKE ALL ON FUNCTION waiting_turns FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION waiting_turns TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION tenant_quotas() RETURNS TABLE (kind text, held bigint, most bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT k.kind, quota_held(t.id, k.kind), (p.limits ->> k.kind)::bigint
          FROM unnest(ARRAY['workflows', 'versions', 'machines', 'credentials', 'schedules', 'webhooks', 'members',
                            'apis', 'tables', 'memories', 'bytes', 'executions']) WITH ORDINALITY AS k(kind, place),
               tenants t JOIN plans p ON p.name = t.plan
          WHERE t.id = nullif(current_setting('app.tenant_id', true), '')::uuid ORDER BY k.place
        $$;
        DROP FUNCTION executions_running(uuid, uuid);
        DROP FUNCTION waiting_turns();
        CREATE FUNCTION waiting_workflows() RETURNS TABLE (tenant_id uuid, workflow_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT DISTINCT tenant_id, workflow_id FROM execution_turns
        $$;
        REVOKE ALL ON FUNCTION waiting_workflows FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION waiting_workflows TO stepweave_app;
        DROP INDEX execution_turns_of_tenant;
        ALTER TABLE execution_turns DROP COLUMN reason, DROP COLUMN own;
        UPDATE plans SET limits = limits - ARRAY['concurrent', 'starts', 'queue'];
        """
    )
