DROP FUNCTION record_events(uuid, jsonb);
DROP FUNCTION execution_tenant(uuid);
DROP TABLE approval_decisions, waits;
ALTER TABLE executions DROP COLUMN parent_execution_id, DROP COLUMN parent_node_id, DROP COLUMN parent_iteration;
DELETE FROM node_runs r USING node_runs later
WHERE later.execution_id = r.execution_id AND later.node_id = r.node_id
  AND (later.started_at, later.iteration) > (r.started_at, r.iteration);
UPDATE node_runs SET status = 'running' WHERE status = 'waiting';
ALTER TABLE node_runs DROP CONSTRAINT node_runs_pkey, DROP CONSTRAINT node_runs_status_check, DROP COLUMN iteration;
ALTER TABLE node_runs ADD PRIMARY KEY (execution_id, node_id);
ALTER TABLE node_runs ADD CONSTRAINT node_runs_status_check CHECK (status IN ('running', 'retrying', 'succeeded', 'failed'));
