"""What models cost a tenant, where that is not what the lists say."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the table."""
    op.execute(
        """
        -- The price of a model of a provider (a credential type). `rates` has decimal texts: input, cached, output and
        -- audio for a million tokens, minute for a minute of audio, in US dollars.
        CREATE TABLE model_prices (
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          provider text COLLATE "C" NOT NULL,
          model text COLLATE "C" NOT NULL,
          rates jsonb NOT NULL,
          updated_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, provider, model)
        );
        ALTER TABLE model_prices ENABLE ROW LEVEL SECURITY;
        ALTER TABLE model_prices FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON model_prices TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON model_prices TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON model_prices TO stepweave_app;
        """
    )


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP TABLE model_prices")
