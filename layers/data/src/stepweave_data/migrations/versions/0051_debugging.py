"""Debug runs: where they stop, and what stands at a stop."""

from typing import Final

from alembic import op

revision = "0051"
down_revision = "0050"

_TABLES: Final = """
CREATE TABLE debug_runs (
  execution_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  breakpoints jsonb NOT NULL DEFAULT '[]',
  on_error boolean NOT NULL DEFAULT false,
  stepped text[] NOT NULL DEFAULT '{}',
  stop_seconds integer NOT NULL,
  FOREIGN KEY (tenant_id, execution_id) REFERENCES executions (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE
);
CREATE TABLE debug_stops (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  execution_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  node_id text NOT NULL,
  iteration text NOT NULL DEFAULT '',
  number integer NOT NULL DEFAULT 0,
  reason text NOT NULL CHECK (reason IN ('node', 'edge', 'step', 'error')),
  details json NOT NULL DEFAULT '{}',
  token text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'ended', 'gone', 'expired')),
  action text CHECK (action IN ('step', 'run', 'skip', 'fail')),
  ended_by uuid,
  ended_at timestamptz,
  UNIQUE (execution_id, node_id, iteration, number),
  FOREIGN KEY (tenant_id, execution_id) REFERENCES executions (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX debug_stops_expiring ON debug_stops (expires_at) WHERE state = 'open';

-- Stops of all tenants whose time is over, in executions that have not ended.
CREATE FUNCTION expired_stops(most integer)
RETURNS TABLE (id uuid, tenant_id uuid, execution_id uuid, execution_arn text, node_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id, s.tenant_id, s.execution_id, x.execution_arn, s.node_id
  FROM debug_stops s JOIN executions x ON x.id = s.execution_id
  WHERE s.state = 'open' AND s.expires_at < now() AND x.status IN ('queued', 'running')
  ORDER BY s.expires_at LIMIT most
$$;
REVOKE ALL ON FUNCTION expired_stops FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expired_stops TO stepweave_app;
"""
_OPEN: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {table} TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON {table} TO CURRENT_USER USING (true);
CREATE POLICY project ON {table} AS RESTRICTIVE TO stepweave_app
  USING (coalesce(current_setting('app.projects', true), '') = '' OR workflow_id IN (SELECT id FROM workflows));
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO stepweave_app;
"""


def upgrade() -> None:
    """Add both tables."""
    op.execute(_TABLES)
    for table in ("debug_runs", "debug_stops"):
        op.execute(_OPEN.format(table=table))


def downgrade() -> None:
    """Take them away; who waits at a stop waits until its Task's time is over."""
    op.execute("DROP FUNCTION expired_stops")
    op.execute("DROP TABLE debug_stops")
    op.execute("DROP TABLE debug_runs")
