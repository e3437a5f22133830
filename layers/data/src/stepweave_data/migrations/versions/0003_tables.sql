-- Folders of workflows. They nest; a tenant's own only, which the composite keys hold them to.
CREATE TABLE folders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  parent_id uuid,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES folders (tenant_id, id)
);
CREATE UNIQUE INDEX folders_name ON folders
  (tenant_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), lower(name));
CREATE INDEX folders_parent ON folders (parent_id);

-- Tags. `color` names one of the app's own colours.
CREATE TABLE tags (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL,
  color text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX tags_name ON tags (tenant_id, lower(name));

CREATE TABLE workflow_tags (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL REFERENCES workflows ON DELETE CASCADE,
  tag_id uuid NOT NULL,
  PRIMARY KEY (workflow_id, tag_id),
  FOREIGN KEY (tenant_id, tag_id) REFERENCES tags (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX workflow_tags_tag ON workflow_tags (tag_id);

-- The node types of a document, each once, in order. Immutable: it depends on nothing but its argument.
CREATE FUNCTION document_node_types(document jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT node ->> 'type' ORDER BY node ->> 'type'), '{}')
  FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'nodes') WHEN 'array' THEN document -> 'nodes' ELSE '[]' END) AS node
  WHERE node ->> 'type' IS NOT NULL
$$;

ALTER TABLE workflows
  ADD COLUMN folder_id uuid,
  ADD COLUMN node_types text[] NOT NULL GENERATED ALWAYS AS (document_node_types(document)) STORED,
  ADD COLUMN node_count integer NOT NULL GENERATED ALWAYS AS (
    CASE jsonb_typeof(document -> 'nodes') WHEN 'array' THEN jsonb_array_length(document -> 'nodes') ELSE 0 END
  ) STORED,
  ADD FOREIGN KEY (tenant_id, folder_id) REFERENCES folders (tenant_id, id);
CREATE INDEX workflows_by_name ON workflows (tenant_id, lower(name), id) WHERE deleted_at IS NULL;
CREATE INDEX workflows_by_age ON workflows (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX workflows_folder ON workflows (folder_id) WHERE folder_id IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['folders', 'tags', 'workflow_tags'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO stepweave_app', name);
  END LOOP;
END $$;

GRANT UPDATE (name) ON users TO stepweave_app;
GRANT UPDATE (name) ON tenants TO stepweave_app;

-- A webhook's request: all methods of a path of a tenant. `paused`: the workflow is switched off, and its callers are told so.
CREATE OR REPLACE FUNCTION hook_targets(wanted_slug text, wanted_path text)
RETURNS TABLE (method text, target jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT webhooks.method,
         CASE WHEN workflows.enabled THEN webhooks.target ELSE webhooks.target || '{"paused": true}' END
  FROM webhooks JOIN tenants ON tenants.id = webhooks.tenant_id JOIN workflows ON workflows.id = webhooks.workflow_id
  WHERE tenants.slug = wanted_slug AND webhooks.path = wanted_path AND workflows.deleted_at IS NULL
$$;
