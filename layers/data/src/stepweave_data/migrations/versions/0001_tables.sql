CREATE TABLE tenants (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE refresh_tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  family_id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);

CREATE TABLE workflows (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL,
  document jsonb NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  published_version integer,
  enabled boolean NOT NULL DEFAULT true,
  created_by uuid REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX workflows_list ON workflows (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE TABLE workflow_versions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL REFERENCES workflows ON DELETE CASCADE,
  number integer NOT NULL,
  document jsonb NOT NULL,
  compiled_hash text NOT NULL,
  note text NOT NULL DEFAULT '',
  created_by uuid REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workflow_id, number)
);

-- What is already a state-machine version on AWS, so that nothing is published twice.
CREATE TABLE compiled_machines (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL REFERENCES workflows ON DELETE CASCADE,
  compiled_hash text NOT NULL,
  machine_type text NOT NULL CHECK (machine_type IN ('standard', 'express')),
  state_machine_arn text NOT NULL,
  version_arn text NOT NULL,
  definition jsonb NOT NULL,
  states jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workflow_id, compiled_hash)
);

CREATE TABLE executions (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL REFERENCES workflows ON DELETE CASCADE,
  workflow_version integer,
  mode text NOT NULL CHECK (mode IN ('draft', 'live')),
  trigger text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out')),
  machine_type text NOT NULL DEFAULT 'standard',
  execution_arn text,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  error jsonb,
  response jsonb,
  document jsonb,
  last_seq integer NOT NULL DEFAULT 0,
  created_by uuid REFERENCES users ON DELETE SET NULL
);
CREATE INDEX executions_list ON executions (tenant_id, started_at DESC, id DESC);
CREATE INDEX executions_of_workflow ON executions (workflow_id, started_at DESC, id DESC);
CREATE INDEX executions_open ON executions (started_at) WHERE status IN ('queued', 'running');

CREATE TABLE execution_events (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  execution_id uuid NOT NULL REFERENCES executions ON DELETE CASCADE,
  seq integer NOT NULL,
  id text NOT NULL,
  type text NOT NULL,
  node_id text,
  at timestamptz NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (execution_id, seq),
  UNIQUE (execution_id, id)
);
CREATE INDEX execution_logs ON execution_events (execution_id, seq) WHERE type = 'node.log';

CREATE TABLE node_runs (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  execution_id uuid NOT NULL REFERENCES executions ON DELETE CASCADE,
  node_id text NOT NULL,
  attempt integer NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'retrying', 'succeeded', 'failed')),
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  duration_ms double precision,
  input jsonb,
  output jsonb,
  error jsonb,
  PRIMARY KEY (execution_id, node_id)
);

CREATE TABLE webhooks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL REFERENCES workflows ON DELETE CASCADE,
  node_id text NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  target jsonb NOT NULL,
  UNIQUE (tenant_id, method, path)
);
CREATE INDEX webhooks_workflow ON webhooks (workflow_id);

CREATE TABLE schedules (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL REFERENCES workflows ON DELETE CASCADE,
  node_id text NOT NULL,
  expression text NOT NULL,
  time_zone text NOT NULL,
  names text[] NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  target jsonb NOT NULL
);
CREATE INDEX schedules_workflow ON schedules (workflow_id);

CREATE TABLE credentials (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL,
  type text NOT NULL,
  hint text NOT NULL,
  wrapped_key bytea NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, name)
);

CREATE TABLE audit (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  user_id uuid REFERENCES users ON DELETE SET NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_list ON audit (tenant_id, at DESC);
