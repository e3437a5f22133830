"""Polling: who polls a registration, when one that failed is tried again; and listening once, for who tests."""

from typing import Final

from alembic import op

revision = "0011"
down_revision = "0010"

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION hook_registration(wanted_slug text, wanted_address text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object(
    'id', r.id, 'tenantId', r.tenant_id, 'workflowId', r.workflow_id, 'nodeId', r.node_id, 'type', r.type,
    'version', r.version, 'params', r.params, 'start', r.target, 'paused', NOT w.enabled,
    'joining', {joining}, 'testUntil', extract(epoch FROM r.test_until))
  FROM registrations r JOIN tenants t ON t.id = r.tenant_id JOIN workflows w ON w.id = r.workflow_id
  WHERE r.address = wanted_address AND t.slug = wanted_slug
    AND (r.status = 'joining' OR r.status = 'active' AND r.ciphertext IS NOT NULL)
    AND w.deleted_at IS NULL AND (r.test_until IS NULL OR r.test_until > now())
$$;
"""


def upgrade() -> None:
    """Add the columns, and let a test hear of events while it is `joining`, as which it stays for the sweeper."""
    op.execute(
        """
        ALTER TABLE registrations
          -- Who polls it now, and until when nobody else may.
          ADD COLUMN claim uuid,
          ADD COLUMN claimed_until timestamptz,
          -- How many polls failed in a row, and before when it is not tried again.
          ADD COLUMN failures integer NOT NULL DEFAULT 0,
          ADD COLUMN retry_at timestamptz;
        """
    )
    op.execute(_FUNCTION.format(joining="r.status = 'joining' AND r.test_until IS NULL"))


def downgrade() -> None:
    """Take them away."""
    op.execute(_FUNCTION.format(joining="r.status = 'joining'"))
    op.execute(
        """
        ALTER TABLE registrations
          DROP COLUMN claim, DROP COLUMN claimed_until, DROP COLUMN failures, DROP COLUMN retry_at;
        """
    )
