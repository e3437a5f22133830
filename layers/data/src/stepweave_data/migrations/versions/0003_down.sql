CREATE OR REPLACE FUNCTION hook_targets(wanted_slug text, wanted_path text)
RETURNS TABLE (method text, target jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT webhooks.method, webhooks.target
  FROM webhooks JOIN tenants ON tenants.id = webhooks.tenant_id JOIN workflows ON workflows.id = webhooks.workflow_id
  WHERE tenants.slug = wanted_slug AND webhooks.path = wanted_path AND workflows.enabled AND workflows.deleted_at IS NULL
$$;
REVOKE UPDATE (name) ON users FROM stepweave_app;
REVOKE UPDATE (name) ON tenants FROM stepweave_app;
DROP INDEX workflows_by_name, workflows_by_age;
ALTER TABLE workflows DROP COLUMN folder_id, DROP COLUMN node_types, DROP COLUMN node_count;
DROP FUNCTION document_node_types(jsonb);
DROP TABLE workflow_tags, tags, folders;
