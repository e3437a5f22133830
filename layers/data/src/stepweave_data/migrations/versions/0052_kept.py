"""What workflows keep by a name (values, files, tables, shared memories) belongs to a project; lists follow live."""

from pathlib import Path
from typing import Final

from alembic import op

revision = "0052"
down_revision = "0051"

_KEPT: Final = ("store_entries", "files", "file_links")
_BELONG: Final = """
ALTER TABLE {table} ADD COLUMN project_id uuid;
UPDATE {table} SET project_id = projects.id FROM projects
WHERE projects.tenant_id = {table}.tenant_id AND projects.is_default;
ALTER TABLE {table} ALTER COLUMN project_id SET NOT NULL,
  ADD CONSTRAINT {table}_project_id_fkey FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id);
CREATE TRIGGER in_project BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION in_some_project();
"""
_ANY: Final = "coalesce(current_setting('app.projects', true), '') = ''"
_IN: Final = "project_id = ANY (nullif(current_setting('app.projects', true), '')::uuid[])"
_POLICY: Final = "CREATE POLICY project ON {table} AS RESTRICTIVE TO stepweave_app USING ({any} OR {seen})"
_SEEN: Final = "EXISTS (SELECT 1 FROM workflows WHERE workflows.id = workflow_id)"
_TALKS: Final = {
    "memory_sessions": (
        f"CASE WHEN workflow_id IS NULL THEN {_IN} ELSE {_SEEN} END",
        "workflow_id IS NULL OR workflow_id IN (SELECT id FROM workflows)",
    ),
    "memory_messages": (
        "EXISTS (SELECT 1 FROM memory_sessions WHERE memory_sessions.id = session_id)",
        "session_id IN (SELECT id FROM memory_sessions)",
    ),
}
"""Looked up row by row: who reads one talk does not have all of them gone through."""


def upgrade() -> None:
    """Put all that is kept into each tenant's default project."""
    op.execute("ALTER TABLE store_entries DISABLE TRIGGER USER")  # what is held does not change
    op.execute("ALTER TABLE files DISABLE TRIGGER USER")
    for table in _KEPT:
        op.execute(_BELONG.format(table=table))
        op.execute(_POLICY.format(table=table, any=_ANY, seen=_IN))
    op.execute("ALTER TABLE store_entries ENABLE TRIGGER USER")
    op.execute("ALTER TABLE files ENABLE TRIGGER USER")
    op.execute(Path(__file__).with_name("0052_kept.sql").read_text(encoding="utf-8"))
    for table, (now, _) in _TALKS.items():
        _talks(table, now)


def _talks(table: str, seen: str) -> None:
    op.execute(f"DROP POLICY project ON {table}")
    op.execute(_POLICY.format(table=table, any=_ANY, seen=seen))


def downgrade() -> None:
    """Let all of it be the tenant's again. What has the same name in two projects must be renamed before."""
    op.execute(
        """
        DROP FUNCTION watch_reach(uuid);
        DROP FUNCTION kept_in(uuid, uuid);
        DROP FUNCTION linked_file(text);
        """
    )
    for table, (_, before) in _TALKS.items():
        _talks(table, before)
    op.execute(
        """
        ALTER TABLE memory_sessions DROP CONSTRAINT memory_sessions_place, DROP CONSTRAINT memory_sessions_project,
          ADD CONSTRAINT memory_sessions_tenant_id_workflow_id_shared_session_key
          UNIQUE NULLS NOT DISTINCT (tenant_id, workflow_id, shared, session);
        ALTER TABLE memory_sessions DROP COLUMN project_id;
        DROP INDEX store_tables_name;
        CREATE UNIQUE INDEX store_tables_name ON store_tables (tenant_id, lower(name));
        ALTER TABLE store_entries DROP CONSTRAINT store_entries_pkey, ADD PRIMARY KEY (tenant_id, store, key);
        ALTER TABLE files DROP CONSTRAINT files_pkey, ADD PRIMARY KEY (tenant_id, path);
        DROP INDEX file_links_by_path;
        CREATE INDEX file_links_by_path ON file_links (tenant_id, path);
        """
    )
    for table in _KEPT:
        op.execute(f"DROP POLICY project ON {table}")
        op.execute(f"DROP TRIGGER in_project ON {table}")
        op.execute(f"ALTER TABLE {table} DROP COLUMN project_id")
    op.execute(
        """
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
