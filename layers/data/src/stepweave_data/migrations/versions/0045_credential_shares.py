"""Credentials that other projects of the tenant use, when they end, and which stores their fields refer to."""

from alembic import op

revision = "0045"
down_revision = "0044"

_UP = """
ALTER TABLE credentials ADD CONSTRAINT credentials_of_tenant UNIQUE (tenant_id, id);

-- A credential that the workflows of another project may use: they open it, and see nothing of it.
CREATE TABLE credential_shares (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  credential_id uuid NOT NULL,
  project_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (credential_id, project_id),
  FOREIGN KEY (tenant_id, credential_id) REFERENCES credentials (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX credential_shares_project ON credential_shares (tenant_id, project_id);
ALTER TABLE credential_shares ENABLE ROW LEVEL SECURITY;
ALTER TABLE credential_shares FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON credential_shares TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY project ON credential_shares AS RESTRICTIVE TO stepweave_app
  USING (coalesce(current_setting('app.projects', true), '') = '' OR credential_id IN (SELECT id FROM credentials));
CREATE POLICY owner ON credential_shares TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON credential_shares TO stepweave_app;

ALTER TABLE credentials
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN ends_at timestamptz,
  ADD COLUMN rotated_at timestamptz,
  ADD COLUMN stores uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX credentials_stores ON credentials USING gin (stores) WHERE stores <> '{}';

CREATE OR REPLACE FUNCTION credentials_elsewhere(ids uuid[], project uuid) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM credentials c WHERE c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    AND c.id = ANY (ids) AND c.project_id <> project AND NOT EXISTS (
      SELECT FROM credential_shares s WHERE s.credential_id = c.id AND s.project_id = project)
$$;

-- What is shared with the projects that the transaction reaches, of projects that it does not reach: nothing that tells
-- where it leads, and no data.
CREATE FUNCTION credentials_lent() RETURNS TABLE (id uuid, project_id uuid, name text, type text, connection text,
  created_at timestamptz, updated_at timestamptz, expires_at timestamptz, ends_at timestamptz, rotated_at timestamptz,
  shared_with uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id, c.project_id, c.name, c.type, c.connection, c.created_at, c.updated_at, c.expires_at, c.ends_at,
    c.rotated_at, array_agg(s.project_id)
  FROM (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid AS tenant,
          nullif(current_setting('app.projects', true), '')::uuid[] AS projects) me
  JOIN credential_shares s ON s.tenant_id = me.tenant AND s.project_id = ANY (me.projects)
  JOIN credentials c ON c.id = s.credential_id AND NOT c.project_id = ANY (me.projects)
  GROUP BY c.id
$$;

-- In how many workflows of each project a credential is named by what runs, or would run next, whoever asks.
CREATE FUNCTION credential_used(wanted uuid) RETURNS TABLE (project_id uuid, workflows bigint, live bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.project_id, count(*), count(*) FILTER (WHERE v.id IS NOT NULL AND w.enabled)
  FROM workflows w LEFT JOIN workflow_versions v
    ON v.workflow_id = w.id AND v.number = w.published_version AND v.names @> ARRAY[wanted]
  WHERE w.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND w.deleted_at IS NULL
    AND (w.names @> ARRAY[wanted] OR v.id IS NOT NULL)
  GROUP BY w.project_id
$$;
REVOKE ALL ON FUNCTION credentials_lent, credential_used FROM PUBLIC;
GRANT EXECUTE ON FUNCTION credentials_lent, credential_used TO stepweave_app;
"""
_DOWN = """
DROP FUNCTION credential_used(uuid);
DROP FUNCTION credentials_lent();
CREATE OR REPLACE FUNCTION credentials_elsewhere(ids uuid[], project uuid) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM credentials c WHERE c.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    AND c.id = ANY (ids) AND c.project_id <> project
$$;
ALTER TABLE credentials DROP COLUMN expires_at, DROP COLUMN ends_at, DROP COLUMN rotated_at, DROP COLUMN stores;
DROP TABLE credential_shares;
ALTER TABLE credentials DROP CONSTRAINT credentials_of_tenant;
"""


def upgrade() -> None:
    """Add the shares, and what is asked for them."""
    op.execute(_UP)


def downgrade() -> None:
    """Take both away: what other projects use, they use no more."""
    op.execute(_DOWN)
