DROP FUNCTION record_events(uuid, jsonb, text[]);

ALTER TABLE workflows DROP COLUMN node_types, DROP COLUMN node_count;
DROP FUNCTION document_node_types(json);
ALTER TABLE workflows ALTER COLUMN document TYPE jsonb USING document::text::jsonb;

CREATE FUNCTION document_node_types(document jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT node ->> 'type' ORDER BY node ->> 'type'), '{}')
  FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'nodes') WHEN 'array' THEN document -> 'nodes' ELSE '[]' END) AS node
  WHERE node ->> 'type' IS NOT NULL
$$;

ALTER TABLE workflows
  ADD COLUMN node_types text[] NOT NULL GENERATED ALWAYS AS (document_node_types(document)) STORED,
  ADD COLUMN node_count integer NOT NULL GENERATED ALWAYS AS (
    CASE jsonb_typeof(document -> 'nodes') WHEN 'array' THEN jsonb_array_length(document -> 'nodes') ELSE 0 END
  ) STORED;

ALTER TABLE workflow_versions ALTER COLUMN document TYPE jsonb USING document::text::jsonb;
ALTER TABLE executions
  ALTER COLUMN document TYPE jsonb USING document::text::jsonb,
  ALTER COLUMN response TYPE jsonb USING response::text::jsonb;
ALTER TABLE execution_events ALTER COLUMN data TYPE jsonb USING data::text::jsonb;
ALTER TABLE node_runs
  ALTER COLUMN input TYPE jsonb USING input::text::jsonb,
  ALTER COLUMN output TYPE jsonb USING output::text::jsonb;
ALTER TABLE waits
  ALTER COLUMN details DROP DEFAULT,
  ALTER COLUMN details TYPE jsonb USING details::text::jsonb,
  ALTER COLUMN details SET DEFAULT '{}';
ALTER TABLE approval_decisions
  ALTER COLUMN form DROP DEFAULT,
  ALTER COLUMN form TYPE jsonb USING form::text::jsonb,
  ALTER COLUMN form SET DEFAULT '{}';
