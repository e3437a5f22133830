"""Environments: their order, what is in them, and what is live of a workflow in each (ADR 65)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from api import codes
from api.permissions import Permission, permissions_of, project_permissions_of
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services import credentials, workflows
from api.services.publishing import places, readiness
from api.services.publishing.readiness import Need
from api.services.tokens import Principal
from stepweave.model.environments import PRODUCTION
from stepweave_data.auditing import seeing
from stepweave_data.models import Credential, CredentialMapping, Environment

MOST: Final = 8


@dataclass(frozen=True)
class Shown:
    """An environment, and how many workflows are live in it."""

    environment: Environment
    workflows: int


@dataclass(frozen=True)
class Live:
    """What is live of a workflow in an environment; no version where nothing is."""

    environment: Environment
    version: int | None = None
    enabled: bool = True
    published_at: datetime | None = None
    urls: list[str] = field(default_factory=list)
    """Where its webhooks are called, with their methods."""
    timed: int = 0
    """How many schedules and triggers at providers it has there."""


def list_environments(principal: Principal) -> list[Shown]:
    """Return all, in their order."""
    with seeing(None), rows_of(principal.tenant_id) as rows:
        return [_shown(rows, one) for one in rows.environments.all()]


def create(principal: Principal, key: str, name: str, *, falls_back: bool, needs_approval: bool) -> Shown:
    """Make an environment, right before production. Raises Refused: `name_taken`, `too_many`; as `change`."""
    try:
        with rows_of(principal.tenant_id) as rows:
            there = list(rows.environments.all())
            if len(there) >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} environments already; delete one.")
            if any(one.key == key for one in there):
                raise _taken("key", key)
            at = next(index for index, one in enumerate(there) if one.key == PRODUCTION)
            for one in there[at:]:
                one.position += 1
            rows.write()
            _approvable(rows, principal, before=False, after=needs_approval)
            made = rows.add(
                Environment(
                    tenant_id=principal.tenant_id,
                    key=key,
                    name=name,
                    position=at,
                    falls_back=falls_back,
                    needs_approval=needs_approval,
                )
            )
            rows.note(principal.user_id, "environment.created", principal.tenant_id, after=_told(made))
            return Shown(made, 0)
    except Duplicate:
        raise _taken("name", name) from None


def change(principal: Principal, key: str, name: str, *, falls_back: bool, needs_approval: bool | None = None) -> Shown:
    """Rename an environment, or say whether it falls back, and whether a second person says what goes live there.

    Raises:
        Refused: `not_found`, `name_taken`; `environment_in_use` where what is live there has only what falls back;
            `not_allowed` for an API key that changes who has to say so;
            `invalid_request` where there is no second person who could.
    """
    try:
        with rows_of(principal.tenant_id) as rows:
            found = _find(rows, key)
            before = _told(found)
            if found.falls_back and not falls_back:
                _check_own(principal, found)
            found.name, found.falls_back = name, falls_back and key != PRODUCTION
            if needs_approval is not None:
                _approvable(rows, principal, before=found.needs_approval, after=needs_approval)
                found.needs_approval = needs_approval
            after = _told(found)
            rows.note(principal.user_id, "environment.changed", principal.tenant_id, before=before, after=after)
            rows.write()
            return _shown(rows, found)
    except Duplicate:
        raise _taken("name", name) from None


def order(principal: Principal, keys: Sequence[str]) -> list[Shown]:
    """Put environments in an order. Raises Refused: `invalid_request` where it does not name each once."""
    with rows_of(principal.tenant_id) as rows:
        there = [one.key for one in rows.environments.all()]
        if sorted(keys) != sorted(there):
            words = f"Name each environment once: {', '.join(there)}."
            raise Refused(codes.INVALID_REQUEST, words, [{"field": "keys", "message": words}])
        for position, key in enumerate(keys):
            rows.environments.move(key, position)
        before, after = {"order": there}, {"order": list(keys)}
        rows.note(principal.user_id, "environment.ordered", principal.tenant_id, before=before, after=after)
    return list_environments(principal)


def delete(principal: Principal, key: str) -> None:
    """Delete an environment, with the values of variables and mappings of credentials in it.

    Raises:
        Refused: `not_found`; `environment_in_use` for production, and where workflows are live.
    """
    with seeing(None), rows_of(principal.tenant_id) as rows:
        found = _find(rows, key)
        if key == PRODUCTION:
            raise Refused(codes.ENVIRONMENT_IN_USE, "Production stays: what is published without more is live there.")
        if count := rows.environments.live_in(key):
            words = f"{count} workflows are live in {found.name!r}: take them out of it first."
            raise Refused(codes.ENVIRONMENT_IN_USE, words)
        rows.releases.end(environment=key)
        rows.note(principal.user_id, "environment.deleted", principal.tenant_id, before=_told(found), after={})
        rows.delete(found)


def live_of(principal: Principal, workflow_id: uuid.UUID, content_url: str) -> list[Live]:
    """Return what is live of a workflow in each environment, in their order. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        workflow = workflows.find(rows, workflow_id)
        slug = rows.workflows.slug(principal.tenant_id)
        elsewhere = {one.environment: one for one in rows.environments.live_of(workflow_id)}
        hooks = [*rows.environments.called(workflow_id), *rows.webhooks.of(workflow_id)]
        timed = dict(rows.environments.timed(workflow_id))
        found = []
        for one in rows.environments.all():
            urls = [
                f"{hook.method} {content_url.rstrip('/')}/hooks/{slug}/{hook.path}"
                for hook in hooks
                if hook.environment == one.key and hook.method.isupper()
            ]
            if one.key == PRODUCTION:
                found.append(Live(one, workflow.published_version, workflow.enabled, urls=urls))
            elif live := elsewhere.get(one.key):
                found.append(Live(one, live.version, live.enabled, live.published_at, urls, timed.get(one.key, 0)))
            else:
                found.append(Live(one))
        return found


def ready(principal: Principal, workflow_id: uuid.UUID, number: int, environment: str) -> list[Need]:
    """Return what a version needs in an environment. Raises Refused (`not_found`)."""
    places.find(principal, environment)
    with rows_of(principal.tenant_id) as rows:
        workflow = workflows.find(rows, workflow_id)
        document = workflows.find_version(rows, workflow_id, number).document
    return readiness.needs(principal, workflow, document, environment)


def mappings(principal: Principal) -> Sequence[CredentialMapping]:
    """Return which credential stands for which, of those that the caller sees."""
    with rows_of(principal.tenant_id) as rows:
        return rows.environments.mappings()


def put_mapping(principal: Principal, credential_id: uuid.UUID, key: str, mapped_id: uuid.UUID | None) -> None:
    """Say which credential stands for one in an environment: None for none.

    Raises:
        Refused: `not_found`; `invalid_request` for one of another type or project, and in production;
            `credential_in_use` for none where a workflow that is live there would be left without one.
    """
    with rows_of(principal.tenant_id) as rows:
        credential = credentials.found(rows, credential_id)
        environment = _find(rows, key)
        if key == PRODUCTION:
            raise _invalid("In production each credential is itself.")
        if mapped_id is None:
            if not environment.falls_back:
                _check_unnamed(rows, principal, credential, environment)
            rows.environments.unmap(credential_id, key)
        else:
            stand_in = credentials.found(rows, mapped_id)
            if stand_in.type != credential.type:
                raise _invalid(
                    f"{stand_in.name!r} is of another type: nodes that take {credential.name!r} cannot use it."
                )
            if stand_in.project_id != credential.project_id:
                raise _invalid(f"{stand_in.name!r} is of another project, where its workflows cannot use it.")
            rows.put(
                CredentialMapping(
                    tenant_id=principal.tenant_id, credential_id=credential_id, environment=key, mapped_id=mapped_id
                )
            )
        told = {"environment": key, "credential": str(mapped_id) if mapped_id else None}
        rows.note(principal.user_id, "credential.mapped", credential_id, after=told)


def _shown(rows: Rows, one: Environment) -> Shown:
    return Shown(
        one, rows.environments.live_in(one.key) if one.key != PRODUCTION else rows.environments.in_production()
    )


def _find(rows: Rows, key: str) -> Environment:
    found = rows.environments.find(key)
    if found is None:
        raise codes.not_found("environment")
    return found


def _check_own(principal: Principal, environment: Environment) -> None:
    """Refuse to have an environment stand by itself where workflows that are live there need what falls back."""
    with seeing(None), rows_of(principal.tenant_id) as rows:  # those of projects that the caller does not see, too
        lacking = readiness.falling_back(rows, rows.environments.documents(environment.key), environment.key)
    if lacking:
        names = ", ".join(f"the {need.kind} {need.name!r}" for need in lacking[:5])
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        words = f"What is live in {environment.name!r} takes from production: {names}{more}. Give it its own first."
        raise Refused(codes.ENVIRONMENT_IN_USE, words, [{"field": "fallsBack", "message": words}])


def _check_unnamed(rows: Rows, principal: Principal, credential: Credential, environment: Environment) -> None:
    """Refuse to leave workflows that are live in an environment without a credential that they name."""
    with seeing(None), rows_of(principal.tenant_id) as everything:
        count = len(everything.environments.naming(environment.key, credential.id))
    if not count:
        return
    seen = [name for _, name in rows.environments.naming(environment.key, credential.id)]
    told = [repr(name) for name in seen[:5]] + [f"{count - len(seen[:5])} more"] * (count > len(seen[:5]))
    words = (
        f"Workflows that are live in {environment.name!r} use {credential.name!r}: {', '.join(told)}. "
        "Name another credential for it, or take them out of there first."
    )
    raise Refused(codes.CREDENTIAL_IN_USE, words, [{"field": "credentialId", "message": words}])


def _told(one: Environment) -> dict[str, object]:
    return {"key": one.key, "name": one.name, "fallsBack": one.falls_back, "needsApproval": one.needs_approval}


def _approvable(rows: Rows, principal: Principal, *, before: bool, after: bool) -> None:
    """Refuse a second person's word where there is none who could say it, and programs that do away with it."""
    if before == after:
        return
    if principal.key_id is not None:
        raise Refused(codes.NOT_ALLOWED, "A person says whether approvals are needed, not an API key.")
    if after and _publishers(rows) < 2:
        words = "Nobody could approve: at least two members must be allowed to publish. Invite one, or change a role."
        raise Refused(codes.INVALID_REQUEST, words, [{"field": "needsApproval", "message": words}])


def _publishers(rows: Rows) -> int:
    """Return how many people may publish, be it in a project."""
    count = 0
    for user, membership, role in rows.people.members():
        listed = role.permissions if role else None
        shared = (project_permissions_of(*one) for one in rows.accounts.shared_roles(user.id))
        allowed = permissions_of(membership.role, listed).union(*shared)
        count += Permission.WORKFLOWS_PUBLISH in allowed
    return count


def _invalid(words: str) -> Refused:
    return Refused(codes.INVALID_REQUEST, words, [{"field": "credentialId", "message": words}])


def _taken(field_: str, text: str) -> Refused:
    words = f"There is an environment {text!r} already; choose another {field_}."
    return Refused(codes.NAME_TAKEN, words, [{"field": field_, "message": words}])
