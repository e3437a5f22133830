"""Says what waits to be said. What cannot be said now is tried again for a day, ever more rarely, and is shown.

Of a target the oldest comes first, and the others wait behind it: nobody hears that something is well before they
heard that it was not. Who dies between saying and writing it down says it again: receivers know it by its id.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from stepweave_data.alerting.sending import Message, NotSent, Sender
from stepweave_data.link import Connection, Link
from stepweave_data.telemetry import Metric, count, logger
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, unseal

PAUSES: Final = (60, 300, 900, 3600, 10_800, 21_600)
"""Seconds before the next try; from the last on always so."""
GIVE_UP: Final = timedelta(hours=24)
LEASE: Final = timedelta(minutes=2)
"""For whoever says it; then another may."""
TELL_OWNER: Final = 3
"""Tries after which whoever made the rule gets a mail."""
OWNER: Final = "owner"
AT_ONCE: Final = 20
"""Messages that are taken in one go, of one tenant."""

_CLAIM: Final = """
WITH first AS (
  SELECT DISTINCT ON (rule_id, target_id) id, tries, created_at, next_at FROM alert_deliveries
  WHERE tenant_id = %s AND state = 'waiting' ORDER BY rule_id, target_id, created_at, id
), due AS (
  SELECT d.id FROM alert_deliveries d JOIN first f ON f.id = d.id
  WHERE f.next_at <= %s AND d.state = 'waiting' AND d.next_at <= %s ORDER BY f.tries, f.created_at LIMIT %s
  FOR UPDATE OF d SKIP LOCKED
)
UPDATE alert_deliveries d SET next_at = %s FROM due, alert_rules r
WHERE d.id = due.id AND r.id = d.rule_id
RETURNING d.id::text, d.rule_id::text, d.target_id, d.target_kind, d.content, d.tries, d.created_at, d.target_label,
  r.targets, r.wrapped_key, r.nonce, r.ciphertext, r.created_by::text
"""
_PEOPLE: Final = """
SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.tenant_id = %s AND m.user_id = ANY (%s::uuid[]) ORDER BY u.email
"""
_OWNERS: Final = """
SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.tenant_id = %s AND CASE WHEN EXISTS (
    SELECT 1 FROM memberships mine WHERE mine.tenant_id = m.tenant_id AND mine.user_id = %s::uuid)
  THEN m.user_id = %s::uuid ELSE m.role = 'owner' END ORDER BY u.email
"""
_SENT: Final = (
    "UPDATE alert_deliveries SET state = 'sent', tries = tries + 1, error = NULL, ended_at = %s WHERE id = %s"
)
_REACHED: Final = "UPDATE alert_rules SET failing = failing - %s WHERE id = %s AND failing ? %s"
_NOT_SENT: Final = """
UPDATE alert_deliveries SET state = %s, tries = tries + 1, error = %s, next_at = %s, ended_at = %s,
  content = content || %s WHERE id = %s
"""
_FAILING: Final = """
UPDATE alert_rules SET failing = failing || jsonb_build_object(%s::text,
  jsonb_build_object('since', coalesce(failing #> ARRAY[%s, 'since'], to_jsonb(%s::text)), 'error', %s::text))
WHERE id = %s
"""
_TELL: Final = """
INSERT INTO alert_deliveries (tenant_id, rule_id, target_id, target_kind, target_label, content, next_at)
SELECT %s, r.id, %s, 'mail', 'whoever made the rule',
  jsonb_build_object('rule', jsonb_build_object('id', r.id, 'name', r.name), 'at', %s::timestamptz,
    'failing', %s::jsonb),
  %s
FROM alert_rules r WHERE r.id = %s AND NOT EXISTS (
  SELECT 1 FROM alert_deliveries d WHERE d.rule_id = r.id AND d.target_id = %s AND d.state = 'waiting')
"""


@dataclass(frozen=True)
class Claimed:
    """A delivery that is this worker's for a while, and what there is to know of it."""

    message: Message
    rule_id: str
    target_id: str
    label: str
    tries: int
    created_at: datetime


@dataclass(frozen=True)
class Delivering:
    """Says what waits."""

    link: Link
    keys: Callable[[], KeyService]
    sender: Sender

    def deliver(self, tenant_id: str, ends: float, now: datetime | None = None) -> int:
        """Say what is due of a tenant's, as long as there is time; return how many messages were said.

        Args:
            tenant_id: whose.
            ends: on the clock of `time.monotonic`.
            now: the time that is meant.

        Raises:
            psycopg.Error: the rest is left to the next run.
        """
        said = 0
        while time.monotonic() < ends:
            moment = now or datetime.now(UTC)
            claimed = self.link.tenant(tenant_id, partial(self._claim, tenant_id=tenant_id, now=moment))
            for one in claimed:
                if time.monotonic() > ends:
                    break  # its lease ends, and then it comes again
                said += self._say(tenant_id, one, moment)
            if not claimed:
                break
        return said

    def _claim(self, connection: Connection, tenant_id: str, now: datetime) -> list[Claimed]:
        rows = connection.execute(_CLAIM.encode(), (tenant_id, now, now, AT_ONCE, now + LEASE)).fetchall()
        return [self._claimed(connection, tenant_id, row) for row in rows]

    def _claimed(self, connection: Connection, tenant_id: str, row: tuple[Any, ...]) -> Claimed:
        id, rule_id, target_id, kind, content, tries, created_at, label, targets, *sealed, created_by = row
        told: dict[str, Any] = next((one for one in targets if one["id"] == target_id), {})
        people = people_of(connection, tenant_id, target_id, told, created_by) if kind == "mail" else []
        secret = secrets_of(tenant_id, rule_id, sealed, self.keys).get(target_id, {}) if told else {}
        return Claimed(
            Message(id, tenant_id, kind, told, content, secret, people), rule_id, target_id, label, tries, created_at
        )

    def _say(self, tenant_id: str, it: Claimed, now: datetime) -> bool:
        try:
            if it.target_id != OWNER and not it.message.told:
                raise NotSent("The rule has another target now.")
            self.sender.send(it.message)
        except NotSent as error:
            words, done = str(error), error.done
            logger().warning(
                "an alert could not be told", tenant_id=tenant_id, delivery=it.message.id, tries=it.tries + 1
            )
            count(Metric.UNAVAILABLE)
            self.link.tenant(tenant_id, lambda connection: self._not_sent(connection, tenant_id, it, words, done, now))
            return False
        self.link.tenant(tenant_id, lambda connection: _sent(connection, it, now))
        return True

    @staticmethod
    def _not_sent(
        connection: Connection, tenant_id: str, it: Claimed, words: str, done: list[str], now: datetime
    ) -> None:
        next_at = now + timedelta(seconds=PAUSES[min(it.tries, len(PAUSES) - 1)])
        is_over = next_at > it.created_at + GIVE_UP or (it.target_id != OWNER and not it.message.told)
        state, ended = ("failed", now) if is_over else ("waiting", None)
        values = (state, words, next_at, ended, json.dumps({"done": done} if done else {}), it.message.id)
        connection.execute(_NOT_SENT.encode(), values)
        if it.target_id == OWNER or not it.message.told:
            return
        since = now.isoformat()
        connection.execute(_FAILING.encode(), (it.target_id, it.target_id, since, words, it.rule_id))
        if it.tries + 1 == TELL_OWNER:
            failing = json.dumps({"target": it.label, "error": words})
            connection.execute(_TELL.encode(), (tenant_id, OWNER, now, failing, now, it.rule_id, OWNER))


def _sent(connection: Connection, it: Claimed, now: datetime) -> None:
    connection.execute(_SENT.encode(), (now, it.message.id))
    connection.execute(_REACHED.encode(), (it.target_id, it.rule_id, it.target_id))


def people_of(
    connection: Connection, tenant_id: str, target_id: str, told: dict[str, Any], created_by: str | None
) -> list[str]:
    """Return the addresses of who is told by mail, of those who are members now."""
    if target_id == OWNER:
        rows = connection.execute(_OWNERS.encode(), (tenant_id, created_by, created_by)).fetchall()
    else:
        rows = connection.execute(_PEOPLE.encode(), (tenant_id, told.get("userIds", []))).fetchall()
    return [row[0] for row in rows]


def secrets_of(
    tenant_id: str, rule_id: str, sealed: list[bytes | None], keys: Callable[[], KeyService]
) -> dict[str, dict[str, str]]:
    """Return what is secret of a rule's targets, by target; nothing where it does not open."""
    wrapped, nonce, ciphertext = sealed
    if wrapped is None or nonce is None or ciphertext is None:
        return {}
    try:
        opened: dict[str, dict[str, str]] = unseal(Sealed(wrapped, nonce, ciphertext), tenant_id, rule_id, keys())
    except CannotOpen:
        logger().error("what is secret of an alert rule does not open", tenant_id=tenant_id, rule_id=rule_id)
        return {}
    return opened
