-- Names of what is kept are unique in a project.
ALTER TABLE store_entries DROP CONSTRAINT store_entries_pkey, ADD PRIMARY KEY (tenant_id, project_id, store, key);
ALTER TABLE files DROP CONSTRAINT files_pkey, ADD PRIMARY KEY (tenant_id, project_id, path);
DROP INDEX file_links_by_path;
CREATE INDEX file_links_by_path ON file_links (tenant_id, project_id, path);
CREATE INDEX store_entries_project ON store_entries (project_id);
CREATE INDEX files_project ON files (project_id);
DROP INDEX store_tables_name;
CREATE UNIQUE INDEX store_tables_name ON store_tables (tenant_id, project_id, lower(name));

-- A memory that workflows share is a project's; a workflow's own goes where the workflow goes.
ALTER TABLE memory_sessions ADD COLUMN project_id uuid;
UPDATE memory_sessions m SET project_id = p.id FROM projects p
WHERE m.workflow_id IS NULL AND p.tenant_id = m.tenant_id AND p.is_default;
DO $$
DECLARE found text;
BEGIN
  SELECT conname INTO STRICT found FROM pg_constraint
  WHERE conrelid = 'memory_sessions'::regclass AND contype = 'u' AND array_length(conkey, 1) = 4;
  EXECUTE format('ALTER TABLE memory_sessions DROP CONSTRAINT %I', found);
END $$;
ALTER TABLE memory_sessions
  ADD CONSTRAINT memory_sessions_place
    UNIQUE NULLS NOT DISTINCT (tenant_id, session, shared, workflow_id, project_id),
  ADD CONSTRAINT memory_sessions_project CHECK ((workflow_id IS NULL) = (project_id IS NOT NULL)),
  ADD CONSTRAINT memory_sessions_project_id_fkey
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id);
CREATE INDEX memory_sessions_project_of ON memory_sessions (project_id) WHERE project_id IS NOT NULL;

DROP FUNCTION linked_file(text);
CREATE FUNCTION linked_file(hash text) RETURNS TABLE (path text, key text, size bigint, mime_type text)
LANGUAGE sql SECURITY DEFINER STABLE SET search_path = public, pg_temp AS $$
  SELECT files.path, files.key, files.size, files.mime_type
  FROM file_links JOIN files USING (tenant_id, project_id, path)
  WHERE file_links.token_hash = hash AND file_links.expires_at > clock_timestamp()
    AND files.expires_at > clock_timestamp()
$$;
REVOKE ALL ON FUNCTION linked_file(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION linked_file(text) TO stepweave_app;

-- Where a workflow keeps what it names: in its project (`own`), or for the whole tenant (`common`, the default one).
-- Without a workflow both are the default one; no row where it is not the tenant's.
CREATE FUNCTION kept_in(tenant uuid, workflow uuid) RETURNS TABLE (own uuid, common uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(w.project_id, p.id), p.id FROM projects p
  LEFT JOIN workflows w ON w.id = workflow AND w.tenant_id = p.tenant_id
  WHERE p.tenant_id = tenant AND p.is_default AND (workflow IS NULL OR w.id IS NOT NULL)
$$;

-- What a member of the session's tenant may watch executions of: all, or projects and workflows. No row: no member.
CREATE FUNCTION watch_reach(wanted uuid) RETURNS TABLE (everywhere boolean, projects uuid[], workflows uuid[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT me.reads AND (me.all_seen OR NOT EXISTS (SELECT 1 FROM projects p WHERE NOT p.is_default)),
    coalesce(array_agg(s.id) FILTER (WHERE s.kind = 'project'), '{}'),
    coalesce(array_agg(s.id) FILTER (WHERE s.kind = 'workflow'), '{}')
  FROM (
    SELECT m.role <> 'custom' OR coalesce('executions.read' = ANY (r.permissions), false) AS reads,
      m.role IN ('owner', 'admin') OR coalesce('projects.write' = ANY (r.permissions), false) AS all_seen
    FROM memberships m LEFT JOIN roles r ON r.id = m.role_id WHERE m.user_id = wanted) me
  LEFT JOIN LATERAL (
    SELECT o.kind, o.id FROM shares_of(wanted) o
    WHERE coalesce('executions.read' = ANY (o.permissions), o.role IS NOT NULL OR me.reads)) s ON true
  GROUP BY me.reads, me.all_seen
$$;
REVOKE ALL ON FUNCTION kept_in(uuid, uuid), watch_reach(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kept_in(uuid, uuid), watch_reach(uuid) TO stepweave_app;
