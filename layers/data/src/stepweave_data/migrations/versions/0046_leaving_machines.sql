-- Of the machine that an execution by hand runs on; null where that is its version's.
ALTER TABLE executions ADD COLUMN compiled_hash text;
CREATE INDEX executions_open_of_workflow ON executions (workflow_id) WHERE status IN ('queued', 'running');
CREATE INDEX workflow_versions_by_hash ON workflow_versions (workflow_id, compiled_hash);

-- `used_at`: when a run or a publish last asked for it, to ten minutes. `look_after`: when to see whether it is needed.
-- `parts`: the version ARNs of the machines nested in it.
ALTER TABLE compiled_machines
  ADD COLUMN used_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN look_after timestamptz NOT NULL DEFAULT now() + interval '1 hour',
  ADD COLUMN parts text[] NOT NULL DEFAULT '{}';
CREATE INDEX compiled_machines_look ON compiled_machines (look_after);

-- State-machine versions, and whole state machines, that are to be deleted on AWS. `asked_at`: AWS was asked at least
-- once, so it may be gone. Rows stay for an hour after (`gone_at`): whoever publishes the same then gets a new version.
CREATE TABLE leaving_machines (
  arn text PRIMARY KEY,
  tenant_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  leave_after timestamptz NOT NULL DEFAULT now(),
  asked_at timestamptz,
  gone_at timestamptz,
  tries integer NOT NULL DEFAULT 0,
  last_error text,
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX leaving_machines_due ON leaving_machines (leave_after) WHERE gone_at IS NULL;
CREATE INDEX leaving_machines_of_workflow ON leaving_machines (tenant_id, workflow_id);
ALTER TABLE leaving_machines ENABLE ROW LEVEL SECURITY;
ALTER TABLE leaving_machines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON leaving_machines TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON leaving_machines TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON leaving_machines TO stepweave_app;

-- Look at the machines that were looked at longest ago, `most` of them, and put those that nothing needs among what
-- leaves. Returns how many did. Needed are:
--   one that was used within the hour, and one that an open execution runs on;
--   of a workflow that is there: the live one, those of its `versions` newest versions, and the `drafts` last used of
--   those that are no version's, for a day.
CREATE FUNCTION collect_machines(most integer, versions integer, drafts integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE flows uuid[]; hashes text[]; gone bigint;
BEGIN
  -- Whoever wants to use one of them waits for the end of this, and then finds that it is gone.
  SELECT array_agg(workflow_id), array_agg(compiled_hash) INTO flows, hashes FROM (
    SELECT workflow_id, compiled_hash FROM compiled_machines WHERE look_after < now()
    ORDER BY look_after LIMIT most FOR UPDATE SKIP LOCKED) due;
  IF flows IS NULL THEN RETURN 0; END IF;
  WITH batch AS (
    SELECT m.workflow_id, m.compiled_hash, m.used_at, w.deleted_at IS NOT NULL AS deleted
    FROM unnest(flows, hashes) AS due(workflow_id, compiled_hash)
    JOIN compiled_machines m USING (workflow_id, compiled_hash) JOIN workflows w ON w.id = m.workflow_id
  ), published AS (
    SELECT workflow_id, compiled_hash,
           row_number() OVER (PARTITION BY workflow_id ORDER BY max(number) DESC) AS place
    FROM workflow_versions WHERE workflow_id = ANY (flows) GROUP BY workflow_id, compiled_hash
  ), drawn AS (
    SELECT m.workflow_id, m.compiled_hash,
           row_number() OVER (PARTITION BY m.workflow_id ORDER BY m.used_at DESC, m.compiled_hash) AS place
    FROM compiled_machines m LEFT JOIN published p USING (workflow_id, compiled_hash)
    WHERE m.workflow_id = ANY (flows) AND p.place IS NULL
  ), running AS (
    -- Of a draft that began before this was written down nobody knows the machine: it may be any.
    SELECT x.workflow_id, coalesce(x.compiled_hash, v.compiled_hash) AS compiled_hash
    FROM executions x
    LEFT JOIN workflow_versions v
      ON x.mode = 'live' AND v.workflow_id = x.workflow_id AND v.number = x.workflow_version
    WHERE x.workflow_id = ANY (flows) AND x.status IN ('queued', 'running')
  ), unneeded AS (
    SELECT b.workflow_id, b.compiled_hash FROM batch b
    LEFT JOIN published p USING (workflow_id, compiled_hash)
    LEFT JOIN drawn d USING (workflow_id, compiled_hash)
    WHERE b.used_at < now() - interval '1 hour'
      -- A deleted workflow's machines go as a whole, which ends what runs on them.
      AND NOT EXISTS (
        SELECT 1 FROM running r WHERE r.workflow_id = b.workflow_id
          AND (b.deleted OR r.compiled_hash IS NULL OR r.compiled_hash = b.compiled_hash))
      AND (b.deleted OR NOT (
        p.place <= versions
        OR EXISTS (
          SELECT 1 FROM workflows w
          JOIN workflow_versions v ON v.workflow_id = w.id AND v.number = w.published_version
          WHERE w.id = b.workflow_id AND v.compiled_hash = b.compiled_hash)
        OR (d.place <= drafts AND b.used_at > now() - interval '1 day')) IS TRUE)
  ), taken AS (
    DELETE FROM compiled_machines m USING unneeded u
    WHERE m.workflow_id = u.workflow_id AND m.compiled_hash = u.compiled_hash
    RETURNING m.tenant_id, m.workflow_id, m.compiled_hash, m.state_machine_arn, m.version_arn, m.parts
  ), leaves AS (
    INSERT INTO leaving_machines (arn, tenant_id, workflow_id)
    SELECT DISTINCT CASE WHEN w.deleted_at IS NULL THEN a.arn ELSE regexp_replace(a.arn, ':[0-9]+$', '') END,
           t.tenant_id, t.workflow_id
    FROM taken t JOIN workflows w ON w.id = t.workflow_id, unnest(t.version_arn || t.parts) AS a(arn)
    WHERE NOT EXISTS (
      SELECT 1 FROM compiled_machines m
      WHERE m.workflow_id = t.workflow_id AND w.deleted_at IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM taken o WHERE o.workflow_id = m.workflow_id AND o.compiled_hash = m.compiled_hash)
        AND (m.version_arn = a.arn OR a.arn = ANY (m.parts)))
    ON CONFLICT (arn) DO NOTHING
  )
  SELECT count(*) INTO gone FROM taken;
  UPDATE compiled_machines m SET look_after = now() + interval '2 hours'
  FROM unnest(flows, hashes) AS due(workflow_id, compiled_hash)
  WHERE m.workflow_id = due.workflow_id AND m.compiled_hash = due.compiled_hash;
  RETURN gone;
END $$;

-- Take what is to be deleted on AWS now, of each tenant one, then of each a second one. `unrouted`: the alias `live` of
-- its machine, should there be one, leads nowhere any more: the workflow is not published there, and nothing waits for it.
-- Who takes it and dies leaves it for five minutes.
CREATE FUNCTION claim_leaving_machines(most integer) RETURNS TABLE (arn text, tenant_id uuid, tries integer, unrouted boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  DELETE FROM leaving_machines WHERE gone_at < now() - interval '1 hour';
  RETURN QUERY
  WITH due AS (
    SELECT arn FROM (
      SELECT arn, leave_after, row_number() OVER (PARTITION BY tenant_id ORDER BY leave_after, arn) AS place
      FROM leaving_machines WHERE gone_at IS NULL AND leave_after <= now()) one
    ORDER BY place, leave_after, arn LIMIT most
  ), claimed AS (
    UPDATE leaving_machines l SET asked_at = now(), leave_after = now() + interval '5 minutes'
    FROM due WHERE l.arn = due.arn AND l.gone_at IS NULL AND l.leave_after <= now()
    RETURNING l.arn, l.tenant_id, l.workflow_id, l.tries
  )
  SELECT c.arn, c.tenant_id, c.tries,
    NOT EXISTS (
      SELECT 1 FROM workflows w
      JOIN workflow_versions v ON v.workflow_id = w.id AND v.number = w.published_version
      LEFT JOIN compiled_machines m ON m.workflow_id = w.id AND m.compiled_hash = v.compiled_hash
      WHERE w.id = c.workflow_id AND w.deleted_at IS NULL
        AND coalesce(m.state_machine_arn, regexp_replace(c.arn, ':[0-9]+$', '')) = regexp_replace(c.arn, ':[0-9]+$', ''))
    AND NOT EXISTS (
      SELECT 1 FROM execution_turns t WHERE t.workflow_id = c.workflow_id
        AND t.request #>> '{target,machine_arn}' = regexp_replace(c.arn, ':[0-9]+$', '') || ':' || 'live')
  FROM claimed c;
END $$;
REVOKE ALL ON FUNCTION collect_machines, claim_leaving_machines FROM PUBLIC;
GRANT EXECUTE ON FUNCTION collect_machines, claim_leaving_machines TO stepweave_app;
