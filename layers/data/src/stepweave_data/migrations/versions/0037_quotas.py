"""Plans, what a tenant may hold of each kind, and what it uses in a month."""

import json
from typing import Final

from alembic import op

revision = "0037"
down_revision = "0036"

_PLANS: Final = {
    "free": {
        "workflows": 20, "versions": 500, "credentials": 20, "schedules": 20, "webhooks": 40, "members": 3, "apis": 10,
        "tables": 10, "memories": 1000, "bytes": 1024**3, "machines": 200, "executions": 10_000,
    },
    "team": {
        "workflows": 500, "versions": 20_000, "credentials": 500, "schedules": 1000, "webhooks": 1000, "members": 100,
        "apis": 100, "tables": 200, "memories": 100_000, "bytes": 100 * 1024**3, "machines": 5000,
        "executions": 1_000_000,
    },
    "unlimited": {},
}  # fmt: skip
"""What a plan allows, by kind; what it does not name has no limit. `executions` are those of a month."""
_HELD: Final = {
    "workflows": ("workflows", "count(*) FILTER (WHERE deleted_at IS NULL)"),
    "versions": ("workflow_versions", "count(*)"),
    "machines": ("compiled_machines", "count(*)"),
    "credentials": ("credentials", "count(*)"),
    "schedules": ("schedules", "count(*)"),
    "webhooks": ("webhooks", "count(*)"),
    "members": ("memberships", "count(*)"),
    "apis": ("apis", "count(*)"),
    "tables": ("store_tables", "count(*)"),
    "memories": ("memory_sessions", "count(*)"),
    "bytes": ("files", "coalesce(sum(size), 0)"),
}


_TABLES: Final = """
ALTER TABLE tenants ADD COLUMN plan text NOT NULL DEFAULT 'unlimited' REFERENCES plans(name);

CREATE TABLE usage_months (
  tenant_id uuid NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
  month date NOT NULL,
  kind text NOT NULL,
  slot smallint NOT NULL,
  amount bigint NOT NULL,
  PRIMARY KEY (tenant_id, month, kind, slot)
);
COMMENT ON TABLE usage_months IS 'What is metered: the sum over slots, which keep writers out of each other''s way';
ALTER TABLE usage_months ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_months FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON usage_months TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON usage_months TO CURRENT_USER USING (true);
GRANT SELECT ON usage_months TO stepweave_app;

CREATE FUNCTION quota_held(tenant uuid, kind text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE kind {held}
    WHEN 'executions' THEN (SELECT coalesce(sum(amount), 0) FROM usage_months m WHERE m.tenant_id = tenant
      AND m.kind = 'executions' AND m.month = date_trunc('month', now() AT TIME ZONE 'UTC')::date) END::bigint
$$;
REVOKE ALL ON FUNCTION quota_held(uuid, text) FROM PUBLIC;

-- Once for a statement that adds rows. Who adds to the same kind waits for the other's end, and counts its rows.
CREATE FUNCTION within_quota() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE kind text := TG_ARGV[0]; tenant uuid; most bigint; held bigint;
BEGIN
  FOR tenant, most IN SELECT t.id, (p.limits ->> kind)::bigint FROM tenants t JOIN plans p ON p.name = t.plan
    WHERE t.id IN (SELECT tenant_id FROM made) AND p.limits ? kind
  LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(tenant || ' ' || kind, 36));
    held := quota_held(tenant, kind);
    IF held > most THEN
      RAISE EXCEPTION '% %', kind, most USING ERRCODE = 'SW402';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION meter_executions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO usage_months (tenant_id, month, kind, slot, amount)
  SELECT tenant_id, date_trunc('month', now() AT TIME ZONE 'UTC')::date, 'executions',
         (random() * 15)::smallint, count(*) FROM made GROUP BY tenant_id
  ON CONFLICT (tenant_id, month, kind, slot) DO UPDATE SET amount = usage_months.amount + excluded.amount;
  RETURN NULL;
END $$;
CREATE TRIGGER metered AFTER INSERT ON executions REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION meter_executions();

-- The plan of the caller's tenant, what it allows and what is held.
CREATE FUNCTION tenant_quotas() RETURNS TABLE (kind text, held bigint, most bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.kind, quota_held(t.id, k.kind), (p.limits ->> k.kind)::bigint
  FROM unnest(ARRAY[{kinds}]) WITH ORDINALITY AS k(kind, place),
       tenants t JOIN plans p ON p.name = t.plan
  WHERE t.id = nullif(current_setting('app.tenant_id', true), '')::uuid ORDER BY k.place
$$;
CREATE FUNCTION executions_left() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  -- One after another, where there is a limit: each counts what the one before began.
  SELECT pg_advisory_xact_lock(hashtextextended(t.id || ' executions', 36))
  FROM tenants t JOIN plans p ON p.name = t.plan
  WHERE t.id = nullif(current_setting('app.tenant_id', true), '')::uuid AND p.limits ? 'executions';
  SELECT (p.limits ->> 'executions')::bigint - quota_held(t.id, 'executions')
  FROM tenants t JOIN plans p ON p.name = t.plan
  WHERE t.id = nullif(current_setting('app.tenant_id', true), '')::uuid AND p.limits ? 'executions'
$$;
REVOKE ALL ON FUNCTION tenant_quotas(), executions_left(), within_quota(), meter_executions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_quotas(), executions_left() TO stepweave_app;
"""


def upgrade() -> None:
    """Add plans, the triggers that keep them, and the months."""
    op.execute(
        """
        CREATE TABLE plans (name text PRIMARY KEY, limits jsonb NOT NULL);
        ALTER TABLE plans ENABLE ROW LEVEL SECURITY;
        ALTER TABLE plans FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON plans FOR SELECT TO stepweave_app
          USING (nullif(current_setting('app.tenant_id', true), '') IS NOT NULL);
        CREATE POLICY owner ON plans TO CURRENT_USER USING (true);
        GRANT SELECT ON plans TO stepweave_app;
        """
    )
    for name, limits in _PLANS.items():
        op.execute(f"INSERT INTO plans VALUES ('{name}', '{json.dumps(limits)}')")  # noqa: S608  # of this file
    case = "WHEN '{}' THEN (SELECT {} FROM {} WHERE tenant_id = tenant)"
    held = " ".join(case.format(kind, what, table) for kind, (table, what) in _HELD.items())
    op.execute(_TABLES.format(held=held, kinds=", ".join(f"'{kind}'" for kind in (*_HELD, "executions"))))
    for kind, (table, _) in _HELD.items():
        op.execute(
            f"CREATE TRIGGER within_quota AFTER INSERT ON {table} REFERENCING NEW TABLE AS made "
            f"FOR EACH STATEMENT EXECUTE FUNCTION within_quota('{kind}')"
        )


def downgrade() -> None:
    """Take them away."""
    for table, _ in _HELD.values():
        op.execute(f"DROP TRIGGER within_quota ON {table}")
    op.execute("DROP TRIGGER metered ON executions")
    op.execute("DROP FUNCTION within_quota(), meter_executions(), tenant_quotas(), executions_left()")
    op.execute("DROP FUNCTION quota_held(uuid, text)")
    op.execute("DROP TABLE usage_months")
    op.execute("ALTER TABLE tenants DROP COLUMN plan")
    op.execute("DROP TABLE plans")
