"""Readings of credentials are written down by themselves, and get into the audit together, a minute later at most.

An entry of the audit is chained to the one before it: who writes one waits for all who do in the same workspace. A run
that opens credentials in many nodes at once must not.
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_UP = """
CREATE TABLE credential_reads (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  credential_id uuid NOT NULL,
  details jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX credential_reads_by_tenant ON credential_reads (tenant_id);
ALTER TABLE credential_reads ENABLE ROW LEVEL SECURITY;
ALTER TABLE credential_reads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON credential_reads TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON credential_reads TO CURRENT_USER USING (true);
GRANT SELECT, INSERT (tenant_id, credential_id, details) ON credential_reads TO stepweave_app;

-- Move readings into the audit: of the session's workspace, or of all. One entry for each credential and who read it.
CREATE FUNCTION fold_reads(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  tenant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  moved bigint;
BEGIN
  WITH taken AS (
    DELETE FROM credential_reads WHERE id IN (
      SELECT id FROM credential_reads WHERE tenant IS NULL OR tenant_id = tenant
      ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING *
  ), written AS (
    INSERT INTO audit (tenant_id, action, subject, details, actor_kind)
    SELECT tenant_id, 'credential.read', credential_id::text, details || jsonb_build_object(
      'times', count(*), 'first', min(at), 'last', max(at)), 'system'
    FROM taken GROUP BY tenant_id, credential_id, details ORDER BY tenant_id, min(at)
  )
  SELECT count(*) INTO moved FROM taken;
  RETURN moved;
END $$;
REVOKE ALL ON FUNCTION fold_reads(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fold_reads(integer) TO stepweave_app;
"""
_DOWN = """
SELECT fold_reads(2147483647);
DROP FUNCTION fold_reads(integer);
DROP TABLE credential_reads;
"""


def upgrade() -> None:
    """Add the table, and what empties it."""
    op.execute(_UP)


def downgrade() -> None:
    """Put what is there into the audit, and take both away."""
    op.execute(_DOWN)
