"""Projects within a tenant: what belongs to one is seen by who is in it."""

from pathlib import Path
from typing import Final

from alembic import op

revision = "0042"
down_revision = "0041"

_OWNED: Final = ("workflows", "credentials", "folders", "apis", "store_tables")
"""What belongs to a project itself."""
_OF_WORKFLOWS: Final = (
    "workflow_versions", "compiled_machines", "executions", "webhooks", "schedules", "trigger_switches",
    "registrations", "workflow_tags", "waits", "chat_turns", "execution_turns",
)  # fmt: skip
"""What is a workflow's, by `workflow_id`."""
_OF_EXECUTIONS: Final = ("execution_events", "node_runs", "node_usage")
_OF_EXECUTION: Final = "EXISTS (SELECT 1 FROM executions WHERE executions.id = {table}.execution_id)"
_NAMES: Final = {
    "credentials": ("credentials_name", "(tenant_id, project_id, name)", "(tenant_id, name)"),
    "folders": (
        "folders_name",
        "(tenant_id, project_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), lower(name))",
        "(tenant_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), lower(name))",
    ),
    "apis": ("apis_name", "(tenant_id, project_id, lower(name))", "(tenant_id, lower(name))"),
}
"""Names that are unique in a project: who may not see another project learns nothing of what is in it."""
_BELONG: Final = """
ALTER TABLE {table} ADD COLUMN project_id uuid;
UPDATE {table} SET project_id = projects.id FROM projects
WHERE projects.tenant_id = {table}.tenant_id AND projects.is_default;
ALTER TABLE {table} ALTER COLUMN project_id SET NOT NULL,
  ADD CONSTRAINT {table}_project_id_fkey FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id);
CREATE INDEX {table}_project ON {table} (project_id);
CREATE TRIGGER in_project BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION in_some_project();
"""
_FORMER_KEYS: Final = """
DROP FUNCTION auth_api_key(bytea, inet);
CREATE FUNCTION auth_api_key(wanted bytea, place inet)
RETURNS TABLE (id uuid, tenant_id uuid, user_id uuid, role text, listed text[], permissions text[], kind text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found api_keys;
BEGIN
  SELECT * INTO found FROM api_keys one WHERE one.key_hash = wanted AND one.revoked_at IS NULL
    AND one.expires_at > now() AND (one.addresses = '{}' OR EXISTS (
      SELECT 1 FROM unnest(one.addresses) network WHERE place <<= network::inet));
  IF found.id IS NULL THEN RETURN; END IF;
  IF found.last_used_at IS NULL OR found.last_used_at < now() - interval '1 minute' THEN
    UPDATE api_keys one SET last_used_at = now(), last_address = coalesce(host(place), '')
    WHERE one.id = found.id;
  END IF;
  RETURN QUERY SELECT found.id, found.tenant_id, found.user_id, memberships.role, roles.permissions,
      found.permissions, users.kind
    FROM memberships JOIN users ON users.id = memberships.user_id
    LEFT JOIN roles ON roles.id = memberships.role_id AND roles.tenant_id = memberships.tenant_id
    WHERE memberships.tenant_id = found.tenant_id AND memberships.user_id = found.user_id;
END $$;
REVOKE ALL ON FUNCTION auth_api_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION auth_api_key TO stepweave_app;
"""
_ANY: Final = "coalesce(current_setting('app.projects', true), '') = ''"
"""The transaction is not narrowed to projects: the platform's own functions, and who sees all."""


def upgrade() -> None:
    """Add projects, put everything into each tenant's default one, and narrow what is seen."""
    op.execute(Path(__file__).with_name("0042_projects.sql").read_text(encoding="utf-8"))
    for table in _OWNED:
        op.execute(_BELONG.format(table=table))
        shared = " OR id = ANY (nullif(current_setting('app.workflows', true), '')::uuid[])"
        seen = "project_id = ANY (nullif(current_setting('app.projects', true), '')::uuid[])"
        _narrow(table, seen + (shared if table == "workflows" else ""))
    op.execute("ALTER TABLE credentials DROP CONSTRAINT credentials_tenant_id_name_key")
    for table, (name, now, _) in _NAMES.items():
        op.execute(f"DROP INDEX IF EXISTS {name}")
        op.execute(f"CREATE UNIQUE INDEX {name} ON {table} {now}")
    for table in _OF_WORKFLOWS:
        _narrow(table, "workflow_id IN (SELECT id FROM workflows)")
    for table in _OF_EXECUTIONS:
        _narrow(table, _OF_EXECUTION.format(table=table))
    _narrow("memory_sessions", "workflow_id IS NULL OR workflow_id IN (SELECT id FROM workflows)")
    _narrow("memory_messages", "session_id IN (SELECT id FROM memory_sessions)")
    _narrow("store_rows", "table_id IN (SELECT id FROM store_tables)")
    _narrow("projects", "id = ANY (nullif(current_setting('app.projects', true), '')::uuid[])")
    _narrow("workflow_shares", "workflow_id IN (SELECT id FROM workflows)")
    op.execute("ALTER TABLE api_keys ADD COLUMN project_ids uuid[]")
    op.execute(Path(__file__).with_name("0042_reaching.sql").read_text(encoding="utf-8"))


def _narrow(table: str, seen: str) -> None:
    op.execute(f"CREATE POLICY project ON {table} AS RESTRICTIVE TO stepweave_app USING ({_ANY} OR {seen})")


def downgrade() -> None:
    """Take projects away; all belongs to the tenant as a whole again. Two of one name must be renamed before."""
    op.execute(_FORMER_KEYS)
    op.execute("ALTER TABLE api_keys DROP COLUMN project_ids")
    op.execute("DROP TABLE workflow_shares")
    for table in (*_OF_WORKFLOWS, *_OF_EXECUTIONS, "memory_sessions", "memory_messages", "store_rows", *_OWNED):
        op.execute(f"DROP POLICY project ON {table}")
    for table, (name, _, before) in _NAMES.items():
        op.execute(f"DROP INDEX {name}")
        if table != "credentials":
            op.execute(f"CREATE UNIQUE INDEX {name} ON {table} {before}")
    op.execute("ALTER TABLE credentials ADD CONSTRAINT credentials_tenant_id_name_key UNIQUE (tenant_id, name)")
    for table in _OWNED:
        op.execute(f"DROP TRIGGER in_project ON {table}")
        op.execute(f"ALTER TABLE {table} DROP COLUMN project_id")
    op.execute(
        """
        DROP TRIGGER with_project ON tenants;
        DROP FUNCTION may_watch(uuid, text, uuid);
        DROP FUNCTION credentials_elsewhere(uuid[], uuid);
        DROP FUNCTION shares_of(uuid);
        DROP FUNCTION shares_in(uuid, uuid);
        DROP TABLE project_members;
        DROP TABLE projects;
        DROP FUNCTION in_some_project();
        DROP FUNCTION make_default_project();
        """
    )
