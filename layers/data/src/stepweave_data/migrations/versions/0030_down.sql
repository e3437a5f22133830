DROP FUNCTION auth_invited(bytea, text, text);
DROP FUNCTION auth_invitation(bytea);
DROP FUNCTION auth_leave(uuid, text);
DROP FUNCTION auth_add_tenant(uuid, text, text);
DROP FUNCTION auth_tenants(uuid);
CREATE OR REPLACE FUNCTION auth_login(wanted text)
RETURNS TABLE (user_id uuid, name text, password_hash text, tenant_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT users.id, users.name, users.password_hash, memberships.tenant_id, memberships.role
  FROM users JOIN memberships ON memberships.user_id = users.id JOIN tenants ON tenants.id = memberships.tenant_id
  WHERE users.email = lower(wanted) ORDER BY tenants.created_at LIMIT 1
$$;
DROP TABLE invitations;
ALTER TABLE memberships DROP CONSTRAINT memberships_role_check;
UPDATE memberships SET role = 'viewer' WHERE role IN ('operator', 'custom');
ALTER TABLE memberships DROP COLUMN role_id, DROP COLUMN created_at, DROP COLUMN used_at,
  ADD CONSTRAINT memberships_role_check CHECK (role IN ('owner', 'admin', 'editor', 'viewer'));
DROP TABLE roles;
