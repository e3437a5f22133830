"""What nodes let through before: values by their digests, and the greatest so far."""

from typing import Final

from alembic import op

revision = "0016"
down_revision = "0015"

_SWEEP: Final = """
CREATE OR REPLACE FUNCTION sweep_store(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text; gone bigint; total bigint := 0;
BEGIN
  FOREACH name IN ARRAY ARRAY[{tables}]
  LOOP
    EXECUTE format(
      'DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED))',
      name, name) USING most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
  END LOOP;
  RETURN total;
END $$;
"""  # noqa: E501  # one literal


def upgrade() -> None:
    """Add the table, and have it swept."""
    op.execute(
        """
        CREATE TABLE store_seen (
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          scope text COLLATE "C" NOT NULL,
          digest bytea NOT NULL,
          -- The execution that it was let through in, the one that its work began with, and the node run.
          execution_id uuid NOT NULL,
          origin uuid NOT NULL,
          run text NOT NULL,
          greatest numeric,
          seen_at timestamptz NOT NULL DEFAULT now(),
          expires_at timestamptz NOT NULL,
          PRIMARY KEY (tenant_id, scope, digest)
        );
        CREATE INDEX store_seen_order ON store_seen (tenant_id, scope, seen_at);
        CREATE INDEX store_seen_expiring ON store_seen (expires_at);
        ALTER TABLE store_seen ENABLE ROW LEVEL SECURITY;
        ALTER TABLE store_seen FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON store_seen TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON store_seen TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON store_seen TO stepweave_app;
        """
    )
    op.execute(_SWEEP.format(tables="'store_entries', 'store_done', 'store_seen'"))


def downgrade() -> None:
    """Take it away."""
    op.execute(_SWEEP.format(tables="'store_entries', 'store_done'"))
    op.execute("DROP TABLE store_seen")
