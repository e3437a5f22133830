"""Rules: what is watched, and who is told. What is secret of a target is sealed by the rule's id, and never told."""

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services import projects, workflows
from api.services.tokens import Principal
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.url import target_of
from stepweave.runtime.network import private_allowed
from stepweave_data.alerting import wording
from stepweave_data.alerting.delivering import secrets_of
from stepweave_data.alerting.keeping import end
from stepweave_data.alerting.rules import MOST_RULES
from stepweave_data.alerting.sending import is_slack
from stepweave_data.models import AlertDelivery, AlertRule
from stepweave_data.vaulting import KeyService, seal

MOST_SAID: Final = 50
"""Messages of a rule that are shown."""
_PLACE: Final = "Rules over all of the workspace need tenant.write. Name a project, or a workflow."


@dataclass(frozen=True)
class Given:
    """A rule as a person writes it. `targets` have what is secret in them."""

    name: str
    kind: str
    condition: dict[str, Any]
    project_id: uuid.UUID | None
    workflow_id: uuid.UUID | None
    by_fault: bool
    enabled: bool
    throttle_minutes: int
    remind_minutes: int
    targets: list[dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A rule, the name of what it watches, names of whom it tells, and how many of its alerts are not resolved."""

    rule: AlertRule
    place: str
    names: dict[uuid.UUID, str]
    open: int
    waiting: dict[str, int]

    def label(self, target: dict[str, Any]) -> str:
        """Return whom a target is, for people: by the names that they have now."""
        if target["kind"] == "mail":
            known = [self.names.get(uuid.UUID(id), "") for id in target["userIds"]]
            return ", ".join(sorted(filter(None, known))) or "Nobody any more"
        if target["kind"] == "workflow":
            return self.names.get(uuid.UUID(target["workflowId"]), "A workflow that is gone")
        return str(target["label"])


def list_rules(principal: Principal) -> list[Shown]:
    """Return the rules that the caller sees, by name."""
    with rows_of(principal.tenant_id) as rows:
        found = rows.alerts.rules()
        counts, waiting = rows.alerts.open_by_rule(), rows.alerts.waiting()
        names = _names(rows, [one.rule for one in found])
        return [
            Shown(
                one.rule,
                one.project or one.workflow or "",
                names,
                counts.get(one.rule.id, 0),
                {target: count for (of, target), count in waiting.items() if of == one.rule.id},
            )
            for one in found
        ]


def create(principal: Principal, given: Given, keys: Callable[[], KeyService]) -> Shown:
    """Make a rule, which looks at what happens from now on.

    Raises:
        Refused: `not_found`, `not_allowed`, `invalid_request`, `name_taken`, `too_many`.
    """
    id = uuid.uuid4()
    try:
        with rows_of(principal.tenant_id) as rows:
            _check_place(rows, principal, given)
            if rows.alerts.count_rules(principal.tenant_id) >= MOST_RULES:
                raise Refused(codes.TOO_MANY, f"There are {MOST_RULES} alert rules already; delete one.")
            told, secret = _targets(rows, given, {})
            rule = AlertRule(
                id=id,
                tenant_id=principal.tenant_id,
                project_id=given.project_id,
                workflow_id=given.workflow_id,
                name=given.name,
                kind=given.kind,
                condition=given.condition,
                by_fault=_by_fault(given),
                enabled=given.enabled,
                throttle_minutes=given.throttle_minutes,
                remind_minutes=given.remind_minutes,
                targets=told,
                seen_seq=rows.alerts.newest_end(),
                created_by=principal.user_id,
            )
            _seal(rule, principal, secret, keys)
            rule = rows.add(rule)
            rows.note(principal.user_id, "alert_rule.created", id, before={}, after=_noted(rule))
            return _shown(rows, rule)
    except Duplicate:
        raise _taken(given.name) from None


def change(principal: Principal, rule_id: uuid.UUID, given: Given, keys: Callable[[], KeyService]) -> Shown:
    """Change a rule. Another condition or place begins anew, and what was open by the former is resolved.

    Raises:
        Refused: as `create`.
    """
    try:
        with rows_of(principal.tenant_id) as rows:
            rule = find(rows, principal, rule_id, lock=True)
            _check_place(rows, principal, given)
            before = _noted(rule)
            former = _opened(rule, keys)
            told, secret = _targets(rows, given, former)
            watched = (rule.kind, rule.condition, rule.project_id, rule.workflow_id, rule.by_fault)
            is_new = watched != (
                given.kind, given.condition, given.project_id, given.workflow_id, _by_fault(given)
            )  # fmt: skip
            if is_new or (rule.enabled and not given.enabled):
                now = datetime.now(UTC)
                end(rows.connection, str(principal.tenant_id), rows.alerts.open_of(rule_id), "rule", now)
            if is_new or (given.enabled and not rule.enabled):
                rule.seen_seq, rule.armed_at = rows.alerts.newest_end(), datetime.now(UTC)
            rule.name, rule.kind, rule.condition = given.name, given.kind, given.condition
            rule.project_id, rule.workflow_id, rule.by_fault = given.project_id, given.workflow_id, _by_fault(given)
            rule.enabled, rule.targets = given.enabled, told
            rule.throttle_minutes, rule.remind_minutes = given.throttle_minutes, given.remind_minutes
            rule.failing = {id: one for id, one in rule.failing.items() if any(id == it["id"] for it in told)}
            rule.updated_at = datetime.now(UTC)
            _seal(rule, principal, secret, keys)
            rows.write()
            rows.note(principal.user_id, "alert_rule.changed", rule_id, before=before, after=_noted(rule))
            return _shown(rows, rule)
    except Duplicate:
        raise _taken(given.name) from None


def delete(principal: Principal, rule_id: uuid.UUID) -> None:
    """Delete a rule with what it still had to say. Its alerts stay, resolved. Raises Refused."""
    with rows_of(principal.tenant_id) as rows:
        rule = find(rows, principal, rule_id, lock=True)
        end(rows.connection, str(principal.tenant_id), rows.alerts.open_of(rule_id), "rule", datetime.now(UTC))
        rows.note(principal.user_id, "alert_rule.deleted", rule_id, before=_noted(rule), after={})
        rows.delete(rule)


def deliveries(principal: Principal, rule_id: uuid.UUID) -> Sequence[AlertDelivery]:
    """Return what a rule said last, the last first. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        if rows.alerts.find_rule(rule_id) is None:
            raise codes.not_found("alert rule")
        return rows.alerts.deliveries(rule_id, MOST_SAID)


def find(rows: Rows, principal: Principal, rule_id: uuid.UUID, *, lock: bool = False) -> AlertRule:
    """Return a rule that the caller may change, within a transaction. Raises Refused."""
    rule = rows.alerts.find_rule(rule_id, lock=lock)
    if rule is None:
        raise codes.not_found("alert rule")
    if rule.project_id is None and rule.workflow_id is None:
        _check_everywhere(principal)
    return rule


def subject_of(delivery: AlertDelivery) -> str:
    """Return what a message says, in a line."""
    return wording.subject(delivery.content).removeprefix("[Stepweave] ")


def _check_place(rows: Rows, principal: Principal, given: Given) -> None:
    if given.workflow_id is not None:
        workflows.find(rows, given.workflow_id)
    elif given.project_id is not None:
        projects.place(rows, principal, given.project_id, Permission.WORKFLOWS_WRITE)
    else:
        _check_everywhere(principal)


def _check_everywhere(principal: Principal) -> None:
    """See that the caller may watch all of the workspace: they see all of it, and may change it."""
    if Permission.TENANT_WRITE not in principal.permissions or principal.reach(Permission.WORKFLOWS_WRITE) is not None:
        raise Refused(codes.NOT_ALLOWED, _PLACE)


def _by_fault(given: Given) -> bool:
    return given.by_fault and given.kind in ("failure", "failures")


def _targets(
    rows: Rows, given: Given, former: dict[str, dict[str, str]]
) -> tuple[list[dict[str, Any]], dict[str, dict[str, str]]]:
    """Return targets without what is secret, and that by target. Raises Refused."""
    told: list[dict[str, Any]] = []
    secret: dict[str, dict[str, str]] = {}
    for index, target in enumerate(given.targets):
        id = target.get("id") or secrets.token_hex(4)
        if id in secret or any(id == one["id"] for one in told):
            raise _wrong(f"targets.{index}.id", "Two targets have the same id; leave it out of new ones.")
        one = {"id": id, "kind": target["kind"]}
        match target["kind"]:
            case "mail":
                ids = list(dict.fromkeys(target["userIds"]))
                missing = set(ids) - rows.alerts.members(ids)
                if missing:
                    words = "Only members of the workspace get mail: choose among them."
                    raise _wrong(f"targets.{index}.userIds", words)
                one |= {"userIds": [str(id) for id in ids], "label": f"{len(ids)} people" if ids[1:] else "1 person"}
            case "workflow":
                found = rows.workflows.find(target["workflowId"])
                if found is None:
                    raise _wrong(f"targets.{index}.workflowId", "There is no such workflow, or you may not run it.")
                one |= {"workflowId": str(found.id), "label": found.name}
            case _:
                secret[id] = _address(index, target, former.get(id, {}))
                host = target_of(secret[id]["url"]).host
                one |= {"host": host, "label": "Slack" if target["kind"] == "slack" and is_slack(host) else host}
        told.append(one)
    return told, secret


def _address(index: int, target: dict[str, Any], former: dict[str, str]) -> dict[str, str]:
    url = target.get("url") or former.get("url")
    if not url:
        raise _wrong(f"targets.{index}.url", "Fill in the address.")
    try:
        parsed = target_of(url)
    except NodeError as error:
        raise _wrong(f"targets.{index}.url", error.message) from None
    if parsed.scheme != "https" and not private_allowed():
        raise _wrong(f"targets.{index}.url", "The address must begin with https://.")
    if target["kind"] == "slack":
        if not is_slack(parsed.host) and not private_allowed():
            words = "Slack's incoming webhooks begin with https://hooks.slack.com/. For another server take a webhook."
            raise _wrong(f"targets.{index}.url", words)
        return {"url": url}
    secret = target.get("secret") or former.get("secret")
    if not secret:
        raise _wrong(
            f"targets.{index}.secret", "Fill in a secret of at least 16 characters: bodies are signed with it."
        )
    return {"url": url, "secret": secret}


def _seal(
    rule: AlertRule, principal: Principal, secret: dict[str, dict[str, str]], keys: Callable[[], KeyService]
) -> None:
    if not secret:
        rule.wrapped_key = rule.nonce = rule.ciphertext = None
        return
    sealed = seal(secret, str(principal.tenant_id), str(rule.id), keys())
    rule.wrapped_key, rule.nonce, rule.ciphertext = sealed.wrapped_key, sealed.nonce, sealed.ciphertext


def _opened(rule: AlertRule, keys: Callable[[], KeyService]) -> dict[str, dict[str, str]]:
    return secrets_of(str(rule.tenant_id), str(rule.id), [rule.wrapped_key, rule.nonce, rule.ciphertext], keys)


def _names(rows: Rows, rules: Sequence[AlertRule]) -> dict[uuid.UUID, str]:
    targets = [target for rule in rules for target in rule.targets]
    people = {uuid.UUID(id) for target in targets for id in target.get("userIds", ())}
    watched = {uuid.UUID(target["workflowId"]) for target in targets if target["kind"] == "workflow"}
    return rows.alerts.names_of(people, watched)


def _shown(rows: Rows, rule: AlertRule) -> Shown:
    place = next((one.project or one.workflow or "" for one in rows.alerts.rules() if one.rule.id == rule.id), "")
    waiting = {target: count for (of, target), count in rows.alerts.waiting().items() if of == rule.id}
    return Shown(rule, place, _names(rows, [rule]), rows.alerts.open_by_rule().get(rule.id, 0), waiting)


def _noted(rule: AlertRule) -> dict[str, Any]:
    """Return what of a rule is written into the audit: no address."""
    return {
        "name": rule.name,
        "kind": rule.kind,
        "condition": rule.condition,
        "projectId": str(rule.project_id) if rule.project_id else None,
        "workflowId": str(rule.workflow_id) if rule.workflow_id else None,
        "enabled": rule.enabled,
        "throttleMinutes": rule.throttle_minutes,
        "remindMinutes": rule.remind_minutes,
        "targets": [{key: value for key, value in one.items() if key != "label"} for one in rule.targets],
    }


def _wrong(field: str, words: str) -> Refused:
    return Refused(codes.INVALID_REQUEST, words, [{"field": field, "message": words}])


def _taken(name: str) -> Refused:
    words = f"There is a rule {name!r} there already."
    return Refused(codes.NAME_TAKEN, words, [{"field": "name", "message": words}])
