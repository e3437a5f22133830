-- A part of a tenant. `is_default`: the one that every member is in, by their role in the tenant.
CREATE TABLE projects (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX projects_name ON projects (tenant_id, lower(name));
CREATE UNIQUE INDEX projects_default ON projects (tenant_id) WHERE is_default;

-- Who is in a project, and what they may do there besides what their role in the tenant allows.
CREATE TABLE project_members (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  project_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('manager', 'editor', 'operator', 'viewer', 'custom')),
  role_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, user_id),
  CHECK ((role = 'custom') = (role_id IS NOT NULL)),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
);
CREATE INDEX project_members_user ON project_members (tenant_id, user_id);

-- A workflow that is shared with a person, or with all who are in another project.
CREATE TABLE workflow_shares (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  user_id uuid REFERENCES users ON DELETE CASCADE,
  project_id uuid,
  role text NOT NULL CHECK (role IN ('editor', 'operator', 'viewer', 'custom')),
  role_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((user_id IS NULL) <> (project_id IS NULL)),
  CHECK ((role = 'custom') = (role_id IS NOT NULL)),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id),
  CONSTRAINT workflow_shares_whom UNIQUE NULLS NOT DISTINCT (workflow_id, user_id, project_id)
);
CREATE INDEX workflow_shares_user ON workflow_shares (tenant_id, user_id);
CREATE INDEX workflow_shares_project ON workflow_shares (tenant_id, project_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['projects', 'project_members', 'workflow_shares'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;

INSERT INTO projects (tenant_id, name, is_default) SELECT id, 'Everyone', true FROM tenants;

CREATE FUNCTION make_default_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO projects (tenant_id, name, is_default) VALUES (NEW.id, 'Everyone', true);
  RETURN NULL;
END $$;
CREATE TRIGGER with_project AFTER INSERT ON tenants FOR EACH ROW EXECUTE FUNCTION make_default_project();

-- What is made without saying where is made in the tenant's default project.
CREATE FUNCTION in_some_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.project_id IS NULL THEN
    SELECT id INTO NEW.project_id FROM projects WHERE projects.tenant_id = NEW.tenant_id AND projects.is_default;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION in_some_project, make_default_project FROM PUBLIC;
