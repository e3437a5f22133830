"""APIs that a tenant knows by their OpenAPI documents."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the table."""
    op.execute(
        """
        -- An API. `document` is the text that was given, `operations` what was read out of it
        -- (`stepweave.spec.api_operations`), `problems` what was left out; `base_url` is what its paths follow.
        CREATE TABLE apis (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          name text NOT NULL,
          version text NOT NULL,
          words text NOT NULL,
          base_url text NOT NULL,
          servers jsonb NOT NULL,
          schemes jsonb NOT NULL,
          operations jsonb NOT NULL,
          problems jsonb NOT NULL,
          document text NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE UNIQUE INDEX apis_name ON apis (tenant_id, lower(name));
        ALTER TABLE apis ENABLE ROW LEVEL SECURITY;
        ALTER TABLE apis FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON apis TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON apis TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON apis TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP TABLE apis")
