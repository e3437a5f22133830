-- Where versions are live. Each workspace has `production`, whose addresses have no prefix.
CREATE TABLE environments (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9-]{0,31}$' AND key <> 'test'),
  name text NOT NULL,
  position integer NOT NULL,
  falls_back boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, key),
  CONSTRAINT environments_position UNIQUE (tenant_id, position) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX environments_name ON environments (tenant_id, lower(name));
INSERT INTO environments (tenant_id, key, name, position) SELECT id, 'production', 'Production', 0 FROM tenants;
CREATE FUNCTION make_production() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO environments (tenant_id, key, name, position) VALUES (NEW.id, 'production', 'Production', 0);
  RETURN NULL;
END $$;
CREATE TRIGGER with_production AFTER INSERT ON tenants FOR EACH ROW EXECUTE FUNCTION make_production();

-- Which version of a workflow is live in an environment besides production, whose is in the workflow's own row.
CREATE TABLE live_versions (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  environment text NOT NULL CHECK (environment <> 'production'),
  version integer NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  published_by uuid,
  published_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workflow_id, environment),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, environment) REFERENCES environments (tenant_id, key)
);
CREATE INDEX live_versions_environment ON live_versions (tenant_id, environment);


-- Which credential stands for another in an environment besides production; itself where it is the same there.
CREATE TABLE credential_mappings (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  credential_id uuid NOT NULL,
  environment text NOT NULL CHECK (environment <> 'production'),
  mapped_id uuid NOT NULL,
  PRIMARY KEY (credential_id, environment),
  FOREIGN KEY (tenant_id, credential_id) REFERENCES credentials (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, mapped_id) REFERENCES credentials (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, environment) REFERENCES environments (tenant_id, key) ON DELETE CASCADE
);
CREATE INDEX credential_mappings_tenant ON credential_mappings (tenant_id, environment);
CREATE INDEX credential_mappings_mapped ON credential_mappings (mapped_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['environments', 'live_versions', 'credential_mappings'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app '
      'USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;
CREATE POLICY project ON live_versions AS RESTRICTIVE TO stepweave_app USING (
  coalesce(current_setting('app.projects', true), '') = '' OR workflow_id IN (SELECT id FROM workflows));
CREATE POLICY project ON credential_mappings AS RESTRICTIVE TO stepweave_app USING (
  coalesce(current_setting('app.projects', true), '') = '' OR credential_id IN (SELECT id FROM credentials));

-- What is there by now is production's.
ALTER TABLE webhooks ADD COLUMN environment text NOT NULL DEFAULT 'production';
ALTER TABLE schedules ADD COLUMN environment text NOT NULL DEFAULT 'production';
ALTER TABLE registrations ADD COLUMN environment text NOT NULL DEFAULT 'production';
ALTER TABLE executions ADD COLUMN environment text NOT NULL DEFAULT 'production';
CREATE INDEX executions_elsewhere ON executions (tenant_id, environment, started_at DESC, id DESC)
  WHERE environment <> 'production';
DROP INDEX registrations_active;
CREATE UNIQUE INDEX registrations_active ON registrations (workflow_id, node_id, environment)
  WHERE status = 'active' AND test_until IS NULL;
ALTER TABLE variable_values
  ADD FOREIGN KEY (tenant_id, environment) REFERENCES environments (tenant_id, key) ON DELETE CASCADE;

-- What is live of workflows, by environment: the version, and whether it is switched on.
CREATE VIEW workflow_live WITH (security_invoker = true) AS
  SELECT tenant_id, id AS workflow_id, 'production'::text AS environment, published_version AS version, enabled
  FROM workflows WHERE published_version IS NOT NULL AND deleted_at IS NULL
  UNION ALL
  SELECT l.tenant_id, l.workflow_id, l.environment, l.version, l.enabled
  FROM live_versions l JOIN workflows w ON w.id = l.workflow_id WHERE w.deleted_at IS NULL;
GRANT SELECT ON workflow_live TO stepweave_app;
