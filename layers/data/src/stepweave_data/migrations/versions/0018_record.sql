-- Records batches of events of one tenant, in one call (docs/reference/contracts.md, "Events"). `batch`:
--   executions: [{id, workflowId, version, mode, trigger, startedAt, machineType, executionArn, parentExecutionId, parentNodeId,
--                parentIteration}]
--   started:    [{id, machineType, executionArn}], those of them whose start is told
--   events:     [{executionId, ord, id, type, at, nodeId}], ord being its place in this list, from 0
--   nodeRuns:   [{executionId, nodeId, iteration, attempt, status, startedAt, endedAt, durationMs, inputOf, resultOf}], the latter
--               two being the ord of the events whose data has the input, and the output or error
--   waits:      [{executionId, nodeId, iteration, attempt, kind, token, ord, at, expiresAt}]
--   answers:    [{executionId, ord}], events that carry a response node's answer
--   usage:      [{executionId, id, nodeId, iteration, kind, name, amount}], what an event (`id`) tells of, a row for each amount
--   ends:       [{executionId, ord, status, at}]
-- `documents` are JSON texts, kept as they are: the data of the events in their order, then the details of the waits, whose `ord`
-- goes on from the events'.
-- Numbers the events it did not know, from the execution's last number on, without gaps. A node run never moves back: attempt, then
-- how far the status is; only an end closes a run whatever its attempt, for a node's later phases count theirs anew. The first end
-- of an execution stays, and so does its first answer. What was used is added up, of each event once. A wait
-- is open until its node run or its execution ends.
-- Returns {"events": [{executionId, id, seq}] of all events, whether new or known, "executions": [...summaries], "abandoned": [ids of
-- those executions that have stopped waiting for a workflow without its answer, now or before]}.
--
-- Every statement finds its rows by an index. Postgres does not know that of tables that have just been made, or are empty: so it is
-- told not to read them whole, nor to plan again for each call.
CREATE OR REPLACE FUNCTION record_events(tenant uuid, batch jsonb, documents text[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  numbered jsonb;
  given integer;
  over boolean;
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
  SELECT coalesce(bool_or(locked.status NOT IN ('queued', 'running')), false) INTO over
  FROM (SELECT status FROM executions WHERE id = ANY (ids) ORDER BY id FOR UPDATE) locked;

  WITH incoming AS (
    SELECT DISTINCT ON (e."executionId", e.id) e.*
    FROM jsonb_to_recordset(batch->'events') AS e(
      "executionId" uuid, ord integer, id text, type text, at timestamptz, "nodeId" text)
    ORDER BY e."executionId", e.id, e.ord
  ), stored AS (
    INSERT INTO execution_events (tenant_id, execution_id, seq, id, type, node_id, at, data)
    SELECT tenant, i."executionId", x.last_seq + row_number() OVER (PARTITION BY i."executionId" ORDER BY i.ord),
           i.id, i.type, i."nodeId", i.at, documents[i.ord + 1]::json
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

  IF jsonb_array_length(batch->'usage') > 0 THEN
    INSERT INTO node_usage AS g (tenant_id, execution_id, node_id, iteration, kind, name, amount)
    SELECT tenant, u."executionId", u."nodeId", coalesce(u.iteration, ''), u.kind, u.name, sum(u.amount)
    FROM jsonb_to_recordset(batch->'usage') AS u(
      "executionId" uuid, id text, "nodeId" text, iteration text, kind text, name text, amount numeric)
    WHERE (u."executionId", u.id) IN (
      SELECT f."executionId", f.id FROM jsonb_to_recordset(numbered) AS f("executionId" uuid, id text))
    GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (execution_id, node_id, iteration, kind, name) DO UPDATE SET amount = g.amount + excluded.amount;
  END IF;

  IF jsonb_array_length(numbered) < given THEN
    -- Some came before. They are told again: whoever recorded them may have ended before telling anybody.
    SELECT coalesce(jsonb_agg(jsonb_build_object('executionId', k.execution_id, 'id', k.id, 'seq', k.seq)), '[]') INTO numbered
    FROM execution_events k
    WHERE (k.execution_id, k.id) IN (
      SELECT e."executionId", e.id FROM jsonb_to_recordset(batch->'events') AS e("executionId" uuid, id text));
  END IF;

  IF jsonb_array_length(batch->'started') > 0 THEN
    UPDATE executions SET execution_arn = coalesce(executions.execution_arn, x."executionArn"), machine_type = x."machineType"
    FROM jsonb_to_recordset(batch->'started') AS x(id uuid, "machineType" text, "executionArn" text)
    WHERE executions.id = x.id
      AND (executions.machine_type <> x."machineType" OR executions.execution_arn IS DISTINCT FROM x."executionArn");
  END IF;

  INSERT INTO node_runs AS r (tenant_id, execution_id, node_id, iteration, attempt, status, started_at, ended_at, duration_ms,
                              input, output, error)
  SELECT tenant, n."executionId", n."nodeId", coalesce(n.iteration, ''), n.attempt, n.status, n."startedAt", n."endedAt", n."durationMs",
         documents[n."inputOf" + 1]::json -> 'input', result.data -> 'output', (result.data -> 'error')::jsonb
  FROM jsonb_to_recordset(batch->'nodeRuns') AS n(
    "executionId" uuid, "nodeId" text, iteration text, attempt integer, status text, "startedAt" timestamptz, "endedAt" timestamptz,
    "durationMs" double precision, "inputOf" integer, "resultOf" integer)
  CROSS JOIN LATERAL (SELECT documents[n."resultOf" + 1]::json AS data) result
  WHERE EXISTS (SELECT 1 FROM executions WHERE executions.id = n."executionId")
  ON CONFLICT (execution_id, node_id, iteration) DO UPDATE SET
    attempt = greatest(r.attempt, excluded.attempt), status = excluded.status, ended_at = excluded.ended_at,
    started_at = least(r.started_at, excluded.started_at), duration_ms = excluded.duration_ms,
    input = coalesce(excluded.input, r.input), output = excluded.output, error = excluded.error
  WHERE excluded.attempt * 10 + CASE excluded.status WHEN 'running' THEN 1 WHEN 'waiting' THEN 2 WHEN 'retrying' THEN 3 ELSE 4 END
     >= r.attempt * 10 + CASE r.status WHEN 'running' THEN 1 WHEN 'waiting' THEN 2 WHEN 'retrying' THEN 3 ELSE 4 END
     OR excluded.status = 'succeeded' AND r.status IN ('running', 'waiting', 'retrying')
     OR excluded.status = 'failed' AND r.status = 'waiting';

  IF jsonb_array_length(batch->'waits') > 0 THEN
    INSERT INTO waits (tenant_id, execution_id, workflow_id, node_id, iteration, attempt, kind, token, details, created_at,
                       expires_at, state, resolved_at)
    SELECT tenant, x.id, x.workflow_id, w."nodeId", w.iteration, w.attempt, w.kind, w.token, documents[w.ord + 1]::json, w.at,
           w."expiresAt", CASE WHEN x.ended_at IS NULL THEN 'open' ELSE 'cancelled' END, x.ended_at
    FROM jsonb_to_recordset(batch->'waits') AS w(
      "executionId" uuid, "nodeId" text, iteration text, attempt integer, kind text, token text, ord integer, at timestamptz,
      "expiresAt" timestamptz)
    JOIN executions x ON x.id = w."executionId"
    ON CONFLICT (execution_id, node_id, iteration, attempt) DO NOTHING;
  END IF;

  IF EXISTS (SELECT 1 FROM waits WHERE execution_id = ANY (ids) AND state = 'open') THEN
    -- Whoever answers a token marks its wait; one whose step ended without that has had its time. A new attempt has its own token.
    UPDATE waits SET state = CASE WHEN r.status IN ('succeeded', 'failed') THEN 'expired' ELSE 'cancelled' END, resolved_at = now()
    FROM node_runs r
    WHERE waits.execution_id = ANY (ids) AND waits.state = 'open' AND r.execution_id = waits.execution_id
      AND r.node_id = waits.node_id AND r.iteration = waits.iteration
      AND (r.status IN ('succeeded', 'failed') OR r.attempt > waits.attempt);
  END IF;

  IF jsonb_array_length(batch->'answers') > 0 THEN
    UPDATE executions SET response = documents[a.ord + 1]::json -> 'response'
    FROM (
      SELECT DISTINCT ON (a."executionId") a.*
      FROM jsonb_to_recordset(batch->'answers') AS a("executionId" uuid, ord integer) ORDER BY a."executionId", a.ord
    ) a
    WHERE executions.id = a."executionId" AND executions.response IS NULL;
  END IF;

  IF jsonb_array_length(batch->'ends') > 0 THEN
    over := true;
    UPDATE executions
    SET status = e.status, ended_at = greatest(e.at, executions.started_at), error = (documents[e.ord + 1]::json -> 'error')::jsonb
    FROM (
      SELECT DISTINCT ON (e."executionId") e.*
      FROM jsonb_to_recordset(batch->'ends') AS e("executionId" uuid, ord integer, status text, at timestamptz)
      ORDER BY e."executionId", e.ord
    ) e
    WHERE executions.id = e."executionId" AND executions.status IN ('queued', 'running');
  END IF;

  IF over THEN
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
  END IF;

  RETURN jsonb_build_object('events', numbered, 'abandoned', (
    SELECT coalesce(jsonb_agg(DISTINCT execution_id), '[]') FROM waits
    WHERE execution_id = ANY (ids) AND kind = 'workflow' AND state IN ('cancelled', 'expired')
  ), 'executions', (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', id, 'workflowId', workflow_id, 'workflowVersion', workflow_version, 'mode', mode, 'trigger', trigger,
      'status', status, 'startedAt', started_at, 'endedAt', ended_at, 'error', error, 'lastSeq', last_seq,
      'durationMs', extract(epoch FROM ended_at - started_at) * 1000, 'machineType', machine_type)), '[]')
    FROM executions WHERE id = ANY (ids)));
END $$;
