"""Templates of a tenant's own, with versions: seen by who sees their project."""

from alembic import op

revision = "0056"
down_revision = "0055"

_UP = """
CREATE TABLE templates (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  project_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  summary text NOT NULL DEFAULT '',
  uses text[] NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  created_by uuid REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX templates_name ON templates (tenant_id, project_id, lower(name));
CREATE INDEX templates_project ON templates (project_id);
CREATE TABLE template_versions (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  template_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  content json NOT NULL,
  note text NOT NULL DEFAULT '',
  created_by uuid REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (template_id, number),
  FOREIGN KEY (tenant_id, template_id) REFERENCES templates (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX template_versions_tenant ON template_versions (tenant_id, template_id);
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['templates', 'template_versions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app '
      'USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;
CREATE POLICY project ON templates AS RESTRICTIVE TO stepweave_app
  USING (coalesce(current_setting('app.projects', true), '') = ''
    OR project_id = ANY (nullif(current_setting('app.projects', true), '')::uuid[]));
CREATE POLICY project ON template_versions AS RESTRICTIVE TO stepweave_app
  USING (coalesce(current_setting('app.projects', true), '') = '' OR template_id IN (SELECT id FROM templates));
"""


def upgrade() -> None:
    """Add both tables."""
    op.execute(_UP)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP TABLE template_versions; DROP TABLE templates;")
