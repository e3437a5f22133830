"""Files that a tenant keeps under paths."""

from typing import Final

from alembic import op

revision = "0024"
down_revision = "0023"

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
_TABLES: Final = "'store_entries', 'store_done', 'store_seen', 'memory_sessions', 'model_spending'"


def upgrade() -> None:
    """Add the table, and have it swept."""
    op.execute(
        """
        -- A file under a path, whose bytes are the data bucket's object `key`. Past `expires_at`, when the bucket drops
        -- the object, it counts as absent.
        CREATE TABLE files (
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          path text COLLATE "C" NOT NULL,
          key text NOT NULL,
          size bigint NOT NULL,
          sha256 text NOT NULL,
          mime_type text NOT NULL,
          expires_at timestamptz NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, path)
        );
        CREATE INDEX files_expiring ON files (expires_at);
        ALTER TABLE files ENABLE ROW LEVEL SECURITY;
        ALTER TABLE files FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON files TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON files TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON files TO stepweave_app;
        """
    )
    op.execute(_SWEEP.format(tables=f"{_TABLES}, 'files'"))


def downgrade() -> None:
    """Take it away."""
    op.execute(_SWEEP.format(tables=_TABLES))
    op.execute("DROP TABLE files")
