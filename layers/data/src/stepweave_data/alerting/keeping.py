"""Opens, goes on with and resolves alerts of a tenant, and writes down what is to be said of it.

All in one transaction, and one evaluator of a tenant at a time: what dies on the way has changed nothing, what runs
twice finds the second time that all is as it should be. So nothing is said twice, and nothing is left out.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg.rows import dict_row

from stepweave_data.alerting.finding import find
from stepweave_data.alerting.rules import EVENTS, Found
from stepweave_data.link import Connection

_ALONE: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended('alerts:' || %s, 0))"
_RULES: Final = """
SELECT id::text, name, kind, condition, targets, throttle_minutes, remind_minutes FROM alert_rules
WHERE tenant_id = %s AND enabled ORDER BY id FOR UPDATE
"""
_OPEN: Final = """
SELECT a.id::text, a.rule_id::text, a.kind, a.key, a.workflow_id::text, a.state, a.facts, a.opened_at,
  a.last_at, a.seen, a.times, a.told, a.told_at, w.deleted_at IS NOT NULL AS gone, h.success_at,
  a.kind = 'duration' AND a.last_at < (SELECT max(e.at) FROM alert_ends e WHERE e.workflow_id = a.workflow_id
    AND e.status = 'succeeded' AND e.ms <= (r.condition ->> 'seconds')::bigint * 1000) AS quick
FROM alerts a JOIN alert_rules r ON r.id = a.rule_id LEFT JOIN workflows w ON w.id = a.workflow_id
LEFT JOIN alert_health h ON h.workflow_id = a.workflow_id
WHERE a.tenant_id = %s AND a.state <> 'resolved' ORDER BY a.opened_at, a.id
"""
_LAST: Final = """
SELECT DISTINCT ON (a.rule_id, a.key) a.id::text, a.rule_id::text, a.kind, a.key, a.workflow_id::text, a.state,
  a.facts, a.opened_at, a.last_at, a.seen, a.times, a.told, a.told_at, a.quiet
FROM alerts a
JOIN unnest(%s::uuid[], %s::text[]) AS wanted(rule_id, key) ON a.rule_id = wanted.rule_id AND a.key = wanted.key
WHERE a.state = 'resolved' ORDER BY a.rule_id, a.key, a.resolved_at DESC
"""
_QUIET: Final = "SELECT id::text, rule_id::text, key FROM alerts WHERE tenant_id = %s AND quiet AND rule_id IS NOT NULL"
_LOUD: Final = "UPDATE alerts SET quiet = false WHERE id = ANY (%s::uuid[])"
_INSERT: Final = """
INSERT INTO alerts (tenant_id, rule_id, rule_name, kind, key, workflow_id, credential_id, facts, seen, opened_at,
  last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id::text
"""
_AGAIN: Final = """
UPDATE alerts SET state = 'open', facts = %s, seen = seen + %s, times = times + 1, last_at = %s, rule_name = %s,
  acknowledged_at = NULL, acknowledged_by = NULL, resolved_at = NULL, resolved_by = NULL, resolution = NULL
WHERE id = %s
"""
_GO_ON: Final = "UPDATE alerts SET facts = %s, seen = %s, last_at = greatest(last_at, %s), rule_name = %s WHERE id = %s"
_RESOLVE: Final = "UPDATE alerts SET state = 'resolved', resolved_at = %s, resolution = %s WHERE id = %s"
_END: Final = """
UPDATE alerts SET state = 'resolved', resolved_at = %s, resolution = %s, resolved_by = %s,
  quiet = %s = 'person' AND NOT kind = ANY (%s)
WHERE id = ANY (%s::uuid[]) AND state <> 'resolved' RETURNING id::text
"""
_SOME: Final = """
SELECT id::text, rule_id::text, kind, key, workflow_id::text, state, facts, opened_at, last_at, seen, times, told,
  resolution FROM alerts WHERE id = ANY (%s::uuid[])
"""
_TOLD: Final = "UPDATE alerts SET told = %s, told_at = %s WHERE id = ANY (%s::uuid[])"
_SAY: Final = """
INSERT INTO alert_deliveries (tenant_id, rule_id, target_id, target_kind, target_label, content, next_at, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_LOOKED: Final = "UPDATE alert_rules SET seen_seq = %s WHERE id = ANY (%s::uuid[]) AND seen_seq < %s"
_NAMES: Final = "SELECT id::text, name FROM workflows WHERE id = ANY (%s::uuid[])"


@dataclass
class Saying:
    """What is to be said for one rule: what happened (`opened`, `passed`: and it
    is over already; `again`, `reminder`, `resolved`) to which alert."""

    rule: dict[str, Any]
    news: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def evaluate(connection: Connection, tenant_id: str, now: datetime) -> int:
    """Look at what rules of the transaction's tenant watch, and return how many messages are to be said.

    Args:
        connection: within a transaction of the tenant.
        tenant_id: whose.
        now: the time that is meant.
    """
    row = connection.execute(_ALONE.encode(), (tenant_id,)).fetchone()
    if not (row and row[0]):
        return 0
    rules = {rule["id"]: rule for rule in _all(connection, _RULES, (tenant_id,))}
    if not rules:
        return 0
    found, seq = find(connection, tenant_id, {rule["kind"] for rule in rules.values()}, now)
    sayings = {id: Saying(rule) for id, rule in rules.items()}
    _Keeper(connection, tenant_id, now, sayings).keep(found)
    connection.execute(_LOOKED.encode(), (seq, list(rules), seq))
    return say(connection, tenant_id, sayings.values(), now)


@dataclass(frozen=True)
class _Keeper:
    connection: Connection
    tenant_id: str
    now: datetime
    sayings: dict[str, Saying]

    def keep(self, found: Sequence[Found]) -> None:
        """Bring alerts to what was found."""
        is_open = {(one["rule_id"], one["key"]): one for one in _all(self.connection, _OPEN, (self.tenant_id,))}
        fresh = [one for one in _newest(found) if (one.rule_id, one.key) not in is_open]
        closed = self._closed(fresh)
        holds = {(one.rule_id, one.key) for one in found}
        self._speak_again(holds)
        for one in fresh:
            if made := self._open(one, closed.get((one.rule_id, one.key))):
                is_open[one.rule_id, one.key] = made
        for one in _newest(found):
            if one not in fresh:
                self._go_on(one, is_open[one.rule_id, one.key])
        for place, alert in is_open.items():
            if (saying := self.sayings.get(alert["rule_id"])) is None:
                continue  # the rule is switched off, and its alerts are whoever switched it off's
            if resolution := _over(alert, holds=place in holds):
                self._resolve(saying, alert, resolution)
            else:
                self._remind(saying, alert)

    def _closed(self, fresh: Sequence[Found]) -> dict[tuple[str, str], dict[str, Any]]:
        values = ([one.rule_id for one in fresh], [one.key for one in fresh])
        return {(one["rule_id"], one["key"]): one for one in _all(self.connection, _LAST, values)}

    def _speak_again(self, holds: set[tuple[str, str]]) -> None:
        """What a person resolved, and is no longer so, may open again."""
        over = [
            one["id"]
            for one in _all(self.connection, _QUIET, (self.tenant_id,))
            if (one["rule_id"], one["key"]) not in holds
        ]
        if over:
            self.connection.execute(_LOUD.encode(), (over,))

    def _open(self, found: Found, closed: dict[str, Any] | None) -> dict[str, Any] | None:
        """Open an alert, or the one that was resolved a moment ago. A person's word counts until it was otherwise."""
        saying = self.sayings[found.rule_id]
        rule = saying.rule
        if closed is not None and closed["quiet"] and rule["kind"] not in EVENTS:
            return None
        facts = json.dumps(found.facts, default=str)
        throttle = timedelta(minutes=rule["throttle_minutes"])
        if closed is not None and closed["told_at"] is not None and closed["told_at"] + throttle > self.now:
            values = (facts, found.seen, found.at, rule["name"], closed["id"])
            self.connection.execute(_AGAIN.encode(), values)
            return (
                closed
                | {"state": "open", "facts": json.loads(facts), "last_at": found.at, "gone": False}
                | {"seen": closed["seen"] + found.seen, "times": closed["times"] + 1, **self._health(found)}
            )
        row = self.connection.execute(
            _INSERT.encode(),
            (
                self.tenant_id, rule["id"], rule["name"], rule["kind"], found.key, found.workflow_id,
                found.credential_id, facts, found.seen, self.now, found.at,
            ),
        ).fetchone()  # fmt: skip
        alert = {
            "id": row[0] if row else "", "rule_id": rule["id"], "kind": rule["kind"], "key": found.key,
            "workflow_id": found.workflow_id, "state": "open", "facts": json.loads(facts), "opened_at": self.now,
            "last_at": found.at, "seen": found.seen, "times": 1, "told": "", "told_at": None, "gone": False,
            **self._health(found),
        }  # fmt: skip
        saying.news.append(("opened", alert))
        alert["told"], alert["told_at"] = "open", self.now
        return alert

    def _health(self, found: Found) -> dict[str, Any]:
        """Return whether it is over already: what failed, and has succeeded since, within one minute."""
        if found.workflow_id is None:
            return {"success_at": None, "quick": False}
        query = "SELECT success_at FROM alert_health WHERE workflow_id = %s"
        row = self.connection.execute(query.encode(), (found.workflow_id,)).fetchone()
        return {"success_at": row[0] if row else None, "quick": False}

    def _go_on(self, found: Found, alert: dict[str, Any]) -> None:
        seen = alert["seen"] + found.seen if alert["kind"] == "failure" else max(found.seen, alert["seen"])
        facts = json.dumps(found.facts, default=str)
        name = self.sayings[found.rule_id].rule["name"]
        self.connection.execute(_GO_ON.encode(), (facts, seen, found.at, name, alert["id"]))
        alert |= {"facts": json.loads(facts), "seen": seen, "last_at": max(found.at, alert["last_at"])}
        if alert["last_at"] == found.at:
            alert["quick"] = False

    def _resolve(self, saying: Saying, alert: dict[str, Any], resolution: str) -> None:
        self.connection.execute(_RESOLVE.encode(), (self.now, resolution, alert["id"]))
        alert |= {"state": "resolved", "resolution": resolution}
        if ("opened", alert) in saying.news:
            saying.news[saying.news.index(("opened", alert))] = ("passed", alert)
        elif alert["told"] == "open":
            saying.news.append(("resolved", alert))

    def _remind(self, saying: Saying, alert: dict[str, Any]) -> None:
        """Say what opened again while nothing was said; and what is open for long, unless somebody took it on."""
        quiet_for = self.now - alert["told_at"] if alert["told_at"] is not None else timedelta.max
        if alert["state"] != "open":
            return
        if alert["told"] != "open":
            if quiet_for >= timedelta(minutes=saying.rule["throttle_minutes"]):
                saying.news.append(("again", alert))
        elif saying.rule["remind_minutes"] > 0 and quiet_for >= timedelta(minutes=saying.rule["remind_minutes"]):
            saying.news.append(("reminder", alert))


def _over(alert: dict[str, Any], *, holds: bool) -> str:
    """Return why an alert ends; "" while it does not."""
    if alert["gone"]:
        return "deleted"
    if alert["kind"] == "failure":
        return "recovered" if alert["success_at"] is not None and alert["success_at"] > alert["last_at"] else ""
    if alert["kind"] == "duration":
        return "recovered" if alert["quick"] and not holds else ""
    return "" if holds else "recovered"


def _newest(found: Sequence[Found]) -> list[Found]:
    """Return what was found once for each key: what is so now before what was."""
    return list({(one.rule_id, one.key): one for one in found}.values())


def say(connection: Connection, tenant_id: str, sayings: Iterable[Saying], now: datetime) -> int:
    """Write down what is to be said to each target of rules; return how many messages that is."""
    count = 0
    told: dict[str, list[str]] = defaultdict(list)
    sayings = [one for one in sayings if one.news]
    ids = [alert["workflow_id"] for one in sayings for _, alert in one.news if alert["workflow_id"]]
    names: dict[str, str] = dict(connection.execute(_NAMES.encode(), (ids,)).fetchall()) if ids else {}
    for saying in sayings:
        rule = saying.rule
        content = {
            "rule": {"id": rule["id"], "name": rule["name"], "kind": rule["kind"], "condition": rule["condition"]},
            "at": now.isoformat(),
            "alerts": [_told(news, alert, names) for news, alert in saying.news],
        }
        for news, alert in saying.news:
            told["resolved" if news in ("resolved", "passed") else "open"].append(alert["id"])
        for target in rule["targets"]:
            values = (
                tenant_id,
                rule["id"],
                target["id"],
                target["kind"],
                target["label"],
                json.dumps(content),
                now,
                now,
            )
            connection.execute(_SAY.encode(), values)
            count += 1
    for state, alerts in told.items():
        connection.execute(_TOLD.encode(), (state, now, alerts))
    return count


def end(
    connection: Connection, tenant_id: str, ids: Sequence[str], resolution: str, now: datetime, by: str | None = None
) -> None:
    """Resolve alerts that are not, for another reason than that it is well.

    `person`: it is said, and the alert stays quiet while it is as it is. `rule`: whoever changes a rule knows.
    """
    ended = connection.execute(_END.encode(), (now, resolution, by, resolution, list(EVENTS), list(ids))).fetchall()
    if resolution != "person":
        return
    rules = {rule["id"]: Saying(rule) for rule in _all(connection, _RULES, (tenant_id,))}
    over = {row[0] for row in ended}
    for alert in _all(connection, _SOME, (list(ids),)):
        if alert["id"] in over and alert["told"] == "open" and alert["rule_id"] in rules:
            rules[alert["rule_id"]].news.append(("resolved", alert))
    say(connection, tenant_id, rules.values(), now)


def _told(news: str, alert: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    workflow = alert["workflow_id"]
    return {
        "id": alert["id"],
        "news": news,
        "kind": alert["kind"],
        "key": alert["key"],
        "state": alert["state"],
        "facts": alert["facts"],
        "seen": alert["seen"],
        "times": alert["times"],
        "openedAt": alert["opened_at"].isoformat(),
        "lastAt": alert["last_at"].isoformat(),
        "workflow": {"id": workflow, "name": names.get(workflow, "")} if workflow else None,
        "resolution": alert.get("resolution"),
    }


def _all(connection: Connection, query: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), values).fetchall()
