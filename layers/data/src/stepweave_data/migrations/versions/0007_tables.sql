DROP FUNCTION record_events(uuid, jsonb);

ALTER TABLE workflows DROP COLUMN node_types, DROP COLUMN node_count;
DROP FUNCTION document_node_types(jsonb);
ALTER TABLE workflows ALTER COLUMN document TYPE json USING document::text::json;

-- The node types of a document, each once, in order. Immutable: it depends on nothing but its argument.
CREATE FUNCTION document_node_types(document json) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT node ->> 'type' ORDER BY node ->> 'type'), '{}')
  FROM json_array_elements(CASE json_typeof(document -> 'nodes') WHEN 'array' THEN document -> 'nodes' ELSE '[]' END) AS node
  WHERE node ->> 'type' IS NOT NULL
$$;

ALTER TABLE workflows
  ADD COLUMN node_types text[] NOT NULL GENERATED ALWAYS AS (document_node_types(document)) STORED,
  ADD COLUMN node_count integer NOT NULL GENERATED ALWAYS AS (
    CASE json_typeof(document -> 'nodes') WHEN 'array' THEN json_array_length(document -> 'nodes') ELSE 0 END
  ) STORED;

ALTER TABLE workflow_versions ALTER COLUMN document TYPE json USING document::text::json;
ALTER TABLE executions
  ALTER COLUMN document TYPE json USING document::text::json,
  ALTER COLUMN response TYPE json USING response::text::json;
ALTER TABLE execution_events ALTER COLUMN data TYPE json USING data::text::json;
ALTER TABLE node_runs
  ALTER COLUMN input TYPE json USING input::text::json,
  ALTER COLUMN output TYPE json USING output::text::json;
ALTER TABLE waits
  ALTER COLUMN details DROP DEFAULT,
  ALTER COLUMN details TYPE json USING details::text::json,
  ALTER COLUMN details SET DEFAULT '{}';
ALTER TABLE approval_decisions
  ALTER COLUMN form DROP DEFAULT,
  ALTER COLUMN form TYPE json USING form::text::json,
  ALTER COLUMN form SET DEFAULT '{}';
