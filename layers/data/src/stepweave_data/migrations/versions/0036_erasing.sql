-- When a workspace goes with all that is its own; null while it stays. `deletion_by` asked for it.
ALTER TABLE tenants ADD COLUMN delete_after timestamptz, ADD COLUMN deletion_by uuid;

-- Not by the application's own hand: whoever takes it over must not be able to have a workspace, and its audit, gone today.
CREATE FUNCTION request_deletion(by_whom uuid, grace interval) RETURNS timestamptz
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE tenants SET delete_after = coalesce(delete_after, now() + greatest(grace, interval '1 day')),
    deletion_by = coalesce(deletion_by, by_whom)
  WHERE id = nullif(current_setting('app.tenant_id', true), '')::uuid RETURNING delete_after
$$;
CREATE FUNCTION cancel_deletion() RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH kept AS (
    UPDATE tenants SET delete_after = NULL, deletion_by = NULL
    WHERE id = nullif(current_setting('app.tenant_id', true), '')::uuid AND delete_after > now() RETURNING 1
  ) SELECT EXISTS (SELECT 1 FROM kept)
$$;

-- Entries of the audit go with their workspace, once its time is over, and in no other way.
CREATE OR REPLACE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM tenants WHERE tenants.id = OLD.tenant_id AND tenants.delete_after < now()) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit only grows: its rows are neither changed nor deleted'
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION due_tenants(most integer) RETURNS TABLE (id uuid, since interval)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id, now() - delete_after FROM tenants WHERE delete_after < now() ORDER BY delete_after LIMIT most
$$;

-- Stop what starts executions, and have providers forget their triggers. Returns how many of those are left.
CREATE FUNCTION erase_begin(wanted uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE waiting bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM tenants WHERE id = wanted AND delete_after < now()) THEN
    RAISE EXCEPTION 'this workspace stays';
  END IF;
  UPDATE workflows SET enabled = false WHERE tenant_id = wanted AND enabled;
  DELETE FROM webhooks WHERE tenant_id = wanted;
  UPDATE registrations SET status = 'leaving', leave_after = now() WHERE tenant_id = wanted AND status = 'active';
  SELECT count(*) INTO waiting FROM registrations WHERE tenant_id = wanted AND status IN ('joining', 'leaving');
  RETURN waiting;
END $$;

-- Delete at most so many rows of each table that has tenants' rows, whatever tables there are; the tenant itself and those
-- who belong to no other one come last. Returns how many rows went; 0 once the workspace is gone. A table whose rows others
-- still point at waits for the next call.
CREATE FUNCTION erase_rows(wanted uuid, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text; gone bigint; total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM tenants WHERE id = wanted AND delete_after < now()) THEN RETURN 0; END IF;
  FOR name IN
    SELECT one.table_name FROM information_schema.columns one
    JOIN information_schema.tables whole USING (table_schema, table_name)
    WHERE one.table_schema = 'public' AND one.column_name = 'tenant_id' AND whole.table_type = 'BASE TABLE'
      AND one.table_name <> 'memberships'
    ORDER BY one.table_name
  LOOP
    BEGIN
      EXECUTE format('DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE tenant_id = $1 LIMIT $2))', name, name)
        USING wanted, most;
      GET DIAGNOSTICS gone = ROW_COUNT;
      total := total + gone;
    EXCEPTION WHEN foreign_key_violation THEN
      total := total + 1;  -- there are some yet
    END;
  END LOOP;
  IF total > 0 THEN RETURN total; END IF;
  CREATE TEMPORARY TABLE leavers ON COMMIT DROP AS
    SELECT user_id FROM memberships mine WHERE mine.tenant_id = wanted
      AND NOT EXISTS (SELECT 1 FROM memberships other WHERE other.user_id = mine.user_id AND other.tenant_id <> wanted);
  DELETE FROM memberships WHERE tenant_id = wanted;
  DELETE FROM users WHERE id IN (SELECT user_id FROM leavers);
  DELETE FROM tenants WHERE id = wanted;
  DROP TABLE leavers;
  RETURN 1;
END $$;

-- Delete an account with what is the person's own. False, and nothing, for the only owner of a workspace.
CREATE FUNCTION erase_user(wanted uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM memberships WHERE tenant_id IN (SELECT tenant_id FROM memberships WHERE user_id = wanted)
    AND role = 'owner' ORDER BY tenant_id, user_id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM memberships mine WHERE mine.user_id = wanted AND mine.role = 'owner' AND NOT EXISTS (
      SELECT 1 FROM memberships other
      WHERE other.tenant_id = mine.tenant_id AND other.user_id <> wanted AND other.role = 'owner')) THEN
    RETURN false;
  END IF;
  DELETE FROM users WHERE id = wanted;
  RETURN true;
END $$;

REVOKE ALL ON FUNCTION request_deletion, cancel_deletion, due_tenants, erase_begin, erase_rows, erase_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_deletion, cancel_deletion, due_tenants, erase_begin, erase_rows, erase_user TO stepweave_app;
