-- Records batches of events of one tenant, in one call (docs/reference/contracts.md, "Events"). `batch`:
--   executions: [{id, workflowId, version, mode, trigger, startedAt, machineType, executionArn, parentExecutionId, parentNodeId,
--                parentIteration}]
--   events:     [{executionId, ord, id, type, at, nodeId, data}], ord being its place in this list, from 0
--   nodeRuns:   [{executionId, nodeId, iteration, attempt, status, startedAt, endedAt, durationMs, inputOf, resultOf}], the latter
--               two being the ord of the events whose data has the input, and the output or error
--   waits:      [{executionId, nodeId, iteration, attempt, kind, token, details, at, expiresAt, childExecutionId}]
--   answers:    [{executionId, ord}], events that carry a response node's answer
--   ends:       [{executionId, ord, status, at}]
-- Numbers the events it did not know, from the execution's last number on, without gaps. A node run never moves back: attempt, then
-- how far the status is; only an end closes a run whatever its attempt, for a node's later phases count theirs anew. The first end
-- of an execution stays, and so does its first answer. A wait is open until its node run or its execution ends.
-- Returns {"events": [{executionId, id, seq}] of all events, whether new or known, "executions": [...summaries]}.
CREATE FUNCTION record_events(tenant uuid, batch jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $$
DECLARE
  numbered jsonb;
  given integer;
  ended uuid[];
  ids uuid[] := ARRAY(SELECT DISTINCT (x->>'id')::uuid FROM jsonb_array_elements(batch->'executions') x);
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, true);

  INSERT INTO executions (id, tenant_id, workflow_id, workflow_version, mode, trigger, status, machine_type,
                          execution_arn, started_at, parent_execution_id, parent_node_id, parent_iteration)
  SELECT x.id, tenant, x."workflowId", x.version, x.mode, x.trigger, 'running', coalesce(x."machineType", 'standard'),
         x."executionArn", x."startedAt", x."parentExecutionId", x."parentNodeId", x."parentIteration"
  FROM jsonb_to_recordset(batch->'executions') AS x(
    id uuid, "workflowId" uuid, version integer, mode text, trigger text, "startedAt" timestamptz, "machineType" text,
    "executionArn" text, "parentExecutionId" uuid, "parentNodeId" text, "parentIteration" text)
  WHERE EXISTS (SELECT 1 FROM workflows WHERE workflows.id = x."workflowId")
  ORDER BY x.id
  ON CONFLICT (id) DO NOTHING;

  -- From here on nobody else numbers these executions' events; what another recorder committed is seen below.
  PERFORM 1 FROM executions WHERE id = ANY (ids) ORDER BY id FOR UPDATE;

  WITH incoming AS (
    SELECT DISTINCT ON (e."executionId", e.id) e.*
    FROM jsonb_to_recordset(batch->'events') AS e(
      "executionId" uuid, ord integer, id text, type text, at timestamptz, "nodeId" text, data jsonb)
    ORDER BY e."executionId", e.id, e.ord
  ), stored AS (
    INSERT INTO execution_events (tenant_id, execution_id, seq, id, type, node_id, at, data)
    SELECT tenant, i."executionId", x.last_seq + row_number() OVER (PARTITION BY i."executionId" ORDER BY i.ord),
           i.id, i.type, i."nodeId", i.at, i.data
    FROM incoming i JOIN executions x ON x.id = i."executionId"
    WHERE NOT EXISTS (SELECT 1 FROM execution_events k WHERE k.execution_id = i."executionId" AND k.id = i.id)
    RETURNING execution_id, id, seq
  ), counted AS (
    UPDATE executions SET last_seq = last_seq + n.new, status = CASE status WHEN 'queued' THEN 'running' ELSE status END
    FROM (SELECT execution_id, count(*) AS new FROM stored GROUP BY 1) n WHERE executions.id = n.execution_id
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object('executionId', execution_id, 'id', id, 'seq', seq)), '[]'),
         (SELECT count(*) FROM incoming)
  INTO numbered, given FROM stored;

  IF jsonb_array_length(numbered) < given THEN
    -- Some came before. They are told again: whoever recorded them may have ended before telling anybody.
    SELECT coalesce(jsonb_agg(jsonb_build_object('executionId', k.execution_id, 'id', k.id, 'seq', k.seq)), '[]') INTO numbered
    FROM execution_events k
    WHERE (k.execution_id, k.id) IN (
      SELECT e."executionId", e.id FROM jsonb_to_recordset(batch->'events') AS e("executionId" uuid, id text));
  END IF;

  UPDATE executions SET execution_arn = coalesce(executions.execution_arn, x."executionArn"), machine_type = x."machineType"
  FROM jsonb_to_recordset(batch->'executions') AS x(id uuid, "machineType" text, "executionArn" text)
  WHERE executions.id = x.id AND x."machineType" IS NOT NULL
    AND (executions.machine_type <> x."machineType" OR executions.execution_arn IS DISTINCT FROM x."executionArn");

  INSERT INTO node_runs AS r (tenant_id, execution_id, node_id, iteration, attempt, status, started_at, ended_at, duration_ms,
                              input, output, error)
  SELECT tenant, n."executionId", n."nodeId", coalesce(n.iteration, ''), n.attempt, n.status, n."startedAt", n."endedAt", n."durationMs",
         batch #> ARRAY['events', n."inputOf"::text, 'data', 'input'],
         batch #> ARRAY['events', n."resultOf"::text, 'data', 'output'],
         batch #> ARRAY['events', n."resultOf"::text, 'data', 'error']
  FROM jsonb_to_recordset(batch->'nodeRuns') AS n(
    "executionId" uuid, "nodeId" text, iteration text, attempt integer, status text, "startedAt" timestamptz, "endedAt" timestamptz,
    "durationMs" double precision, "inputOf" integer, "resultOf" integer)
  WHERE EXISTS (SELECT 1 FROM executions WHERE executions.id = n."executionId")
  ON CONFLICT (execution_id, node_id, iteration) DO UPDATE SET
    attempt = greatest(r.attempt, excluded.attempt), status = excluded.status, ended_at = excluded.ended_at,
    started_at = least(r.started_at, excluded.started_at), duration_ms = excluded.duration_ms,
    input = coalesce(excluded.input, r.input), output = excluded.output, error = excluded.error
  WHERE excluded.attempt * 10 + CASE excluded.status WHEN 'running' THEN 1 WHEN 'waiting' THEN 2 WHEN 'retrying' THEN 3 ELSE 4 END
     >= r.attempt * 10 + CASE r.status WHEN 'running' THEN 1 WHEN 'waiting' THEN 2 WHEN 'retrying' THEN 3 ELSE 4 END
     OR excluded.status = 'succeeded' AND r.status IN ('running', 'waiting', 'retrying')
     OR excluded.status = 'failed' AND r.status = 'waiting';

  INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, iteration, attempt, kind, token, details, created_at,
                     expires_at, child_execution_id, state, resolved_at)
  SELECT tenant, x.id, x.workflow_id, w."nodeId", w.iteration, w.attempt, w.kind, w.token, w.details, w.at, w."expiresAt",
         w."childExecutionId", CASE WHEN x.ended_at IS NULL THEN 'open' ELSE 'cancelled' END, x.ended_at
  FROM jsonb_to_recordset(batch->'waits') AS w(
    "executionId" uuid, "nodeId" text, iteration text, attempt integer, kind text, token text, details jsonb, at timestamptz,
    "expiresAt" timestamptz, "childExecutionId" uuid)
  JOIN executions x ON x.id = w."executionId"
  ON CONFLICT (execution_id, node_id, iteration, attempt) DO NOTHING;

  -- Whoever answers a token marks its wait; one whose step ended without that has had its time. A new attempt has a token of its own.
  UPDATE waits SET state = CASE WHEN r.status IN ('succeeded', 'failed') THEN 'expired' ELSE 'cancelled' END, resolved_at = now()
  FROM node_runs r
  WHERE waits.execution_id = ANY (ids) AND waits.state = 'open' AND r.execution_id = waits.execution_id
    AND r.node_id = waits.node_id AND r.iteration = waits.iteration
    AND (r.status IN ('succeeded', 'failed') OR r.attempt > waits.attempt);

  UPDATE executions SET response = batch #> ARRAY['events', a.ord::text, 'data', 'response']
  FROM (
    SELECT DISTINCT ON (a."executionId") a.*
    FROM jsonb_to_recordset(batch->'answers') AS a("executionId" uuid, ord integer) ORDER BY a."executionId", a.ord
  ) a
  WHERE executions.id = a."executionId" AND executions.response IS NULL;

  WITH ends AS (
    SELECT DISTINCT ON (e."executionId") e.*
    FROM jsonb_to_recordset(batch->'ends') AS e("executionId" uuid, ord integer, status text, at timestamptz)
    ORDER BY e."executionId", e.ord
  ), closed AS (
    UPDATE executions
    SET status = e.status, ended_at = greatest(e.at, executions.started_at), error = batch #> ARRAY['events', e.ord::text, 'data', 'error']
    FROM ends e WHERE executions.id = e."executionId" AND executions.status IN ('queued', 'running')
    RETURNING executions.id
  )
  SELECT array_agg(id) INTO ended FROM closed;

  UPDATE waits SET state = 'cancelled', resolved_at = x.ended_at
  FROM executions x
  WHERE x.id = ANY (ids) AND x.status NOT IN ('queued', 'running') AND waits.execution_id = x.id AND waits.state = 'open';

  -- A step whose own end nobody told (its function was ended from outside) ends with its execution. A step that tells of its start
  -- after the execution's end has been told ends at once.
  UPDATE node_runs SET status = 'failed', ended_at = x.ended_at,
         error = coalesce(x.error, '{"type": "NeverReported", "message": "The step''s end was never reported."}')
  FROM executions x
  WHERE x.id = ANY (ids) AND x.status NOT IN ('queued', 'running')
    AND node_runs.execution_id = x.id AND node_runs.status IN ('running', 'retrying', 'waiting');

  RETURN jsonb_build_object('events', numbered, 'executions', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', id, 'workflowId', workflow_id, 'workflowVersion', workflow_version, 'mode', mode, 'trigger', trigger,
      'status', status, 'startedAt', started_at, 'endedAt', ended_at, 'error', error, 'lastSeq', last_seq,
      'durationMs', extract(epoch FROM ended_at - started_at) * 1000, 'machineType', machine_type)), '[]')
    FROM executions WHERE id = ANY (ids)));
END $$;

GRANT EXECUTE ON FUNCTION record_events TO stepweave_app;
REVOKE EXECUTE ON FUNCTION record_events FROM PUBLIC;
