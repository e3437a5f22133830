"""Environments of a workspace: where versions of workflows are live, and with which credentials."""

from pathlib import Path
from typing import Final

from alembic import op

revision = "0050"
down_revision = "0049"

_FUNCTIONS: Final = """
CREATE OR REPLACE FUNCTION hook_targets(wanted_slug text, wanted_path text)
RETURNS TABLE (method text, target jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.method, CASE WHEN {hook_on} THEN h.target ELSE h.target || '{{"paused": true}}' END
  FROM webhooks h JOIN tenants t ON t.id = h.tenant_id JOIN workflows w ON w.id = h.workflow_id
  WHERE t.slug = wanted_slug AND h.path = wanted_path AND w.deleted_at IS NULL
$$;
CREATE OR REPLACE FUNCTION hook_patterns(wanted_slug text, wanted_count integer)
RETURNS TABLE (path text, method text, target jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH own AS (
    SELECT h.path, h.shape, h.method, h.shape LIKE '%:%' AS is_pattern,
           CASE WHEN {hook_on} THEN h.target ELSE h.target || '{{"paused": true}}' END AS target
    FROM webhooks h JOIN tenants t ON t.id = h.tenant_id JOIN workflows w ON w.id = h.workflow_id
    WHERE t.slug = wanted_slug AND w.deleted_at IS NULL
      AND cardinality(string_to_array(h.path, '/')) = wanted_count
  )
  SELECT path, method, target FROM own WHERE is_pattern
  UNION ALL
  SELECT DISTINCT l.path, '', NULL::jsonb FROM own l
  WHERE NOT l.is_pattern AND EXISTS (
    SELECT 1 FROM own p WHERE p.is_pattern
      AND l.path ~ ('^' || replace(replace(p.shape, '.', '\\.'), ':', '[^/]+') || '$'))
$$;
CREATE OR REPLACE FUNCTION hook_registration(wanted_slug text, wanted_address text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object(
    'id', r.id, 'tenantId', r.tenant_id, 'workflowId', r.workflow_id, 'nodeId', r.node_id, 'type', r.type,
    'version', r.version, 'params', r.params, 'start', r.target, 'paused', NOT ({registration_on}),
    'joining', r.status = 'joining' AND r.test_until IS NULL, 'testUntil', extract(epoch FROM r.test_until))
  FROM registrations r JOIN tenants t ON t.id = r.tenant_id JOIN workflows w ON w.id = r.workflow_id
  WHERE r.address = wanted_address AND t.slug = wanted_slug
    AND (r.status = 'joining' OR r.status = 'active' AND r.ciphertext IS NOT NULL)
    AND w.deleted_at IS NULL AND (r.test_until IS NULL OR r.test_until > now())
$$;
CREATE OR REPLACE FUNCTION catching_up(before timestamptz, most integer)
RETURNS TABLE (id uuid, tenant_id uuid, expression text, time_zone text, settled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id, s.tenant_id, s.expression, s.time_zone, s.settled_at
  FROM schedules s JOIN workflows w ON w.id = s.workflow_id {live}
  WHERE s.catch_up = 'once' AND s.enabled AND {schedule_on}
    AND w.deleted_at IS NULL AND s.settled_at < before
  ORDER BY s.settled_at LIMIT most
$$;
"""
_SWITCHED: Final = """NOT EXISTS (
    SELECT 1 FROM trigger_switches s WHERE s.workflow_id = {of}.workflow_id AND s.node_id = {of}.node_id)"""
_ELSEWHERE: Final = """EXISTS (SELECT 1 FROM live_versions l
    WHERE l.workflow_id = {of}.workflow_id AND l.environment = {of}.environment AND l.enabled)"""
_NOW: Final = {
    "hook_on": f"""CASE WHEN h.environment = 'production' THEN w.enabled AND {_SWITCHED.format(of="h")}
    ELSE {_ELSEWHERE.format(of="h")} END""",
    "registration_on": f"""CASE WHEN r.environment <> 'production' THEN {_ELSEWHERE.format(of="r")}
    ELSE w.enabled AND (r.test_until IS NOT NULL OR {_SWITCHED.format(of="r")}) END""",
    "live": "JOIN workflow_live l ON l.workflow_id = s.workflow_id AND l.environment = s.environment",
    "schedule_on": "l.enabled",
}
"""A single trigger is switched off in production; elsewhere all of a workflow is, or a schedule by its own row."""
_BEFORE: Final = {
    "hook_on": f"w.enabled AND {_SWITCHED.format(of='h')}",
    "registration_on": f"w.enabled AND (r.test_until IS NOT NULL OR {_SWITCHED.format(of='r')})",
    "live": "",
    "schedule_on": "w.enabled AND w.published_version IS NOT NULL",
}


_MACHINES: Final = """
-- What is live in an environment runs on its version's own machine: it is needed as the live one is.
DO $do$
DECLARE body text := pg_get_functiondef('collect_machines(integer, integer, integer)'::regprocedure);
        changed text := replace(body, {before}, {after});
BEGIN
  IF changed = body THEN RAISE EXCEPTION 'collect_machines is not as it was when this was written'; END IF;
  EXECUTE changed;
END $do$;
"""
_LIVE: Final = "'OR (d.place <= drafts AND'"
_LIVE_ANYWHERE: Final = """$$OR EXISTS (SELECT 1 FROM live_versions l
          JOIN workflow_versions lv ON lv.workflow_id = l.workflow_id AND lv.number = l.version
          WHERE l.workflow_id = b.workflow_id AND lv.compiled_hash = b.compiled_hash)
        OR (d.place <= drafts AND$$"""


def upgrade() -> None:
    """Add environments, and have what starts workflows look at them."""
    op.execute(Path(__file__).with_name("0050_environments.sql").read_text(encoding="utf-8"))
    op.execute(_FUNCTIONS.format(**_NOW))
    op.execute(_MACHINES.format(before=_LIVE, after=_LIVE_ANYWHERE))


def downgrade() -> None:
    """Take away what is not production's, and the rest is as it was."""
    op.execute(
        """
        DELETE FROM webhooks WHERE environment <> 'production';
        DELETE FROM schedules WHERE environment <> 'production';
        DELETE FROM registrations WHERE environment <> 'production';
        DELETE FROM variable_values WHERE environment <> 'production';
        """
    )
    op.execute(_FUNCTIONS.format(**_BEFORE))
    op.execute(_MACHINES.format(before=_LIVE_ANYWHERE, after=_LIVE))
    op.execute(
        """
        ALTER TABLE variable_values DROP CONSTRAINT variable_values_tenant_id_environment_fkey;
        DROP VIEW workflow_live;
        DROP INDEX registrations_active;
        ALTER TABLE webhooks DROP COLUMN environment;
        ALTER TABLE schedules DROP COLUMN environment;
        ALTER TABLE registrations DROP COLUMN environment;
        ALTER TABLE executions DROP COLUMN environment;
        CREATE UNIQUE INDEX registrations_active ON registrations (workflow_id, node_id)
          WHERE status = 'active' AND test_until IS NULL;
        DROP TABLE credential_mappings;
        DROP TABLE live_versions;
        DROP TRIGGER with_production ON tenants;
        DROP FUNCTION make_production();
        DROP TABLE environments;
        """
    )
