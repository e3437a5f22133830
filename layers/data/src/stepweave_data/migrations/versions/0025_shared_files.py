"""Links by which anybody gets a kept file, for a while."""

from typing import Final

from alembic import op

revision = "0025"
down_revision = "0024"

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
_TABLES: Final = "'store_entries', 'store_done', 'store_seen', 'memory_sessions', 'model_spending', 'files'"


def upgrade() -> None:
    """Add the table, what is asked by strangers, and have it swept."""
    op.execute(
        """
        -- A link to what a tenant keeps under a path; whoever has its token gets the file. Of the token there is the
        -- SHA-256 only.
        CREATE TABLE file_links (
          token_hash text COLLATE "C" PRIMARY KEY,
          tenant_id uuid NOT NULL REFERENCES tenants(id),
          path text COLLATE "C" NOT NULL,
          expires_at timestamptz NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX file_links_by_path ON file_links (tenant_id, path);
        CREATE INDEX file_links_expiring ON file_links (expires_at);
        ALTER TABLE file_links ENABLE ROW LEVEL SECURITY;
        ALTER TABLE file_links FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON file_links TO stepweave_app
          USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
        CREATE POLICY owner ON file_links TO CURRENT_USER USING (true);
        GRANT SELECT, INSERT, DELETE ON file_links TO stepweave_app;

        -- Who follows a link belongs to no tenant: the token is what they have.
        CREATE FUNCTION linked_file(hash text) RETURNS TABLE (path text, key text, size bigint, mime_type text)
        LANGUAGE sql SECURITY DEFINER STABLE SET search_path = public, pg_temp AS $$
          SELECT files.path, files.key, files.size, files.mime_type FROM file_links JOIN files USING (tenant_id, path)
          WHERE file_links.token_hash = hash AND file_links.expires_at > clock_timestamp()
            AND files.expires_at > clock_timestamp()
        $$;
        REVOKE ALL ON FUNCTION linked_file(text) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION linked_file(text) TO stepweave_app;
        """
    )
    op.execute(_SWEEP.format(tables=f"{_TABLES}, 'file_links'"))


def downgrade() -> None:
    """Take it away."""
    op.execute(_SWEEP.format(tables=_TABLES))
    op.execute("DROP FUNCTION linked_file(text)")
    op.execute("DROP TABLE file_links")
