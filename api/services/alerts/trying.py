"""The test of a rule: each of its targets is told that this is one, now, by the same way as of an alert."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api import codes
from api.ports import Mails
from api.refusals import Refused
from api.repositories.rows import rows_of
from api.services.alerts import rules
from api.services.tokens import Principal
from stepweave_data.alerting.delivering import LEASE, people_of, secrets_of
from stepweave_data.alerting.sending import Message, NotSent, Sender
from stepweave_data.models import AlertDelivery
from stepweave_data.vaulting import KeyService

SECONDS: Final = 15.0
"""For all targets; one takes eight at most. What is left is told by the alerter."""


@dataclass(frozen=True)
class Trying:
    """Tries rules out. `start` asks the starter."""

    mails: Mails | None
    keys: Callable[[], KeyService]
    start: Callable[[dict[str, Any]], dict[str, Any]]
    public_url: str

    def test(self, principal: Principal, rule_id: uuid.UUID) -> Sequence[AlertDelivery]:
        """Tell each target of a rule, and return how that went. Raises Refused: `not_found`, `no_targets`."""
        now, ends = datetime.now(UTC), time.monotonic() + SECONDS
        made: list[tuple[uuid.UUID, Message]] = []
        with rows_of(principal.tenant_id) as rows:
            rule = rules.find(rows, principal, rule_id)
            if not rule.targets:
                raise Refused(codes.NO_TARGETS, "The rule tells nobody: add a target first, and save.")
            tenant_id = str(principal.tenant_id)
            sealed = [rule.wrapped_key, rule.nonce, rule.ciphertext]
            secret = secrets_of(tenant_id, str(rule_id), sealed, self.keys)
            told = {"id": str(rule_id), "name": rule.name, "kind": rule.kind, "condition": rule.condition}
            content = {"rule": told, "at": now.isoformat(), "test": True, "alerts": []}
            for target in rule.targets:
                waiting = AlertDelivery(
                    tenant_id=principal.tenant_id,
                    rule_id=rule_id,
                    target_id=target["id"],
                    target_kind=target["kind"],
                    target_label=target["label"],
                    content=content,
                    next_at=now + LEASE,
                )
                row = rows.add(waiting)
                people = (
                    people_of(rows.connection, tenant_id, target["id"], target, None)
                    if target["kind"] == "mail"
                    else []
                )
                own = secret.get(target["id"], {})
                message = Message(str(row.id), tenant_id, target["kind"], target, content, own, people)
                made.append((row.id, message))
            rows.note(principal.user_id, "alert_rule.tested", rule_id, before={}, after={"name": rule.name})
        said = {id: self._said(message) for id, message in made if time.monotonic() < ends}
        return self._written(principal, [id for id, _ in made], said)

    def _said(self, message: Message) -> str | None:
        try:
            Sender(self.mails, self.start, self.public_url).send(message)
        except NotSent as error:
            return str(error)
        return None

    @staticmethod
    def _written(
        principal: Principal, ids: Sequence[uuid.UUID], said: dict[uuid.UUID, str | None]
    ) -> list[AlertDelivery]:
        found = []
        with rows_of(principal.tenant_id) as rows:
            for id in ids:
                row = rows.get(AlertDelivery, id)
                if row is None:
                    continue  # the rule was deleted meanwhile
                if id in said:
                    row.tries, row.error, row.ended_at = row.tries + 1, said[id], datetime.now(UTC)
                    row.state = "failed" if said[id] else "sent"
                found.append(row)
            rows.write()
        return found
