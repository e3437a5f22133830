-- How many days executions are kept after their end: those that succeeded, and all others. Null: as long as the plan allows
-- (`keepDays` of its limits). A workflow that says its own takes both from itself.
ALTER TABLE tenants
  ADD COLUMN keep_succeeded integer CHECK (keep_succeeded BETWEEN 0 AND 3650),
  ADD COLUMN keep_failed integer CHECK (keep_failed BETWEEN 0 AND 3650),
  ADD COLUMN retire_after timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN strays_after timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN strays_from text NOT NULL DEFAULT '';
GRANT UPDATE (keep_succeeded, keep_failed, retire_after) ON tenants TO stepweave_app;
ALTER TABLE workflows
  ADD COLUMN own_retention boolean NOT NULL DEFAULT false,
  ADD COLUMN keep_succeeded integer CHECK (keep_succeeded BETWEEN 0 AND 3650),
  ADD COLUMN keep_failed integer CHECK (keep_failed BETWEEN 0 AND 3650);
UPDATE plans SET limits = limits || '{"keepDays": 90}' WHERE name = 'free';
UPDATE plans SET limits = limits || '{"keepDays": 365}' WHERE name = 'team';

-- `uses`: the executions whose stored data this one began with. While it is there, they are.
ALTER TABLE executions
  ADD COLUMN kept_at timestamptz,
  ADD COLUMN kept_by uuid,
  ADD COLUMN uses uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX executions_ended ON executions (workflow_id, (status = 'succeeded'), ended_at)
  WHERE ended_at IS NOT NULL AND kept_at IS NULL;
CREATE INDEX executions_using ON executions USING gin (uses) WHERE uses <> '{}';
CREATE INDEX rollup_queue_of_execution ON rollup_queue (execution_id);

-- The executions whose objects in storage a text of JSON refers to, as items do: by `<tenant>/<execution>/...`.
CREATE FUNCTION stored_in(content text) RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN content LIKE '%"sha256"%' THEN ARRAY(
    SELECT DISTINCT m[1]::uuid FROM regexp_matches(content,
      '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/',
      'g') m)
  ELSE '{}' END
$$;
CREATE INDEX workflows_storing ON workflows USING gin (stored_in(document::text));
CREATE INDEX workflow_versions_storing ON workflow_versions USING gin (stored_in(document::text));
CREATE INDEX store_entries_storing ON store_entries USING gin (stored_in(value::text));
CREATE INDEX store_rows_storing ON store_rows USING gin (stored_in(data::text));
CREATE INDEX memory_messages_storing ON memory_messages USING gin (stored_in(message::text));
CREATE INDEX files_by_object ON files (key COLLATE "C");

-- Executions that the retention has deleted. `objects_after`: when what is stored of one is deleted next; null once it is.
CREATE TABLE deleted_executions (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  mode text NOT NULL,
  status text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  days integer NOT NULL,
  deleted_at timestamptz NOT NULL DEFAULT now(),
  objects_after timestamptz DEFAULT now(),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflows (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX deleted_executions_stored ON deleted_executions (objects_after) WHERE objects_after IS NOT NULL;
CREATE INDEX deleted_executions_by_end ON deleted_executions (tenant_id, ended_at);
CREATE INDEX deleted_executions_of_workflow ON deleted_executions (tenant_id, workflow_id);
CREATE INDEX deleted_executions_by_age ON deleted_executions (deleted_at) WHERE objects_after IS NULL;

-- Executions whose time is over and which something needs yet: looked at again later, so that they hold up no others.
CREATE TABLE retention_waits (
  execution_id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  look_after timestamptz NOT NULL,
  FOREIGN KEY (tenant_id, execution_id) REFERENCES executions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX retention_waits_of_tenant ON retention_waits (tenant_id);
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['deleted_executions', 'retention_waits'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app '
      'USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT ON %I TO stepweave_app', name);
  END LOOP;
END $$;
CREATE POLICY project ON deleted_executions AS RESTRICTIVE TO stepweave_app USING (
  coalesce(current_setting('app.projects', true), '') = '' OR workflow_id IN (SELECT id FROM workflows));
CREATE POLICY project ON retention_waits AS RESTRICTIVE TO stepweave_app USING (
  coalesce(current_setting('app.projects', true), '') = '' OR execution_id IN (SELECT id FROM executions));

-- What is told of an execution after it was deleted does not bring it back.
CREATE FUNCTION stays_deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM deleted_executions d WHERE d.id = NEW.id) THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stays_deleted BEFORE INSERT ON executions FOR EACH ROW EXECUTE FUNCTION stays_deleted();

-- How many days executions of a tenant's workflows are kept; null: without end.
CREATE FUNCTION retention_of(wanted uuid) RETURNS TABLE (workflow_id uuid, succeeded integer, failed integer)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT w.id, least(CASE WHEN w.own_retention THEN w.keep_succeeded ELSE t.keep_succeeded END, (p.limits ->> 'keepDays')::integer),
         least(CASE WHEN w.own_retention THEN w.keep_failed ELSE t.keep_failed END, (p.limits ->> 'keepDays')::integer)
  FROM tenants t JOIN plans p ON p.name = t.plan JOIN workflows w ON w.tenant_id = t.id WHERE t.id = wanted
$$;

-- Tenants whose executions are looked at now, those first that have waited longest. Nobody else gets them for five minutes.
CREATE FUNCTION claim_retiring(most integer) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE tenants SET retire_after = now() + interval '5 minutes' WHERE id IN (
    SELECT t.id FROM tenants t JOIN plans p ON p.name = t.plan
    WHERE t.retire_after <= now() AND (t.delete_after IS NULL OR t.delete_after > now())
      AND (t.keep_succeeded IS NOT NULL OR t.keep_failed IS NOT NULL OR p.limits ? 'keepDays'
           OR EXISTS (SELECT 1 FROM workflows w WHERE w.tenant_id = t.id AND w.own_retention))
    ORDER BY t.retire_after LIMIT most FOR UPDATE OF t SKIP LOCKED)
  RETURNING id
$$;
-- A look at a tenant is over; one who changed their mind meanwhile is looked at anew at once.
CREATE FUNCTION looked_for_retiring(wanted uuid, more boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE tenants SET retire_after = CASE WHEN more THEN now() ELSE now() + interval '1 hour' END
  WHERE id = wanted AND retire_after > now()
$$;

-- Which of some executions of a tenant may go as far as they themselves are concerned, and after how many days.
CREATE FUNCTION retirable(wanted uuid, ids uuid[]) RETURNS TABLE (id uuid, days integer)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT x.id, k.days FROM executions x JOIN retention_of(wanted) r ON r.workflow_id = x.workflow_id
  CROSS JOIN LATERAL (SELECT CASE WHEN x.status = 'succeeded' THEN r.succeeded ELSE r.failed END AS days) k
  WHERE x.id = ANY (ids) AND x.tenant_id = wanted AND x.kept_at IS NULL AND x.status NOT IN ('queued', 'running')
    AND x.ended_at <= now() - make_interval(hours => 24 * k.days) AND x.started_at <= now() - make_interval(hours => 24 * k.days)
    AND NOT EXISTS (SELECT 1 FROM waits w WHERE w.execution_id = x.id AND w.state = 'open')
    AND NOT EXISTS (SELECT 1 FROM rollup_queue q WHERE q.execution_id = x.id AND q.failed IS NULL)
$$;

-- Executions next to some: who called them, whom they called, whose data they began with, and who began with theirs.
CREATE FUNCTION relatives(wanted uuid, ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT x.parent_execution_id FROM executions x WHERE x.id = ANY (ids) AND x.parent_execution_id IS NOT NULL
  UNION SELECT x.id FROM executions x WHERE x.parent_execution_id = ANY (ids) AND x.tenant_id = wanted
  UNION SELECT unnest(x.uses) FROM executions x WHERE x.id = ANY (ids) AND x.uses <> '{}'
  UNION SELECT x.id FROM executions x WHERE x.uses && ids AND x.uses <> '{}' AND x.tenant_id = wanted
$$;

-- Delete executions of a tenant whose time is over, with those that belong to them: all of a family or none (25 steps far).
-- `looked` were looked at, at most so many; `gone` are deleted. -1: another one is at it; come again.
-- What is counted or being counted anew must not change under whoever counts: hence their lock.
CREATE FUNCTION retire_executions(wanted uuid, most integer, OUT looked integer, OUT gone integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  due uuid[];
  family uuid[];
  edge uuid[];
  alive uuid[];
BEGIN
  gone := 0;
  looked := -1;
  IF NOT pg_try_advisory_xact_lock(hashtextextended('rollups', 0)) THEN RETURN; END IF;
  SELECT coalesce(array_agg(c.id), '{}') INTO due FROM (
    SELECT o.id, sum(o.last_seq) OVER (ORDER BY o.ended_at, o.id) - o.last_seq AS before FROM (
      SELECT x.* FROM retention_of(wanted) r CROSS JOIN LATERAL (
        (SELECT x.id, x.ended_at, x.last_seq FROM executions x
         WHERE x.workflow_id = r.workflow_id AND (x.status = 'succeeded') AND x.ended_at IS NOT NULL AND x.kept_at IS NULL
           AND x.ended_at <= now() - make_interval(hours => 24 * r.succeeded) AND x.started_at <= now() - make_interval(hours => 24 * r.succeeded)
           AND NOT EXISTS (SELECT 1 FROM retention_waits l WHERE l.execution_id = x.id AND l.look_after > now())
         ORDER BY x.ended_at LIMIT most)
        UNION ALL
        (SELECT x.id, x.ended_at, x.last_seq FROM executions x
         WHERE x.workflow_id = r.workflow_id AND (x.status = 'succeeded') = false AND x.ended_at IS NOT NULL AND x.kept_at IS NULL
           AND x.ended_at <= now() - make_interval(hours => 24 * r.failed) AND x.started_at <= now() - make_interval(hours => 24 * r.failed)
           AND NOT EXISTS (SELECT 1 FROM retention_waits l WHERE l.execution_id = x.id AND l.look_after > now())
         ORDER BY x.ended_at LIMIT most)) x LIMIT most) o) c
  WHERE c.before < 50000;  -- events, in one transaction
  looked := cardinality(due);
  IF looked = 0 THEN RETURN; END IF;

  family := due;
  edge := due;
  FOR step IN 1 .. 25 LOOP
    SELECT array_agg(n) INTO edge FROM relatives(wanted, edge) n WHERE NOT EXISTS (SELECT 1 FROM unnest(family) f WHERE f = n);
    EXIT WHEN edge IS NULL;
    family := family || edge;
    EXIT WHEN cardinality(family) > 20000;
  END LOOP;
  SELECT array_agg(x.id) INTO alive FROM executions x
  WHERE x.id = ANY (family) AND NOT EXISTS (SELECT 1 FROM retirable(wanted, family) r WHERE r.id = x.id);
  -- Who belongs to one that stays, stays.
  edge := alive;
  WHILE edge IS NOT NULL LOOP
    SELECT array_agg(n) INTO edge FROM relatives(wanted, edge) n
    WHERE EXISTS (SELECT 1 FROM unnest(family) f WHERE f = n) AND NOT EXISTS (SELECT 1 FROM unnest(alive) a WHERE a = n);
    alive := alive || coalesce(edge, '{}');
  END LOOP;
  alive := coalesce(alive, '{}');
  INSERT INTO retention_waits (execution_id, tenant_id, look_after)
  SELECT x.id, x.tenant_id, now() + CASE
      WHEN EXISTS (SELECT 1 FROM rollup_queue q WHERE q.execution_id = x.id AND q.failed IS NULL) THEN interval '1 minute'
      ELSE interval '6 hours' END
  FROM executions x WHERE x.id = ANY (due) AND x.id = ANY (alive)
  ON CONFLICT (execution_id) DO UPDATE SET look_after = excluded.look_after;

  -- Rows that somebody holds stay; and what was begun with one since the look above keeps it: who begins holds it meanwhile.
  SELECT array_agg(s.id) INTO edge FROM (
    SELECT x.id FROM executions x WHERE x.id = ANY (family) AND NOT EXISTS (SELECT 1 FROM unnest(alive) a WHERE a = x.id)
    ORDER BY x.id FOR UPDATE SKIP LOCKED) s;
  SELECT array_agg(r.id) INTO edge FROM retirable(wanted, edge) r;
  SELECT array_agg(o) INTO due FROM unnest(edge) o
  WHERE NOT EXISTS (
    SELECT 1 FROM relatives(wanted, ARRAY[o]) n JOIN executions x ON x.id = n
    WHERE NOT EXISTS (SELECT 1 FROM unnest(edge) e WHERE e = n));
  INSERT INTO deleted_executions (id, tenant_id, workflow_id, mode, status, started_at, ended_at, days)
  SELECT x.id, x.tenant_id, x.workflow_id, x.mode, x.status, x.started_at, x.ended_at, r.days
  FROM retirable(wanted, due) r JOIN executions x ON x.id = r.id ON CONFLICT (id) DO NOTHING;
  DELETE FROM rollup_queue WHERE execution_id = ANY (due);
  DELETE FROM executions WHERE id = ANY (due);
  GET DIAGNOSTICS gone = ROW_COUNT;
END $$;

-- Deleted executions of which something is stored yet, with what of it stays: all (`held`), or files that are kept under paths.
CREATE FUNCTION claim_stored(most integer) RETURNS TABLE (id uuid, tenant_id uuid, held boolean, files text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH taken AS (
    UPDATE deleted_executions d SET objects_after = now() + interval '10 minutes' WHERE d.id IN (
      SELECT o.id FROM deleted_executions o WHERE o.objects_after <= now() ORDER BY o.objects_after LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING d.id, d.tenant_id)
  SELECT t.id, t.tenant_id, u.held, u.files FROM taken t CROSS JOIN LATERAL stored_uses(t.tenant_id, t.id::text) u;
END $$;
-- Whether documents, stores or talks refer to what is stored under a name of a tenant's, and which kept files lie there.
CREATE FUNCTION stored_uses(wanted uuid, name text, OUT held boolean, OUT files text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ids uuid[] := CASE WHEN name ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN ARRAY[name::uuid] ELSE '{}' END;
BEGIN
  held := EXISTS (SELECT 1 FROM workflows x WHERE stored_in(x.document::text) && ids AND x.tenant_id = wanted AND x.deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM workflow_versions x JOIN workflows w ON w.id = x.workflow_id AND w.deleted_at IS NULL
               WHERE stored_in(x.document::text) && ids AND x.tenant_id = wanted)
    OR EXISTS (SELECT 1 FROM store_entries x WHERE stored_in(x.value::text) && ids AND x.tenant_id = wanted)
    OR EXISTS (SELECT 1 FROM store_rows x WHERE stored_in(x.data::text) && ids AND x.tenant_id = wanted)
    OR EXISTS (SELECT 1 FROM memory_messages x WHERE stored_in(x.message::text) && ids AND x.tenant_id = wanted);
  files := ARRAY(SELECT f.key FROM files f WHERE f.tenant_id = wanted
    AND f.key COLLATE "C" >= wanted::text || '/' || name || '/' AND f.key COLLATE "C" < wanted::text || '/' || name || '0');
END $$;
-- What is stored of one is deleted, or kept for whoever needs it: then it is looked at again in a week.
CREATE FUNCTION stored_gone(wanted uuid, kept boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE deleted_executions SET objects_after = CASE WHEN kept THEN now() + interval '7 days' END WHERE id = wanted
$$;

-- Tenants whose storage is looked through for what belongs to nothing, from where the last look ended.
CREATE FUNCTION claim_strays(most integer) RETURNS TABLE (id uuid, after text)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE tenants SET strays_after = now() + interval '5 minutes' WHERE tenants.id IN (
    SELECT t.id FROM tenants t WHERE t.strays_after <= now() AND (t.delete_after IS NULL OR t.delete_after > now())
    ORDER BY t.strays_after LIMIT most FOR UPDATE SKIP LOCKED)
  RETURNING tenants.id, tenants.strays_from
$$;
CREATE FUNCTION looked_for_strays(wanted uuid, after text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE tenants SET strays_from = after, strays_after = CASE WHEN after = '' THEN now() + interval '7 days' ELSE now() END
  WHERE id = wanted
$$;
-- Those of some names that no execution has and no deleted one whose objects are to go, with what of them is used.
CREATE FUNCTION strays_of(wanted uuid, names text[]) RETURNS TABLE (name text, held boolean, files text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n, u.held, u.files FROM unnest(names) n CROSS JOIN LATERAL stored_uses(wanted, n) u
  WHERE NOT EXISTS (SELECT 1 FROM executions x WHERE x.tenant_id = wanted AND x.id = CASE
    WHEN n ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN n::uuid END)
$$;

-- Forget deleted executions as old as the oldest figures, once nothing is stored of them.
CREATE FUNCTION sweep_deleted(most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE total bigint;
BEGIN
  DELETE FROM deleted_executions WHERE id = ANY (ARRAY(
    SELECT id FROM deleted_executions WHERE objects_after IS NULL AND deleted_at < now() - interval '13 months' LIMIT most));
  GET DIAGNOSTICS total = ROW_COUNT;
  RETURN total;
END $$;

REVOKE ALL ON FUNCTION stays_deleted, claim_retiring, looked_for_retiring, retire_executions, claim_stored, stored_uses, stored_gone,
  claim_strays, looked_for_strays, strays_of, sweep_deleted FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_retiring, looked_for_retiring, retire_executions, claim_stored, stored_gone, claim_strays,
  looked_for_strays, strays_of, sweep_deleted TO stepweave_app;
