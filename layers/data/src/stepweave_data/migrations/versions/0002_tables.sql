-- A step that waits for its task token. One row for each attempt of a node run that waits; the token leaves the table only for
-- Step Functions. `details` is what the node told (docs/reference/contracts.md, "Waiting").
CREATE TABLE waits (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  execution_id uuid NOT NULL REFERENCES executions ON DELETE CASCADE,
  workflow_id uuid NOT NULL REFERENCES workflows ON DELETE CASCADE,
  node_id text NOT NULL,
  iteration text NOT NULL DEFAULT '',
  attempt integer NOT NULL DEFAULT 1,
  kind text NOT NULL CHECK (kind IN ('callback', 'approval', 'workflow')),
  token text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved', 'expired', 'cancelled')),
  outcome text,
  resolved_at timestamptz,
  child_execution_id uuid,
  UNIQUE (execution_id, node_id, iteration, attempt)
);
CREATE INDEX waits_open ON waits (execution_id) WHERE state = 'open';
CREATE INDEX waits_list ON waits (tenant_id, kind, created_at DESC, id DESC);
CREATE INDEX waits_child ON waits (child_execution_id) WHERE child_execution_id IS NOT NULL;

-- What people said about an approval: one decision each.
CREATE TABLE approval_decisions (
  wait_id uuid NOT NULL REFERENCES waits ON DELETE CASCADE,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  email text NOT NULL,
  decision text NOT NULL CHECK (decision IN ('approve', 'reject')),
  comment text NOT NULL DEFAULT '',
  form jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (wait_id, user_id)
);

ALTER TABLE node_runs ADD COLUMN iteration text NOT NULL DEFAULT '';
ALTER TABLE node_runs DROP CONSTRAINT node_runs_pkey;
ALTER TABLE node_runs ADD PRIMARY KEY (execution_id, node_id, iteration);
ALTER TABLE node_runs DROP CONSTRAINT node_runs_status_check;
ALTER TABLE node_runs ADD CONSTRAINT node_runs_status_check
  CHECK (status IN ('running', 'retrying', 'waiting', 'succeeded', 'failed'));

ALTER TABLE executions
  ADD COLUMN parent_execution_id uuid,
  ADD COLUMN parent_node_id text,
  ADD COLUMN parent_iteration text;
CREATE INDEX executions_of_parent ON executions (parent_execution_id) WHERE parent_execution_id IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['waits', 'approval_decisions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;

-- A callback's request, whose address names an execution only: whose it is.
CREATE FUNCTION execution_tenant(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT tenant_id FROM executions WHERE id = wanted
$$;
REVOKE ALL ON FUNCTION execution_tenant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION execution_tenant TO stepweave_app;

DROP FUNCTION record_events(uuid, jsonb);
