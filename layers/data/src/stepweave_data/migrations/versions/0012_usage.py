"""What node runs used: requests, bytes, tokens, money and units of nodes' own, added up over attempts."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the table, and have `record_events` add to it."""
    op.execute(
        """
        -- `kind` and `name` as `stepweave.model.usage.entries` gives them. Amounts are exact.
        CREATE TABLE node_usage (
          tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
          execution_id uuid NOT NULL REFERENCES executions ON DELETE CASCADE,
          node_id text NOT NULL,
          iteration text NOT NULL DEFAULT '',
          kind text NOT NULL,
          name text NOT NULL DEFAULT '',
          amount numeric NOT NULL CHECK (amount >= 0 AND amount < 'Infinity'),  -- where NaN is the largest of all
          PRIMARY KEY (execution_id, node_id, iteration, kind, name)
        );
        ALTER TABLE node_usage ENABLE ROW LEVEL SECURITY;
        ALTER TABLE node_usage FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON node_usage TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON node_usage TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON node_usage TO stepweave_app;
        """
    )
    op.execute(Path(__file__).with_name("0012_record.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it away."""
    record = Path(__file__).with_name("0007_record.sql").read_text(encoding="utf-8")
    op.execute(record.replace("CREATE FUNCTION record_events", "CREATE OR REPLACE FUNCTION record_events"))
    op.execute("DROP TABLE node_usage")
