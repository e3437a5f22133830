"""What is the case now, for the rules of the transaction's tenant. Reads only, but for where a rule's looking begins.

Each query answers for all rules of its kind at once, so a tenant's hundred rules cost seven queries a minute.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from stepweave_data.alerting.rules import Found
from stepweave_data.link import Connection
from stepweave_data.store.budgets import month_of

LAG: Final = timedelta(minutes=2)
"""An end is counted up to a minute after it was: who waits for a success waits so much longer."""

_SEEN: Final = "SELECT coalesce(max(seq), 0) FROM alert_ends WHERE tenant_id = %(tenant)s"
_ERROR: Final = """jsonb_build_object('type', e.type, 'message', e.message, 'nodeId', e.node_id,
  'executionId', e.execution_id, 'status', e.status)"""
_FAILURE: Final = """
SELECT DISTINCT ON (r.id, k.key) r.id::text, k.key, max(e.at) OVER w, e.workflow_id::text, NULL,
  count(*) OVER w, {error}
FROM alert_rules r JOIN alert_scopes s ON s.rule_id = r.id
JOIN alert_ends e ON e.workflow_id = s.workflow_id AND e.seq > r.seen_seq AND e.seq <= %(seq)s
CROSS JOIN LATERAL (
  SELECT e.workflow_id || CASE WHEN r.by_fault THEN coalesce('/' || e.group_id, '') ELSE '' END AS key) k
WHERE r.tenant_id = %(tenant)s AND r.kind = 'failure' AND e.status IN ('failed', 'timed_out') AND e.at >= r.armed_at
WINDOW w AS (PARTITION BY r.id, k.key) ORDER BY r.id, k.key, e.at DESC, e.seq DESC
"""
_DURATION: Final = """
SELECT DISTINCT ON (r.id, e.workflow_id) r.id::text, e.workflow_id::text, max(e.at) OVER w, e.workflow_id::text, NULL,
  count(*) OVER w, jsonb_build_object('seconds', e.ms / 1000, 'executionId', e.execution_id, 'status', e.status)
FROM alert_rules r JOIN alert_scopes s ON s.rule_id = r.id
JOIN alert_ends e ON e.workflow_id = s.workflow_id AND e.seq > r.seen_seq AND e.seq <= %(seq)s
WHERE r.tenant_id = %(tenant)s AND r.kind = 'duration' AND e.ms > (r.condition ->> 'seconds')::bigint * 1000
  AND e.at >= r.armed_at
WINDOW w AS (PARTITION BY r.id, e.workflow_id) ORDER BY r.id, e.workflow_id, e.at DESC, e.seq DESC
"""
_RUNNING: Final = """
SELECT DISTINCT ON (r.id, x.workflow_id) r.id::text, x.workflow_id::text, %(now)s::timestamptz, x.workflow_id::text,
  NULL, 1,
  jsonb_build_object('seconds', floor(extract(epoch FROM %(now)s::timestamptz - x.started_at))::bigint,
    'executionId', x.id, 'status', 'running')
FROM alert_rules r JOIN alert_scopes s ON s.rule_id = r.id
JOIN executions x ON x.workflow_id = s.workflow_id AND x.status = 'running' AND x.mode = 'live'
  AND x.environment = 'production'
  AND x.started_at < %(now)s::timestamptz - make_interval(secs => (r.condition ->> 'seconds')::bigint)
WHERE r.tenant_id = %(tenant)s AND r.kind = 'duration' ORDER BY r.id, x.workflow_id, x.started_at
"""
_FAILURES: Final = """
SELECT r.id::text, k.key, max(e.at), max(e.workflow_id::text), NULL, count(*),
  (array_agg({error} ORDER BY e.at DESC))[1]
FROM alert_rules r JOIN alert_scopes s ON s.rule_id = r.id
JOIN alert_ends e ON e.workflow_id = s.workflow_id AND e.at >= r.armed_at
  AND e.at > %(now)s::timestamptz - make_interval(mins => (r.condition ->> 'minutes')::integer)
CROSS JOIN LATERAL (
  SELECT e.workflow_id || CASE WHEN r.by_fault THEN coalesce('/' || e.group_id, '') ELSE '' END AS key) k
WHERE r.tenant_id = %(tenant)s AND r.kind = 'failures' AND e.status IN ('failed', 'timed_out')
GROUP BY r.id, k.key HAVING count(*) >= (r.condition ->> 'count')::integer
"""
_RATE: Final = """
SELECT r.id::text, s.workflow_id::text, max(e.at), s.workflow_id::text, NULL, count(*),
  jsonb_build_object('failed', count(*) FILTER (WHERE e.status <> 'succeeded'), 'percent',
    round(100.0 * count(*) FILTER (WHERE e.status <> 'succeeded') / count(*), 1))
FROM alert_rules r JOIN alert_scopes s ON s.rule_id = r.id
JOIN alert_ends e ON e.workflow_id = s.workflow_id AND e.status <> 'cancelled' AND e.at >= r.armed_at
  AND e.at > %(now)s::timestamptz - make_interval(mins => (r.condition ->> 'minutes')::integer)
WHERE r.tenant_id = %(tenant)s AND r.kind = 'failure_rate' GROUP BY r.id, s.workflow_id
HAVING count(*) >= (r.condition ->> 'atLeast')::integer
  AND 100.0 * count(*) FILTER (WHERE e.status <> 'succeeded') / count(*) >= (r.condition ->> 'percent')::numeric
"""
# A workflow that is off succeeds at nothing: its time begins anew when it is switched on.
_WATCH: Final = """
INSERT INTO alert_health AS h (workflow_id, tenant_id, watched_from)
SELECT DISTINCT s.workflow_id, s.tenant_id, %(now)s::timestamptz
FROM alert_scopes s JOIN alert_rules r ON r.id = s.rule_id
WHERE r.kind = 'no_success' AND NOT s.is_live ORDER BY 1
ON CONFLICT (workflow_id) DO UPDATE SET watched_from = excluded.watched_from
"""
_NO_SUCCESS: Final = """
SELECT r.id::text, s.workflow_id::text, %(now)s::timestamptz, s.workflow_id::text, NULL, 0,
  jsonb_build_object('lastSuccessAt', h.success_at, 'lastFailureAt', h.failure_at)
FROM alert_rules r JOIN alert_scopes s ON s.rule_id = r.id AND s.is_live
LEFT JOIN alert_health h ON h.workflow_id = s.workflow_id
WHERE r.tenant_id = %(tenant)s AND r.kind = 'no_success'
  AND greatest(h.success_at, h.watched_from, r.armed_at) + make_interval(mins => (r.condition ->> 'minutes')::integer)
    + %(lag)s < %(now)s::timestamptz
"""
_BUDGET: Final = """
SELECT r.id::text, b.key || '/' || %(month)s, %(now)s::timestamptz, b.workflow_id, NULL, 0,
  jsonb_build_object('percent', round(b.percent, 1), 'month', %(month)s)
FROM alert_rules r CROSS JOIN LATERAL (
  SELECT 'tenant' AS key, NULL AS workflow_id,
    100 * greatest(m.money / nullif(t.month_money, 0), m.tokens::numeric / nullif(t.month_tokens, 0)) AS percent
  FROM tenant_budgets t JOIN model_spending m ON m.tenant_id = t.tenant_id AND m.scope = 'tenant'
    AND m.of = t.tenant_id::text AND m.period = %(month)s
  WHERE t.tenant_id = r.tenant_id AND r.project_id IS NULL AND r.workflow_id IS NULL
  UNION ALL
  SELECT w.id::text, w.id::text, 100 * greatest(
    m.money / CASE WHEN json_typeof(b.budget -> 'monthMoney') = 'number'
      THEN nullif((b.budget ->> 'monthMoney')::numeric, 0) END,
    m.tokens / CASE WHEN json_typeof(b.budget -> 'monthTokens') = 'number'
      THEN nullif((b.budget ->> 'monthTokens')::numeric, 0) END)
  FROM alert_scopes s JOIN workflows w ON w.id = s.workflow_id
  JOIN model_spending m ON m.tenant_id = w.tenant_id AND m.scope = 'workflow' AND m.of = w.id::text
    AND m.period = %(month)s
  CROSS JOIN LATERAL (SELECT w.document #> '{settings,budget}' AS budget) b WHERE s.rule_id = r.id
) b
WHERE r.tenant_id = %(tenant)s AND r.kind = 'budget' AND r.enabled AND b.percent >= (r.condition ->> 'percent')::numeric
"""
_CREDENTIAL: Final = """
SELECT r.id::text, c.id::text, %(now)s::timestamptz, NULL, c.id::text, 0,
  jsonb_build_object('credential', c.name, 'endsAt', c.ends, 'lost', c.lost)
FROM alert_rules r JOIN (
  SELECT id, tenant_id, project_id, name, least(expires_at, ends_at) AS ends, connection = 'lost' AS lost
  FROM credentials
) c ON c.tenant_id = r.tenant_id AND (r.project_id IS NULL OR r.project_id = c.project_id)
WHERE r.tenant_id = %(tenant)s AND r.kind = 'credential' AND r.enabled AND r.workflow_id IS NULL
  AND (c.lost OR c.ends < %(now)s::timestamptz + make_interval(days => (r.condition ->> 'days')::integer))
"""
_QUERIES: Final = {
    "failure": (_FAILURE,),
    "duration": (_DURATION, _RUNNING),
    "failures": (_FAILURES,),
    "failure_rate": (_RATE,),
    "no_success": (_NO_SUCCESS,),
    "budget": (_BUDGET,),
    "credential": (_CREDENTIAL,),
}


def find(connection: Connection, tenant_id: str, kinds: set[str], now: datetime) -> tuple[list[Found], int]:
    """Return what is the case for rules of some kinds, and up to which end was looked."""
    row = connection.execute(_SEEN.encode(), {"tenant": tenant_id}).fetchone()
    seq = int(row[0]) if row else 0
    values: dict[str, Any] = {"tenant": tenant_id, "now": now, "seq": seq, "lag": LAG, "month": month_of(now)}
    if "no_success" in kinds:
        connection.execute(_WATCH.encode(), values)
    found = [
        Found(*row)
        for kind in sorted(kinds)
        for query in _QUERIES[kind]
        for row in connection.execute(query.replace("{error}", _ERROR).encode(), values)
    ]
    return found, seq
