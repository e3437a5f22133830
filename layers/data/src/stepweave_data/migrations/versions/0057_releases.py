"""Environments in which a second person approves what goes live, what is asked for, and what was live once."""

from alembic import op

revision = "0057"
down_revision = "0056"

_UP = """
ALTER TABLE environments ADD COLUMN needs_approval boolean NOT NULL DEFAULT false;

CREATE TABLE releases (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  version integer NOT NULL,
  environment text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'rejected', 'cancelled')),
  note text NOT NULL DEFAULT '',
  asked_by uuid NOT NULL,
  asked_through uuid,
  asked_at timestamptz NOT NULL DEFAULT now(),
  decided_by uuid,
  decided_at timestamptz,
  comment text NOT NULL DEFAULT '',
  CHECK ((state = 'waiting') = (decided_at IS NULL)),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX releases_waiting ON releases (workflow_id, environment) WHERE state = 'waiting';
CREATE INDEX releases_list ON releases (tenant_id, asked_at DESC, id DESC);
CREATE INDEX releases_of_workflow ON releases (workflow_id, version);

-- Which versions were live somewhere: those may be gone back to at once. What is live is among them.
CREATE TABLE was_live (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  environment text NOT NULL,
  version integer NOT NULL,
  first_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workflow_id, environment, version),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, environment) REFERENCES environments (tenant_id, key) ON DELETE CASCADE
);
CREATE INDEX was_live_environment ON was_live (tenant_id, environment);
INSERT INTO was_live (tenant_id, workflow_id, environment, version)
  SELECT tenant_id, workflow_id, environment, version FROM workflow_live;
-- Where there is production only, each version was live there.
INSERT INTO was_live (tenant_id, workflow_id, environment, version)
  SELECT v.tenant_id, v.workflow_id, 'production', v.number FROM workflow_versions v
  WHERE NOT EXISTS (SELECT 1 FROM environments e WHERE e.tenant_id = v.tenant_id AND e.key <> 'production')
  ON CONFLICT DO NOTHING;
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['releases', 'was_live'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app '
      'USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format(
      'CREATE POLICY project ON %I AS RESTRICTIVE TO stepweave_app USING ('
      'coalesce(current_setting(''app.projects'', true), '''') = '''' OR workflow_id IN (SELECT id FROM workflows))',
      name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;
"""


def upgrade() -> None:
    """Add the setting and both tables."""
    op.execute(_UP)


def downgrade() -> None:
    """Take them away; versions that were asked for stay."""
    op.execute("DROP TABLE was_live; DROP TABLE releases; ALTER TABLE environments DROP COLUMN needs_approval;")
