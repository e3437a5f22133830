-- What is shared with a member of the session's tenant: the default project (without a role: the tenant's counts),
-- projects, and workflows.
CREATE FUNCTION shares_in(tenant uuid, wanted uuid) RETURNS TABLE (kind text, id uuid, role text, permissions text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT 'project', p.id, NULL, NULL::text[] FROM projects p WHERE p.tenant_id = tenant AND p.is_default
  UNION ALL
  SELECT 'project', m.project_id, m.role, r.permissions
  FROM project_members m LEFT JOIN roles r ON r.id = m.role_id WHERE m.tenant_id = tenant AND m.user_id = wanted
  UNION ALL
  SELECT 'workflow', s.workflow_id, s.role, r.permissions
  FROM workflow_shares s LEFT JOIN roles r ON r.id = s.role_id
  WHERE s.tenant_id = tenant AND (s.user_id = wanted OR s.project_id IN (
    SELECT m.project_id FROM project_members m WHERE m.tenant_id = tenant AND m.user_id = wanted
    UNION ALL SELECT p.id FROM projects p WHERE p.tenant_id = tenant AND p.is_default))
$$;
CREATE FUNCTION shares_of(wanted uuid) RETURNS TABLE (kind text, id uuid, role text, permissions text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT * FROM shares_in(nullif(current_setting('app.tenant_id', true), '')::uuid, wanted)
$$;

-- Whether a member of the session's tenant may watch executions of a workflow, or the tenant's as a whole.
CREATE FUNCTION may_watch(wanted uuid, kind text, watched uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT CASE kind
    WHEN 'tenant' THEN me.tenant_id = watched AND me.reads AND (me.everywhere OR NOT EXISTS (
      SELECT 1 FROM projects p WHERE NOT p.is_default))
    WHEN 'workflow' THEN EXISTS (SELECT 1 FROM workflows w WHERE w.id = watched AND (me.everywhere AND me.reads OR EXISTS (
      SELECT 1 FROM shares_of(wanted) s WHERE s.id IN (w.project_id, w.id)
        AND coalesce('executions.read' = ANY (s.permissions), s.role IS NOT NULL OR me.reads))))
    ELSE false END
  FROM (
    SELECT m.tenant_id, m.role,
      m.role <> 'custom' OR coalesce('executions.read' = ANY (r.permissions), false) AS reads,
      m.role IN ('owner', 'admin') OR coalesce('projects.write' = ANY (r.permissions), false) AS everywhere
    FROM memberships m LEFT JOIN roles r ON r.id = m.role_id WHERE m.user_id = wanted) me
$$;
REVOKE ALL ON FUNCTION shares_in, shares_of, may_watch FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shares_in, shares_of, may_watch TO stepweave_app;

DROP FUNCTION auth_api_key(bytea, inet);
CREATE FUNCTION auth_api_key(wanted bytea, place inet)
RETURNS TABLE (id uuid, tenant_id uuid, user_id uuid, role text, listed text[], permissions text[], kind text,
  project_ids uuid[], shares json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found api_keys;
BEGIN
  SELECT * INTO found FROM api_keys one WHERE one.key_hash = wanted AND one.revoked_at IS NULL
    AND one.expires_at > now() AND (one.addresses = '{}' OR EXISTS (
      SELECT 1 FROM unnest(one.addresses) network WHERE place <<= network::inet));
  IF found.id IS NULL THEN RETURN; END IF;
  IF found.last_used_at IS NULL OR found.last_used_at < now() - interval '1 minute' THEN
    UPDATE api_keys one SET last_used_at = now(), last_address = coalesce(host(place), '')
    WHERE one.id = found.id;
  END IF;
  RETURN QUERY SELECT found.id, found.tenant_id, found.user_id, memberships.role, roles.permissions,
      found.permissions, users.kind, found.project_ids,
      (SELECT json_agg(json_build_array(s.kind, s.id, s.role, s.permissions))
       FROM shares_in(found.tenant_id, found.user_id) s)
    FROM memberships JOIN users ON users.id = memberships.user_id
    LEFT JOIN roles ON roles.id = memberships.role_id AND roles.tenant_id = memberships.tenant_id
    WHERE memberships.tenant_id = found.tenant_id AND memberships.user_id = found.user_id;
END $$;
REVOKE ALL ON FUNCTION auth_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_api_key TO stepweave_app;

-- Those of some ids that are credentials of the session's tenant in other projects than one, whoever asks.
CREATE FUNCTION credentials_elsewhere(ids uuid[], project uuid) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM credentials c WHERE c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    AND c.id = ANY (ids) AND c.project_id <> project
$$;
REVOKE ALL ON FUNCTION credentials_elsewhere FROM PUBLIC;
GRANT EXECUTE ON FUNCTION credentials_elsewhere TO stepweave_app;
