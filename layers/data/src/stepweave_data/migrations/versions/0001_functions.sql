-- A login: who has this address, and the tenant they belong to (the first, where there are several).
CREATE FUNCTION auth_login(wanted text)
RETURNS TABLE (user_id uuid, name text, password_hash text, tenant_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT users.id, users.name, users.password_hash, memberships.tenant_id, memberships.role
  FROM users JOIN memberships ON memberships.user_id = users.id JOIN tenants ON tenants.id = memberships.tenant_id
  WHERE users.email = lower(wanted) ORDER BY tenants.created_at LIMIT 1
$$;

-- A registration: a user with a tenant of their own. Raises unique_violation for an address or slug that is taken.
CREATE FUNCTION auth_register(email text, name text, password_hash text, tenant_name text, slug text)
RETURNS TABLE (user_id uuid, tenant_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH made_user AS (
    INSERT INTO users (email, name, password_hash) VALUES (lower($1), $2, $3) RETURNING id
  ), made_tenant AS (
    INSERT INTO tenants (name, slug) VALUES ($4, $5) RETURNING id
  ), made_membership AS (
    INSERT INTO memberships (tenant_id, user_id, role) SELECT made_tenant.id, made_user.id, 'owner' FROM made_tenant, made_user
  )
  SELECT made_user.id, made_tenant.id FROM made_user, made_tenant
$$;

-- A refresh token, by its hash.
CREATE FUNCTION auth_refresh_token(wanted bytea)
RETURNS TABLE (id uuid, tenant_id uuid, user_id uuid, family_id uuid, expires_at timestamptz, used_at timestamptz,
               revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, tenant_id, user_id, family_id, expires_at, used_at, revoked_at FROM refresh_tokens WHERE token_hash = wanted
$$;

-- A webhook's request: all methods of a path of a tenant.
CREATE FUNCTION hook_targets(wanted_slug text, wanted_path text)
RETURNS TABLE (method text, target jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT webhooks.method, webhooks.target
  FROM webhooks JOIN tenants ON tenants.id = webhooks.tenant_id JOIN workflows ON workflows.id = webhooks.workflow_id
  WHERE tenants.slug = wanted_slug AND webhooks.path = wanted_path AND workflows.enabled AND workflows.deleted_at IS NULL
$$;

-- The sweeper's: executions that have been open since before a moment. Any of them: were it the oldest, those that wait for
-- days would be all it ever saw.
CREATE FUNCTION open_executions(before timestamptz, most integer)
RETURNS TABLE (id uuid, tenant_id uuid, machine_type text, execution_arn text, started_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, tenant_id, machine_type, execution_arn, started_at FROM executions
  WHERE status IN ('queued', 'running') AND started_at < before ORDER BY random() LIMIT most
$$;

REVOKE ALL ON FUNCTION auth_login, auth_register, auth_refresh_token, hook_targets, open_executions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_login, auth_register, auth_refresh_token, hook_targets, open_executions TO stepweave_app;
