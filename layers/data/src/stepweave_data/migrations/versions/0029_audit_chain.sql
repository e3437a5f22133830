-- Who acted: a person, an API key of a person, a service account, the system itself, or somebody who is not known.
-- `actor` is what they were called then: it stays when they are gone, and so no row points to users any more.
ALTER TABLE audit
  ADD COLUMN actor_kind text NOT NULL DEFAULT 'person',
  ADD COLUMN actor text NOT NULL DEFAULT '',
  ADD COLUMN key_id uuid,
  ADD COLUMN address text NOT NULL DEFAULT '',
  ADD COLUMN agent text NOT NULL DEFAULT '',
  ADD COLUMN request_id text NOT NULL DEFAULT '',
  ADD COLUMN before jsonb,
  ADD COLUMN after jsonb;
ALTER TABLE audit DROP CONSTRAINT audit_user_id_fkey;
UPDATE audit SET actor = users.email FROM users WHERE users.id = audit.user_id;
CREATE INDEX audit_by_actor ON audit (tenant_id, user_id, at DESC);
CREATE INDEX audit_by_action ON audit (tenant_id, action text_pattern_ops);
CREATE INDEX audit_by_subject ON audit (tenant_id, subject);

-- The place of each row in its tenant's chain: `hash` is the SHA-256 of `audit_text`, which has the hash before it.
CREATE TABLE audit_chain (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  seq bigint NOT NULL,
  audit_id uuid NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX audit_chain_by_row ON audit_chain (audit_id);

-- The end of each chain. Its row is the lock at which writers of one tenant queue.
CREATE TABLE audit_heads (
  tenant_id uuid PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
  seq bigint NOT NULL,
  hash bytea NOT NULL
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_chain', 'audit_heads'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO stepweave_app USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      name);
    EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
    EXECUTE format('GRANT SELECT ON %I TO stepweave_app', name);
  END LOOP;
END $$;

-- What is hashed: the whole row, its number and the hash before it, as one JSON text. `jsonb` has one way to be written.
CREATE FUNCTION audit_text(entry audit, seq bigint, previous bytea) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object(
    'seq', seq, 'previous', encode(previous, 'hex'), 'id', entry.id, 'tenantId', entry.tenant_id,
    'at', (extract(epoch FROM entry.at) * 1000000)::bigint, 'actorKind', entry.actor_kind, 'actor', entry.actor,
    'userId', entry.user_id, 'keyId', entry.key_id, 'address', entry.address, 'agent', entry.agent,
    'requestId', entry.request_id, 'action', entry.action, 'subject', entry.subject, 'details', entry.details,
    'before', entry.before, 'after', entry.after)::text
$$;

-- Put a row behind the last one of its tenant. Waits for whoever does the same.
CREATE FUNCTION audit_link(entry audit) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head audit_heads;
BEGIN
  INSERT INTO audit_heads (tenant_id, seq, hash) VALUES (entry.tenant_id, 0, '\x') ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM audit_heads WHERE tenant_id = entry.tenant_id FOR UPDATE;
  head.hash := sha256(convert_to(audit_text(entry, head.seq + 1, head.hash), 'UTF8'));
  head.seq := head.seq + 1;
  UPDATE audit_heads SET seq = head.seq, hash = head.hash WHERE tenant_id = entry.tenant_id;
  INSERT INTO audit_chain (tenant_id, seq, audit_id, hash) VALUES (entry.tenant_id, head.seq, entry.id, head.hash);
END $$;
REVOKE ALL ON FUNCTION audit_link(audit) FROM PUBLIC;

DO $$
DECLARE entry audit;
BEGIN
  FOR entry IN SELECT * FROM audit ORDER BY at, id LOOP PERFORM audit_link(entry); END LOOP;
END $$;

CREATE FUNCTION audit_chained() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM audit_link(NEW);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_chained() FROM PUBLIC;

-- At the commit, as the last thing of a transaction: nobody who holds a chain's end waits for another lock, so writers
-- cannot wait for each other in a circle, and the wait is as short as a commit.
CREATE CONSTRAINT TRIGGER audit_is_chained AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_chained();

CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the audit only grows: its rows are neither changed nor deleted'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_kept();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();
CREATE TRIGGER audit_chain_stays BEFORE UPDATE OR DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_kept();
CREATE TRIGGER audit_chain_is_never_emptied BEFORE TRUNCATE ON audit_chain
  FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();

-- What does not fit, the first ones: of the tenant of the session, or of every tenant for the owner.
CREATE FUNCTION audit_verify(most integer) RETURNS TABLE (tenant_id uuid, seq bigint, audit_id uuid, problem text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH linked AS (
    SELECT link.*, lag(link.seq, 1, 0::bigint) OVER chain AS seq_before, lag(link.hash, 1, '\x') OVER chain AS hash_before
    FROM audit_chain link WINDOW chain AS (PARTITION BY link.tenant_id ORDER BY link.seq)
  ), ends AS (
    SELECT DISTINCT ON (link.tenant_id) link.* FROM audit_chain link ORDER BY link.tenant_id, link.seq DESC
  ), found AS (
    SELECT linked.tenant_id, linked.seq, linked.audit_id, CASE
      WHEN linked.seq <> linked.seq_before + 1 THEN 'gap'
      WHEN audit.id IS NULL THEN 'missing'
      WHEN linked.hash <> sha256(convert_to(audit_text(audit, linked.seq, linked.hash_before), 'UTF8')) THEN 'changed'
      END AS problem
    FROM linked LEFT JOIN audit ON audit.id = linked.audit_id AND audit.tenant_id = linked.tenant_id
    UNION ALL
    SELECT audit.tenant_id, NULL, audit.id, 'unchained' FROM audit
    WHERE NOT EXISTS (SELECT 1 FROM audit_chain link WHERE link.audit_id = audit.id)
    UNION ALL
    SELECT coalesce(head.tenant_id, ends.tenant_id), coalesce(head.seq, ends.seq), ends.audit_id, 'end' FROM audit_heads head
    FULL JOIN ends ON ends.tenant_id = head.tenant_id
    WHERE (head.seq, head.hash) IS DISTINCT FROM (ends.seq, ends.hash)
  )
  SELECT * FROM found WHERE found.problem IS NOT NULL ORDER BY 1, 2, 3 LIMIT most
$$;

-- The application reads and adds. Of a row it says neither the id nor the time.
REVOKE ALL ON audit FROM stepweave_app;
GRANT SELECT ON audit TO stepweave_app;
GRANT INSERT (tenant_id, user_id, action, subject, details, actor_kind, actor, key_id, address, agent, request_id,
              before, after) ON audit TO stepweave_app;
