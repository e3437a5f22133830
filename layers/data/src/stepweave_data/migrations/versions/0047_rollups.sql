-- Which executions have ended, or were told of after their end, and are to be counted (again). Rows are only added and
-- taken: whoever records never waits for whoever counts. `failed` says why one could not be.
CREATE TABLE rollup_queue (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  execution_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  failed text
);
CREATE INDEX rollup_queue_of_tenant ON rollup_queue (tenant_id, at) WHERE failed IS NULL;

-- What each execution was counted as: what is taken off again when it changes.
CREATE TABLE rolled_executions (
  execution_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  at timestamptz NOT NULL,
  group_id uuid,
  cells jsonb NOT NULL,
  FOREIGN KEY (tenant_id, execution_id) REFERENCES executions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX rolled_executions_of_tenant ON rolled_executions (tenant_id, at);
CREATE INDEX rolled_executions_of_group ON rolled_executions (group_id, at) WHERE group_id IS NOT NULL;

-- Live executions by the time at which they ended. `grain` in minutes: a quarter of an hour, in which days of every
-- time zone begin, and a day (UTC). `level`: 0 all workflows, 1 a workflow, 2 a node's runs. Durations in milliseconds;
-- how often each was in a bucket of a logarithmic histogram (`duration_bucket`) stands in two arrays.
CREATE TABLE rollups (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  grain smallint NOT NULL CHECK (grain IN (15, 1440)),
  level smallint NOT NULL CHECK (level IN (0, 1, 2)),
  at timestamptz NOT NULL,
  workflow_id uuid CHECK ((workflow_id IS NULL) = (level = 0)),
  version integer NOT NULL,
  node_id text NOT NULL,
  trigger text NOT NULL,
  succeeded bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  cancelled bigint NOT NULL DEFAULT 0,
  timed_out bigint NOT NULL DEFAULT 0,
  duration_ms bigint NOT NULL DEFAULT 0,
  wait_ms bigint NOT NULL DEFAULT 0,
  items bigint NOT NULL DEFAULT 0,
  retries bigint NOT NULL DEFAULT 0,
  requests bigint NOT NULL DEFAULT 0,
  tokens bigint NOT NULL DEFAULT 0,
  money numeric NOT NULL DEFAULT 0,
  buckets smallint[] NOT NULL DEFAULT '{}',
  counts integer[] NOT NULL DEFAULT '{}',
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE,
  UNIQUE NULLS NOT DISTINCT (tenant_id, grain, level, at, workflow_id, version, node_id, trigger)
);
CREATE INDEX rollups_of_workflow ON rollups (workflow_id, grain, level, at) WHERE workflow_id IS NOT NULL;
CREATE INDEX rollups_by_age ON rollups USING brin (at);

-- Failures that are the same fault: of one node, by the error's name and its message without what differs each time.
CREATE TABLE error_groups (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  node_id text NOT NULL,
  type text NOT NULL,
  message text NOT NULL,
  sample text NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  first_execution_id uuid NOT NULL,
  last_execution_id uuid NOT NULL,
  resolved_at timestamptz,
  resolved_by uuid,
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX error_groups_of_workflow ON error_groups (workflow_id);
CREATE INDEX error_groups_by_time ON error_groups (tenant_id, last_seen);

CREATE TABLE error_counts (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  group_id uuid NOT NULL,
  grain smallint NOT NULL CHECK (grain IN (15, 1440)),
  at timestamptz NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant_id, grain, at, group_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES error_groups (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX error_counts_of_group ON error_counts (tenant_id, group_id);

-- Days (UTC) that are to be counted anew from the history.
CREATE TABLE rollup_days (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  day date NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, day)
);

-- What a person saves by one run, where somebody said so.
ALTER TABLE workflows ADD COLUMN saved_minutes numeric CHECK (saved_minutes >= 0 AND saved_minutes <= 10080);

CREATE FUNCTION queue_for_rollups() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO rollup_queue (tenant_id, execution_id) VALUES (NEW.tenant_id, NEW.id);
  RETURN NULL;
END $$;
-- An end, and every event that is recorded after it: both change the execution's row.
CREATE TRIGGER to_be_counted AFTER INSERT OR UPDATE ON executions
  FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL AND NEW.mode = 'live') EXECUTE FUNCTION queue_for_rollups();

-- The bucket of a duration: bounds grow by a factor of 1.02 / 0.98, so a bucket's middle is at most 2 % off.
CREATE FUNCTION duration_bucket(ms double precision) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN ms > 1 AND ms < 1e13 THEN ceil(ln(ms) / ln(1.02::double precision / 0.98))::smallint ELSE 0::smallint END
$$;

-- An error's message without what differs from one time to the next: ids, addresses, dates, numbers.
CREATE FUNCTION error_pattern(message text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    left(message, 2000),
    '[[:alnum:]._%+-]+@[[:alnum:].-]+\.[[:alpha:]]{2,}', '<mail>', 'g'),
    '(https?://[^\s/?#"'']+)[^\s"'',;)]*', '\1/<path>', 'gi'),
    '\m[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\M', '<id>', 'gi'),
    '\m\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?', '<time>', 'g'),
    '\m(?=[[:alnum:]_-]*\d)[[:alnum:]_-]{16,}\M', '<id>', 'gi'),
    '\m(0x)?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{6,}\M', '<id>', 'gi'),
    '\d+([.,]\d+)*', '<n>', 'g'), 500)
$$;

-- Returns what executions count as: one row for each that has ended, its runs of a node in one cell. What a node told is
-- taken as it is only where it is of the right kind: events come from functions that run anybody's code.
-- What belongs together is put together by grouping and never by joining: Postgres knows nothing of how many rows a step of
-- such a query has, and would join each with each.
CREATE FUNCTION rollup_cells(ids uuid[]) RETURNS TABLE (
  execution_id uuid, tenant_id uuid, at timestamptz, group_id uuid, workflow_id uuid, node_id text, type text, said text, cells jsonb)
LANGUAGE sql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
  WITH told AS (
    SELECT r.execution_id, r.node_id, r.iteration, r.status, r.ended_at, NULL::timestamptz AS waits_since,
           greatest(r.attempt - 1, 0) AS retries,
           coalesce(r.duration_ms, extract(epoch FROM r.ended_at - r.started_at) * 1000) AS ms,
           CASE WHEN json_typeof(r.output) = 'object' THEN (
             SELECT coalesce(sum((b.value ->> 'count')::bigint), 0) FROM json_each(r.output) b
             WHERE json_typeof(b.value) = 'object' AND b.value ->> 'count' ~ '^[0-9]{1,9}$')
           ELSE 0 END AS items
    FROM node_runs r WHERE r.execution_id = ANY (ids) AND r.status IN ('succeeded', 'failed')
    UNION ALL
    SELECT e.execution_id, e.node_id, coalesce(e.data ->> 'iteration', ''), NULL, NULL, e.at, 0, NULL, 0
    FROM execution_events e WHERE e.execution_id = ANY (ids) AND e.type = 'node.waiting'
  ), runs AS (
    SELECT t.execution_id, t.node_id, max(t.status) AS status, max(t.retries) AS retries, max(t.items) AS items,
           CASE WHEN max(t.ms) >= 0 AND max(t.ms) < 1e13 THEN max(t.ms) ELSE 0 END AS ms,
           coalesce(greatest(round(extract(epoch FROM max(t.ended_at) - min(t.waits_since)) * 1000), 0), 0)::bigint AS wait
    FROM told t GROUP BY t.execution_id, t.node_id, t.iteration HAVING max(t.status) IS NOT NULL
  ), parts AS (
    SELECT r.execution_id, r.node_id, duration_bucket(r.ms) AS bucket, count(*) AS runs,
           count(*) FILTER (WHERE r.status = 'succeeded') AS ok, count(*) FILTER (WHERE r.status = 'failed') AS bad,
           sum(round(r.ms))::bigint AS ms, sum(r.wait)::bigint AS wait, sum(r.items)::bigint AS items,
           sum(r.retries)::bigint AS retries, 0::bigint AS requests, 0::bigint AS tokens, 0::numeric AS money
    FROM runs r GROUP BY 1, 2, 3
    UNION ALL
    SELECT u.execution_id, u.node_id, NULL, 0, 0, 0, 0, 0, 0, 0,
           coalesce(sum(u.amount) FILTER (WHERE u.kind = 'requests'), 0)::bigint,
           coalesce(sum(u.amount) FILTER (WHERE u.kind IN ('tokens.input', 'tokens.output')), 0)::bigint,
           coalesce(sum(u.amount) FILTER (WHERE u.kind = 'money' AND u.name = 'USD'), 0)
    FROM node_usage u WHERE u.execution_id = ANY (ids) GROUP BY 1, 2
  ), nodes AS (
    SELECT p.execution_id, p.node_id, sum(p.ok) AS ok, sum(p.bad) AS bad, sum(p.ms) AS ms, sum(p.wait) AS wait,
           sum(p.items) AS items, sum(p.retries) AS retries, sum(p.requests) AS requests, sum(p.tokens) AS tokens,
           sum(p.money) AS money,
           coalesce(jsonb_agg(p.bucket ORDER BY p.bucket) FILTER (WHERE p.bucket IS NOT NULL), '[]') AS b,
           coalesce(jsonb_agg(p.runs ORDER BY p.bucket) FILTER (WHERE p.bucket IS NOT NULL), '[]') AS c
    FROM parts p GROUP BY 1, 2
  ), wholes AS MATERIALIZED (
    SELECT n.execution_id, jsonb_agg(jsonb_build_object(
             'n', n.node_id, 'ok', n.ok, 'bad', n.bad, 'ms', n.ms, 'wait', n.wait, 'items', n.items, 'again', n.retries,
             'asked', n.requests, 'tokens', n.tokens, 'money', n.money, 'b', n.b, 'c', n.c) ORDER BY n.node_id) AS cells,
           sum(n.wait) AS wait, sum(n.items) AS items, sum(n.retries) AS retries, sum(n.requests) AS requests,
           sum(n.tokens) AS tokens, sum(n.money) AS money
    FROM nodes n GROUP BY 1
  )
  SELECT x.id, x.tenant_id, x.ended_at,
         CASE WHEN f.type IS NOT NULL THEN
           md5(concat_ws(E'\x1f', x.tenant_id, x.workflow_id, f.node_id, f.type, error_pattern(f.said)))::uuid END,
         x.workflow_id, f.node_id, f.type, f.said,
         jsonb_build_array(jsonb_build_object(
           'n', '', 'ok', (x.status = 'succeeded')::int, 'bad', (x.status = 'failed')::int, 'off', (x.status = 'cancelled')::int,
           'late', (x.status = 'timed_out')::int, 'ms', round(d.ms)::bigint, 'wait', coalesce(c.wait, 0),
           'items', coalesce(c.items, 0), 'again', coalesce(c.retries, 0), 'asked', coalesce(c.requests, 0),
           'tokens', coalesce(c.tokens, 0), 'money', coalesce(c.money, 0),
           'b', jsonb_build_array(duration_bucket(d.ms)), 'c', jsonb_build_array(1))) || coalesce(c.cells, '[]')
         || jsonb_build_array(jsonb_build_object('w', x.workflow_id, 'v', coalesce(x.workflow_version, 0), 't', x.trigger))
  FROM executions x
  LEFT JOIN wholes c ON c.execution_id = x.id
  CROSS JOIN LATERAL (SELECT extract(epoch FROM x.ended_at - x.started_at)::double precision * 1000 AS ms) d
  LEFT JOIN LATERAL (
    SELECT coalesce(r.node_id, '') AS node_id, left(coalesce(x.error ->> 'type', ''), 200) AS type,
           left(coalesce(x.error ->> 'message', ''), 2000) AS said
    FROM (SELECT 1) one LEFT JOIN LATERAL (
      SELECT r.node_id FROM node_runs r WHERE r.execution_id = x.id AND r.status = 'failed'
      ORDER BY (r.error ->> 'type' = x.error ->> 'type' AND r.error ->> 'message' = x.error ->> 'message') DESC NULLS LAST,
               r.ended_at, r.node_id, r.iteration LIMIT 1) r ON true
    WHERE x.status IN ('failed', 'timed_out')
  ) f ON true
  WHERE x.id = ANY (ids) AND x.ended_at IS NOT NULL AND x.mode = 'live'
$$;

-- Count executions, each once: what it was counted as before is taken off. All of them must be one caller's at a time.
CREATE FUNCTION count_executions(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  fresh jsonb;
  changed uuid[];
BEGIN
  SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]'), coalesce(array_agg(c.execution_id), '{}') INTO fresh, changed
  FROM rollup_cells(ids) c
  LEFT JOIN rolled_executions o ON o.execution_id = c.execution_id
  WHERE o.execution_id IS NULL OR o.cells <> c.cells OR o.at <> c.at OR o.group_id IS DISTINCT FROM c.group_id;
  IF changed = '{}' THEN RETURN; END IF;

  WITH counted AS (
    SELECT 1 AS sign, f.tenant_id, f.at, f.cells
    FROM jsonb_to_recordset(fresh) AS f(tenant_id uuid, at timestamptz, cells jsonb)
    UNION ALL
    SELECT -1, o.tenant_id, o.at, o.cells FROM rolled_executions o WHERE o.execution_id = ANY (changed)
  ), cells AS MATERIALIZED (
    SELECT k.*, k.sign * c.ok AS ok, k.sign * c.bad AS bad, k.sign * c.off AS off, k.sign * c.late AS late,
           k.sign * c.ms AS ms, k.sign * c.wait AS wait, k.sign * c.items AS items, k.sign * c.again AS again,
           k.sign * c.asked AS asked, k.sign * c.tokens AS tokens, k.sign * c.money AS money, c.b, c.c
    FROM counted o
    CROSS JOIN LATERAL (SELECT o.cells -> -1 AS whose) p
    CROSS JOIN LATERAL jsonb_to_recordset(o.cells) AS c(
      n text, ok bigint, bad bigint, off bigint, late bigint, ms bigint, wait bigint, items bigint, again bigint, asked bigint,
      tokens bigint, money numeric, b smallint[], c integer[])
    CROSS JOIN LATERAL (
      SELECT o.sign, o.tenant_id, g.grain::smallint, l.level::smallint,
             date_bin(make_interval(mins => g.grain), o.at, '2000-01-01 00:00+00') AS at,
             CASE l.level WHEN 0 THEN NULL ELSE (p.whose ->> 'w')::uuid END AS workflow_id,
             CASE l.level WHEN 0 THEN 0 ELSE (p.whose ->> 'v')::integer END AS version, c.n AS node_id, p.whose ->> 't' AS trigger
      FROM (VALUES (15), (1440)) g(grain), (VALUES (0), (1), (2)) l(level)
      WHERE c.n IS NOT NULL AND (l.level = 2) = (c.n <> '')) k
  ), parts AS (
    SELECT tenant_id, grain, level, at, workflow_id, version, node_id, trigger, NULL::smallint AS bucket, 0 AS count,
           ok, bad, off, late, ms, wait, items, again, asked, tokens, money FROM cells
    UNION ALL
    SELECT tenant_id, grain, level, at, workflow_id, version, node_id, trigger, u.b, (sign * u.c)::integer,
           0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM cells, unnest(cells.b, cells.c) AS u(b, c)
  ), grouped AS (
    SELECT tenant_id, grain, level, at, workflow_id, version, node_id, trigger, bucket, sum(count)::integer AS count,
           sum(ok) AS ok, sum(bad) AS bad, sum(off) AS off, sum(late) AS late, sum(ms) AS ms, sum(wait) AS wait,
           sum(items) AS items, sum(again) AS again, sum(asked) AS asked, sum(tokens) AS tokens, sum(money) AS money
    FROM parts GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
  )
  INSERT INTO rollups AS r (tenant_id, grain, level, at, workflow_id, version, node_id, trigger, succeeded, failed, cancelled,
                            timed_out, duration_ms, wait_ms, items, retries, requests, tokens, money, buckets, counts)
  SELECT tenant_id, grain, level, at, workflow_id, version, node_id, trigger, coalesce(sum(ok), 0), coalesce(sum(bad), 0),
         coalesce(sum(off), 0), coalesce(sum(late), 0), sum(ms), sum(wait), sum(items), sum(again), sum(asked), sum(tokens),
         sum(money), coalesce(array_agg(bucket ORDER BY bucket) FILTER (WHERE count <> 0), '{}'),
         coalesce(array_agg(count ORDER BY bucket) FILTER (WHERE count <> 0), '{}')
  FROM grouped GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ON CONFLICT (tenant_id, grain, level, at, workflow_id, version, node_id, trigger) DO UPDATE SET
    succeeded = r.succeeded + excluded.succeeded, failed = r.failed + excluded.failed,
    cancelled = r.cancelled + excluded.cancelled, timed_out = r.timed_out + excluded.timed_out,
    duration_ms = r.duration_ms + excluded.duration_ms, wait_ms = r.wait_ms + excluded.wait_ms,
    items = r.items + excluded.items, retries = r.retries + excluded.retries, requests = r.requests + excluded.requests,
    tokens = r.tokens + excluded.tokens, money = r.money + excluded.money,
    (buckets, counts) = (
      SELECT coalesce(array_agg(m.b ORDER BY m.b), '{}'), coalesce(array_agg(m.n ORDER BY m.b), '{}') FROM (
        SELECT u.b, sum(u.c)::integer AS n FROM (
          SELECT * FROM unnest(r.buckets, r.counts) AS mine(b, c)
          UNION ALL SELECT * FROM unnest(excluded.buckets, excluded.counts) AS more(b, c)) u
        GROUP BY u.b HAVING sum(u.c) <> 0) m);

  INSERT INTO error_groups AS g (id, tenant_id, workflow_id, node_id, type, message, sample, first_seen, last_seen,
                                 first_execution_id, last_execution_id)
  SELECT DISTINCT ON (f.group_id) f.group_id, f.tenant_id, f.workflow_id, f.node_id, f.type, error_pattern(f.said), left(f.said, 1000),
         min(f.at) OVER w, max(f.at) OVER w, first_value(f.execution_id) OVER up, first_value(f.execution_id) OVER down
  FROM jsonb_to_recordset(fresh) AS f(execution_id uuid, tenant_id uuid, at timestamptz, group_id uuid, workflow_id uuid,
                                      node_id text, type text, said text)
  WHERE f.group_id IS NOT NULL
  WINDOW w AS (PARTITION BY f.group_id), up AS (PARTITION BY f.group_id ORDER BY f.at, f.execution_id),
         down AS (PARTITION BY f.group_id ORDER BY f.at DESC, f.execution_id DESC)
  ORDER BY f.group_id, f.at DESC, f.execution_id DESC
  ON CONFLICT (id) DO UPDATE SET
    first_execution_id = CASE WHEN (excluded.first_seen, excluded.first_execution_id) < (g.first_seen, g.first_execution_id)
                              THEN excluded.first_execution_id ELSE g.first_execution_id END,
    last_execution_id = CASE WHEN (excluded.last_seen, excluded.last_execution_id) > (g.last_seen, g.last_execution_id)
                             THEN excluded.last_execution_id ELSE g.last_execution_id END,
    sample = CASE WHEN (excluded.last_seen, excluded.last_execution_id) > (g.last_seen, g.last_execution_id)
                  THEN excluded.sample ELSE g.sample END,
    first_seen = least(g.first_seen, excluded.first_seen), last_seen = greatest(g.last_seen, excluded.last_seen);

  INSERT INTO error_counts AS k (tenant_id, group_id, grain, at, count)
  SELECT c.tenant_id, c.group_id, g.grain, date_bin(make_interval(mins => g.grain), c.at, '2000-01-01 00:00+00'), sum(c.sign)
  FROM (
    SELECT 1 AS sign, f.tenant_id, f.at, f.group_id FROM jsonb_to_recordset(fresh) AS f(tenant_id uuid, at timestamptz, group_id uuid)
    UNION ALL SELECT -1, o.tenant_id, o.at, o.group_id FROM rolled_executions o WHERE o.execution_id = ANY (changed)
  ) c, (VALUES (15), (1440)) g(grain)
  WHERE c.group_id IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING sum(c.sign) <> 0
  ON CONFLICT (tenant_id, grain, at, group_id) DO UPDATE SET count = k.count + excluded.count;

  INSERT INTO rolled_executions AS o (execution_id, tenant_id, at, group_id, cells)
  SELECT f.execution_id, f.tenant_id, f.at, f.group_id, f.cells
  FROM jsonb_to_recordset(fresh) AS f(execution_id uuid, tenant_id uuid, at timestamptz, group_id uuid, cells jsonb)
  ON CONFLICT (execution_id) DO UPDATE SET at = excluded.at, group_id = excluded.group_id, cells = excluded.cells;
END $$;

-- Count what waits for it, at most so many. Returns how many were taken. Only one does it at a time.
CREATE FUNCTION roll_up(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ids uuid[];
  one uuid;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('rollups', 0)) THEN RETURN 0; END IF;
  WITH taken AS (
    DELETE FROM rollup_queue WHERE id IN (SELECT q.id FROM rollup_queue q WHERE q.failed IS NULL ORDER BY q.id LIMIT most)
    RETURNING execution_id)
  SELECT array_agg(DISTINCT execution_id) INTO ids FROM taken;
  IF ids IS NULL THEN RETURN 0; END IF;
  BEGIN
    PERFORM count_executions(ids);
  EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
    -- One of them has what nobody can count: the others must not wait for it.
    FOREACH one IN ARRAY ids LOOP
      BEGIN
        PERFORM count_executions(ARRAY[one]);
      EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        INSERT INTO rollup_queue (tenant_id, execution_id, failed) SELECT x.tenant_id, x.id, SQLERRM FROM executions x WHERE x.id = one;
      END;
    END LOOP;
  END;
  RETURN cardinality(ids);
END $$;

-- Count a day anew from the history, where that still holds all that was counted; else the day stays as it is. Returns
-- how many executions the day has, -1 where it was left, NULL where no day waits for it.
CREATE FUNCTION rebuild_rollup_day() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asked rollup_days;
  since timestamptz;
  ids uuid[];
  counted bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('rollups', 0)) THEN RETURN NULL; END IF;
  DELETE FROM rollup_days WHERE (tenant_id, day) = (SELECT d.tenant_id, d.day FROM rollup_days d ORDER BY d.at, d.day DESC LIMIT 1)
  RETURNING * INTO asked;
  IF asked.day IS NULL THEN RETURN NULL; END IF;
  since := asked.day::timestamp AT TIME ZONE 'UTC';
  SELECT coalesce(array_agg(x.id ORDER BY x.id), '{}') INTO ids FROM executions x
  WHERE x.tenant_id = asked.tenant_id AND x.mode = 'live' AND x.ended_at >= since AND x.ended_at < since + interval '1 day';
  SELECT coalesce(sum(r.succeeded + r.failed + r.cancelled + r.timed_out), 0) INTO counted FROM rollups r
  WHERE r.tenant_id = asked.tenant_id AND r.grain = 1440 AND r.level = 0 AND r.at = since;
  IF cardinality(ids) < counted THEN RETURN -1; END IF;
  DELETE FROM rollups WHERE tenant_id = asked.tenant_id AND grain IN (15, 1440) AND level IN (0, 1, 2)
    AND at >= since AND at < since + interval '1 day';
  DELETE FROM error_counts WHERE tenant_id = asked.tenant_id AND grain IN (15, 1440)
    AND at >= since AND at < since + interval '1 day';
  DELETE FROM rolled_executions WHERE tenant_id = asked.tenant_id AND (execution_id = ANY (ids)
    OR at >= since AND at < since + interval '1 day');
  DELETE FROM rollup_queue WHERE tenant_id = asked.tenant_id AND execution_id = ANY (ids);
  FOR start IN 1 .. cardinality(ids) BY 1000 LOOP
    PERFORM count_executions(ids[start : start + 999]);
  END LOOP;
  RETURN cardinality(ids);
END $$;

-- Have all days of the session's tenant that the history knows counted anew. Returns how many days.
CREATE FUNCTION request_rollup_rebuild() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH asked AS (
    INSERT INTO rollup_days (tenant_id, day)
    SELECT DISTINCT x.tenant_id, (x.ended_at AT TIME ZONE 'UTC')::date FROM executions x
    WHERE x.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND x.mode = 'live' AND x.ended_at IS NOT NULL
      AND x.ended_at > now() - interval '13 months'
    UNION
    SELECT DISTINCT r.tenant_id, (r.at AT TIME ZONE 'UTC')::date FROM rollups r
    WHERE r.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid AND r.grain = 1440 AND r.level = 0
    ON CONFLICT (tenant_id, day) DO NOTHING RETURNING 1)
  SELECT count(*) FROM asked
$$;

-- Delete what is older than 13 months, of all tenants. Returns how many rows.
CREATE FUNCTION sweep_rollups(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before timestamptz := now() - interval '13 months';
  total bigint := 0;
  gone bigint;
BEGIN
  DELETE FROM rollups WHERE ctid = ANY (ARRAY(SELECT ctid FROM rollups WHERE at < before LIMIT most));
  GET DIAGNOSTICS gone = ROW_COUNT;
  total := total + gone;
  DELETE FROM error_groups WHERE id = ANY (ARRAY(SELECT id FROM error_groups WHERE last_seen < before LIMIT most));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN total + gone;
END $$;

REVOKE ALL ON FUNCTION queue_for_rollups, rollup_cells, count_executions, roll_up, rebuild_rollup_day, request_rollup_rebuild,
  sweep_rollups FROM PUBLIC;
GRANT EXECUTE ON FUNCTION roll_up, rebuild_rollup_day, request_rollup_rebuild, sweep_rollups TO stepweave_app;
