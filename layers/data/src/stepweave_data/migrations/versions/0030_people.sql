-- A role of a tenant's own. Permissions are those of api.permissions; one that is unknown gives nothing.
CREATE TABLE roles (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX roles_name ON roles (tenant_id, lower(name));

ALTER TABLE memberships DROP CONSTRAINT memberships_role_check;
ALTER TABLE memberships
  ADD COLUMN role_id uuid,
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN used_at timestamptz,
  ADD CONSTRAINT memberships_role_check CHECK (
    role IN ('owner', 'admin', 'editor', 'operator', 'viewer', 'custom') AND (role = 'custom') = (role_id IS NOT NULL)),
  ADD CONSTRAINT memberships_role_id_fkey FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id);

-- Who was asked to become a member. Of the token, which the mail has, there is the SHA-256 only.
CREATE TABLE invitations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  email text NOT NULL CHECK (email = lower(email)),
  role text NOT NULL,
  role_id uuid,
  invited_by uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  sent_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invitations_email_key UNIQUE (tenant_id, email),
  CONSTRAINT invitations_role_check CHECK (
    role IN ('owner', 'admin', 'editor', 'operator', 'viewer', 'custom') AND (role = 'custom') = (role_id IS NOT NULL)),
  CONSTRAINT invitations_role_id_fkey FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
);
CREATE INDEX invitations_invited_by ON invitations (invited_by);

ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON roles TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON roles TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON roles TO stepweave_app;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON invitations TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO stepweave_app;

-- A login goes to the tenant that was used last.
CREATE OR REPLACE FUNCTION auth_login(wanted text)
RETURNS TABLE (user_id uuid, name text, password_hash text, tenant_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT users.id, users.name, users.password_hash, memberships.tenant_id, memberships.role
  FROM users JOIN memberships ON memberships.user_id = users.id JOIN tenants ON tenants.id = memberships.tenant_id
  WHERE users.email = lower(wanted)
  ORDER BY memberships.used_at DESC NULLS LAST, tenants.created_at, tenants.id LIMIT 1
$$;

-- The tenants of a person who is a member of the current one.
CREATE FUNCTION auth_tenants(wanted uuid)
RETURNS TABLE (tenant_id uuid, name text, slug text, role text, role_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT tenants.id, tenants.name, tenants.slug, memberships.role, roles.name
  FROM memberships JOIN tenants ON tenants.id = memberships.tenant_id LEFT JOIN roles ON roles.id = memberships.role_id
  WHERE memberships.user_id = wanted AND EXISTS (
    SELECT 1 FROM memberships here WHERE here.user_id = wanted
      AND here.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  ORDER BY lower(tenants.name), tenants.id
$$;

-- A further tenant of a person who is a member of the current one. Raises unique_violation for a slug that is taken.
CREATE FUNCTION auth_add_tenant(owner uuid, tenant_name text, slug text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH made AS (
    INSERT INTO tenants (name, slug) SELECT $2, $3 WHERE EXISTS (
      SELECT 1 FROM memberships here WHERE here.user_id = $1
        AND here.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    RETURNING id
  ), joined AS (
    INSERT INTO memberships (tenant_id, user_id, role) SELECT made.id, $1, 'owner' FROM made
  )
  SELECT id FROM made
$$;

-- Nobody is without a tenant: who was a member of this one only, gets one of their own. They could not log in else.
CREATE FUNCTION auth_leave(wanted uuid, slug text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here uuid := nullif(current_setting('app.tenant_id', true), '')::uuid; made uuid; called text;
BEGIN
  SELECT name INTO called FROM users WHERE id = wanted FOR UPDATE;
  DELETE FROM memberships WHERE tenant_id = here AND user_id = wanted;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE sessions SET ended_at = now() WHERE tenant_id = here AND user_id = wanted AND ended_at IS NULL;
  UPDATE refresh_tokens SET revoked_at = now()
  WHERE tenant_id = here AND user_id = wanted AND revoked_at IS NULL;
  IF NOT EXISTS (SELECT 1 FROM memberships WHERE user_id = wanted) THEN
    INSERT INTO tenants (name, slug) VALUES (left(called, 80) || '''s workspace', $2) RETURNING id INTO made;
    INSERT INTO memberships (tenant_id, user_id, role) VALUES (made, wanted, 'owner');
  END IF;
  RETURN true;
END $$;

-- An invitation, by its token's hash: whoever has the token got the mail.
CREATE FUNCTION auth_invitation(hash bytea)
RETURNS TABLE (id uuid, tenant_id uuid, tenant text, email text, role text, role_name text, inviter text,
               invited_by uuid, expires_at timestamptz, has_account boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT invitations.id, invitations.tenant_id, tenants.name, invitations.email, invitations.role, roles.name,
         users.name, invitations.invited_by, invitations.expires_at,
         EXISTS (SELECT 1 FROM users there WHERE there.email = invitations.email)
  FROM invitations JOIN tenants ON tenants.id = invitations.tenant_id JOIN users ON users.id = invitations.invited_by
  LEFT JOIN roles ON roles.id = invitations.role_id
  WHERE invitations.token_hash = hash
$$;

-- The account of a new person who was invited. Raises unique_violation for an address that has one.
CREATE FUNCTION auth_invited(hash bytea, name text, password_hash text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO users (email, name, password_hash)
  SELECT invitations.email, $2, $3 FROM invitations WHERE token_hash = $1 AND expires_at > now()
  RETURNING id
$$;

REVOKE ALL ON FUNCTION auth_tenants, auth_add_tenant, auth_leave, auth_invitation, auth_invited FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_tenants, auth_add_tenant, auth_leave, auth_invitation, auth_invited TO stepweave_app;
