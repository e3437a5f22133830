"""What the store holds, counted and bounded; and what was used, as events for whoever bills it."""

import json
from typing import Final

from alembic import op

revision = "0043"
down_revision = "0042"

_LIMITS: Final = {
    "free": {"entries": 10_000, "rows": 50_000, "stored": 256 * 1024**2},
    "team": {"entries": 1_000_000, "rows": 10_000_000, "stored": 50 * 1024**3},
}
_TABLES: Final = """
CREATE TABLE held_amounts (
  tenant_id uuid NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
  kind text NOT NULL,
  slot smallint NOT NULL,
  amount bigint NOT NULL,
  PRIMARY KEY (tenant_id, kind, slot)
);
COMMENT ON TABLE held_amounts IS 'What the store holds: the sum over slots, of which each connection writes its own';

CREATE TABLE metering_events (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
  month date NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL,
  added bigint NOT NULL,
  plan text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
);
COMMENT ON TABLE metering_events IS 'What was used up to a moment: amount of the month, added since the event before';
CREATE INDEX metering_events_latest ON metering_events (tenant_id, month, kind, at DESC);
CREATE INDEX metering_events_unsent ON metering_events (at) WHERE sent_at IS NULL;
"""
_OPEN: Final = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {table} TO stepweave_app
  USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY owner ON {table} TO CURRENT_USER USING (true);
GRANT SELECT ON {table} TO stepweave_app;
"""
_COUNTED: Final = """
-- Once for a statement. A connection has one slot, and writes its kinds in one order: no two wait for each other.
CREATE FUNCTION count_{kind}_{when}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE full_kind text; most bigint;
BEGIN
  INSERT INTO held_amounts AS h (tenant_id, kind, slot, amount)
  SELECT c.tenant_id, k.kind, pg_backend_pid() % 16, CASE k.kind WHEN 'stored' THEN c.bytes ELSE c.count END
  FROM (SELECT tenant_id, sum(sign) AS count, sum(sign * bytes) AS bytes FROM ({changed}) d GROUP BY tenant_id) c,
       (VALUES ('{kind}'), ('stored')) k(kind)
  ORDER BY c.tenant_id, k.kind
  ON CONFLICT (tenant_id, kind, slot) DO UPDATE SET amount = h.amount + excluded.amount;
  {checked}
  RETURN NULL;
END $$;
CREATE TRIGGER counted_{when} AFTER {what} ON {table} {tables}
  FOR EACH STATEMENT EXECUTE FUNCTION count_{kind}_{when}();
REVOKE ALL ON FUNCTION count_{kind}_{when}() FROM PUBLIC;
"""
_CHECKED: Final = """
  SELECT k.kind, (p.limits ->> k.kind)::bigint INTO full_kind, most
  FROM (SELECT DISTINCT tenant_id FROM made) m JOIN tenants t ON t.id = m.tenant_id JOIN plans p ON p.name = t.plan,
       (VALUES ('{kind}'), ('stored')) k(kind)
  WHERE p.limits ? k.kind AND quota_held(t.id, k.kind) > (p.limits ->> k.kind)::bigint
    AND (SELECT coalesce(sum(sign * CASE k.kind WHEN 'stored' THEN bytes ELSE 1 END), 0)
         FROM ({changed}) d WHERE d.tenant_id = t.id) > 0
  LIMIT 1;
  IF full_kind IS NOT NULL THEN
    RAISE EXCEPTION '% %', full_kind, most USING ERRCODE = 'SW402';
  END IF;
"""
_METERING: Final = """
-- Write down what was used since the last event, of everybody; an hour lies between two of one kind. Returns how many.
CREATE FUNCTION meter(most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH used AS (
    SELECT u.tenant_id, u.month, u.kind, sum(u.amount)::bigint AS amount FROM usage_months u
    WHERE u.month >= (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date GROUP BY 1, 2, 3
  ), added AS (
    INSERT INTO metering_events (id, tenant_id, month, kind, amount, added, plan)
    SELECT md5(u.tenant_id || ' ' || u.month || ' ' || u.kind || ' ' || u.amount)::uuid, u.tenant_id, u.month, u.kind,
           u.amount, u.amount - coalesce(l.amount, 0), t.plan
    FROM used u JOIN tenants t ON t.id = u.tenant_id
    LEFT JOIN LATERAL (
      SELECT e.amount, e.at FROM metering_events e
      WHERE e.tenant_id = u.tenant_id AND e.month = u.month AND e.kind = u.kind
      ORDER BY e.amount DESC LIMIT 1) l ON true
    WHERE u.amount > coalesce(l.amount, 0)
      AND (l.at IS NULL OR l.at < now() - interval '1 hour'
           OR u.month < date_trunc('month', now() AT TIME ZONE 'UTC')::date)
    ORDER BY u.tenant_id LIMIT most
    ON CONFLICT (id) DO NOTHING RETURNING 1)
  SELECT count(*) FROM added
$$;
CREATE FUNCTION unsent_metering(most integer) RETURNS SETOF metering_events
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM metering_events WHERE sent_at IS NULL ORDER BY at, id LIMIT most
$$;
CREATE FUNCTION metering_sent(ids uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE metering_events SET sent_at = now() WHERE id = ANY (ids) AND sent_at IS NULL
$$;
REVOKE ALL ON FUNCTION meter(integer), unsent_metering(integer), metering_sent(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION meter(integer), unsent_metering(integer), metering_sent(uuid[]) TO stepweave_app;
"""
_WAYS: Final = {
    "made": ("INSERT", "REFERENCING NEW TABLE AS made", "SELECT tenant_id, 1 AS sign, {bytes} AS bytes FROM made"),
    "changed": (
        "UPDATE",
        "REFERENCING OLD TABLE AS former NEW TABLE AS made",
        "SELECT tenant_id, 1 AS sign, {bytes} AS bytes FROM made "
        "UNION ALL SELECT tenant_id, -1, {bytes} FROM former",
    ),
    "gone": ("DELETE", "REFERENCING OLD TABLE AS former", "SELECT tenant_id, -1 AS sign, {bytes} AS bytes FROM former"),
}  # fmt: skip
_KEPT: Final = {
    "entries": ("store_entries", "octet_length(key) + octet_length(value::text)"),
    "rows": ("store_rows", "octet_length(data::text)"),
}


def upgrade() -> None:
    """Add the counters with what there is, the triggers that keep them, and the events."""
    op.execute(_TABLES)
    for table in ("held_amounts", "metering_events"):
        op.execute(_OPEN.format(table=table))
    for name, limits in _LIMITS.items():
        op.execute(f"UPDATE plans SET limits = limits || '{json.dumps(limits)}' WHERE name = '{name}'")  # noqa: S608  # of this file
    _replace_in("quota_held(uuid, text)", "END::bigint", _HELD + " END::bigint")
    for kind, (table, size) in _KEPT.items():
        for when, (what, tables, rows) in _WAYS.items():
            changed = rows.format(bytes=size)
            checked = _CHECKED.format(kind=kind, changed=changed) if when != "gone" else ""
            op.execute(
                _COUNTED.format(
                    kind=kind, when=when, what=what, table=table, tables=tables, changed=changed, checked=checked
                )
            )
        op.execute(
            f"INSERT INTO held_amounts AS h SELECT tenant_id, k.kind, 0, "  # noqa: S608  # of this file
            f"CASE k.kind WHEN 'stored' THEN sum({size}) ELSE count(*) END "
            f"FROM {table}, (VALUES ('{kind}'), ('stored')) k(kind) GROUP BY tenant_id, k.kind "
            "ON CONFLICT (tenant_id, kind, slot) DO UPDATE SET amount = h.amount + excluded.amount"
        )
    _replace_in("tenant_quotas()", "'bytes',", "'bytes', 'entries', 'rows', 'stored',")
    op.execute(_METERING)


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP FUNCTION meter(integer), unsent_metering(integer), metering_sent(uuid[])")
    _replace_in("tenant_quotas()", "'bytes', 'entries', 'rows', 'stored',", "'bytes',")
    _replace_in("quota_held(uuid, text)", _HELD, "")
    for kind, (table, _) in _KEPT.items():
        for when in _WAYS:
            op.execute(f"DROP TRIGGER counted_{when} ON {table}")
            op.execute(f"DROP FUNCTION count_{kind}_{when}()")
    op.execute("DROP TABLE metering_events, held_amounts")
    op.execute("UPDATE plans SET limits = limits - ARRAY['entries', 'rows', 'stored']")


_HELD: Final = (
    " WHEN 'entries' THEN (SELECT coalesce(sum(amount), 0) FROM held_amounts h"
    " WHERE h.tenant_id = tenant AND h.kind = 'entries')"
    " WHEN 'rows' THEN (SELECT coalesce(sum(amount), 0) FROM held_amounts h"
    " WHERE h.tenant_id = tenant AND h.kind = 'rows')"
    " WHEN 'stored' THEN (SELECT coalesce(sum(amount), 0) FROM held_amounts h"
    " WHERE h.tenant_id = tenant AND h.kind = 'stored')"
)


def _replace_in(function: str, former: str, new: str) -> None:
    """Change the text of a function. Raises where it does not have what is to be changed."""
    former, new = former.replace("'", "''"), new.replace("'", "''")
    op.execute(
        f"""
        DO $do$
        DECLARE said text := pg_get_functiondef('{function}'::regprocedure);
        BEGIN
          IF position('{former}' IN said) = 0 THEN RAISE EXCEPTION 'nothing to change in {function}'; END IF;
          EXECUTE replace(said, '{former}', '{new}');
        END $do$
        """
    )
