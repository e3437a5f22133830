"""Variables of a workspace, with a value for each environment."""

from alembic import op

revision = "0049"
down_revision = "0048"

_UP = """
CREATE TABLE variables (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,63}$'),
  kind text NOT NULL CHECK (kind IN ('text', 'number', 'boolean', 'json')),
  description text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX variables_name ON variables (tenant_id, lower(name));
CREATE TABLE variable_values (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  variable_id uuid NOT NULL,
  environment text NOT NULL DEFAULT 'production',
  value json NOT NULL,
  PRIMARY KEY (variable_id, environment),
  FOREIGN KEY (tenant_id, variable_id) REFERENCES variables (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX variable_values_tenant ON variable_values (tenant_id, environment);
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['variables', 'variable_values'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app '
      'USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;
"""


def upgrade() -> None:
    """Add both tables."""
    op.execute(_UP)


def downgrade() -> None:
    """Take them away, with what is in them."""
    op.execute("DROP TABLE variable_values; DROP TABLE variables;")
