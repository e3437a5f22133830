"""Executions that wait for their turn: workflows that let some run at once."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table, and leave what waits for its turn to itself when open executions are looked for."""
    op.execute(
        """
        -- What starts an execution, of a workflow that lets `settings.concurrency` run at once, until it has started.
        -- `json` keeps what came, NUL and all. `taken_at`: its turn has come; should whoever took it die before the
        -- start, another takes it again.
        CREATE TABLE execution_turns (
          execution_id uuid PRIMARY KEY REFERENCES executions(id) ON DELETE CASCADE,
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          workflow_id uuid NOT NULL REFERENCES workflows(id),
          position bigint GENERATED ALWAYS AS IDENTITY,
          request json NOT NULL,
          taken_at timestamptz
        );
        CREATE INDEX execution_turns_order ON execution_turns (workflow_id, position);
        ALTER TABLE execution_turns ENABLE ROW LEVEL SECURITY;
        ALTER TABLE execution_turns FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON execution_turns TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON execution_turns TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON execution_turns TO stepweave_app;

        -- Workflows, of all tenants, of which something waits for its turn.
        CREATE FUNCTION waiting_workflows() RETURNS TABLE (tenant_id uuid, workflow_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT DISTINCT tenant_id, workflow_id FROM execution_turns
        $$;
        REVOKE ALL ON FUNCTION waiting_workflows FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION waiting_workflows TO stepweave_app;

        CREATE OR REPLACE FUNCTION open_executions(before timestamptz, most integer)
        RETURNS TABLE (id uuid, tenant_id uuid, machine_type text, execution_arn text, started_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT id, tenant_id, machine_type, execution_arn, started_at FROM executions x
          WHERE status IN ('queued', 'running') AND started_at < before
            AND NOT (status = 'queued' AND EXISTS (SELECT 1 FROM execution_turns t WHERE t.execution_id = x.id))
          ORDER BY random() LIMIT most
        $$;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION open_executions(before timestamptz, most integer)
        RETURNS TABLE (id uuid, tenant_id uuid, machine_type text, execution_arn text, started_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT id, tenant_id, machine_type, execution_arn, started_at FROM executions
          WHERE status IN ('queued', 'running') AND started_at < before ORDER BY random() LIMIT most
        $$;
        DROP FUNCTION waiting_workflows;
        DROP TABLE execution_turns;
        """
    )
