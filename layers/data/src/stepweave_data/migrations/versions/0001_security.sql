DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'memberships', 'refresh_tokens', 'workflows', 'workflow_versions', 'compiled_machines', 'executions',
    'execution_events', 'node_runs', 'webhooks', 'schedules', 'credentials', 'audit'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenants TO stepweave_app USING (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON tenants TO CURRENT_USER USING (true);
GRANT SELECT ON tenants TO stepweave_app;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY member ON users TO stepweave_app USING (
  EXISTS (SELECT 1 FROM memberships WHERE memberships.user_id = users.id)
);
CREATE POLICY owner ON users TO CURRENT_USER USING (true);
GRANT SELECT (id, email, name, created_at) ON users TO stepweave_app;

GRANT USAGE ON SCHEMA public TO stepweave_app;
