"""Releases: somebody asks for a version to go live, somebody else says yes or no.

What is asked for is a version, made of the draft at that moment: whatever becomes of the draft, that version and no
other goes live. The decision and what it makes live are one transaction.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from api import codes
from api.permissions import Permission
from api.refusals import Refused, refused_field
from api.repositories.releases import Found
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services import workflows
from api.services.publishing import Publisher, places, readiness
from api.services.publishing.gates import Warrant
from api.services.publishing.versions import Said
from api.services.tokens import Principal
from stepweave_data.models import Release, WorkflowVersion

MOST: Final = 200
"""Releases that are listed."""
Decision = Literal["approve", "reject", "cancel"]
State = Literal["waiting", "approved", "rejected", "cancelled"]


@dataclass(frozen=True)
class Shown:
    """A release as somebody sees it."""

    release: Release
    workflow_name: str
    version_name: str
    asker: str | None
    decider: str | None
    mine: bool
    """Whether the caller asked for it: they take it back, and do not approve it."""
    can_decide: bool


def list_releases(principal: Principal, state: State | None, workflow_id: uuid.UUID | None) -> list[Shown]:
    """Return releases, the latest first. Raises Refused (`not_found`) for a workflow that is not there."""
    with rows_of(principal.tenant_id) as rows:
        if workflow_id is not None:
            workflows.find(rows, workflow_id)
        return [_shown(principal, one) for one in rows.releases.page(state, workflow_id, MOST)]


def ask(
    principal: Principal,
    publisher: Publisher,
    workflow_id: uuid.UUID,
    number: int | None,
    environment: str | None,
    said: Said,
) -> Shown:
    """Ask for a version to go live, made of the draft now where none is named. Nothing goes live yet.

    Args:
        principal: who asks.
        publisher: what makes versions.
        workflow_id: of what.
        number: the version; None for the draft.
        environment: where; None for the first environment, where a draft goes.
        said: the note says why; with the draft both are the version's, too.

    Raises:
        Refused: `not_found`; `already_asked`; as `Publisher.publish` where it would not go live now.
    """
    where = places.find(principal, environment or places.first(principal)).key
    made: list[uuid.UUID] = []

    def add(rows: Rows, version: WorkflowVersion) -> None:
        through = rows.releases.maker_of_key(principal.key_id) if principal.key_id else None
        release = rows.add(
            Release(
                tenant_id=principal.tenant_id,
                workflow_id=workflow_id,
                version=version.number,
                environment=where,
                note=said.note,
                asked_by=principal.user_id,
                asked_through=through,
            )
        )
        rows.note(
            principal.user_id,
            "release.asked",
            release.id,
            before={},
            after={"version": version.number, "environment": where, "note": said.note},
            workflow=str(workflow_id),
        )
        made.append(release.id)

    try:
        if number is None:
            publisher.keep(principal, workflow_id, said, where, add)
        else:
            with rows_of(principal.tenant_id) as rows:
                workflow = workflows.find(rows, workflow_id)
                version = workflows.find_version(rows, workflow_id, number)
            readiness.check(principal, workflow, version.document, where)
            with rows_of(principal.tenant_id) as rows:
                add(rows, workflows.find_version(rows, workflow_id, number))
    except Duplicate as duplicate:
        if duplicate.constraint != "releases_waiting":
            raise
        words = f"A version waits for its approval in {where!r} already: have it decided, or taken back, first."
        raise Refused(codes.ALREADY_ASKED, words) from None
    return _one(principal, made[0])


def decide(
    principal: Principal,
    publisher: Publisher,
    workflow_id: uuid.UUID,
    release_id: uuid.UUID,
    decision: Decision,
    comment: str,
) -> Shown:
    """Say yes, and the version is live; say no, with a reason; or take back what one asked for.

    Raises:
        Refused: `not_found`; `already_decided`; `own_request` for a yes or no to what one asked for oneself, and for
            taking back what somebody else did; `not_allowed` for API keys, which are no second person;
            `invalid_request` for a no without a reason; as `Publisher.publish_version` where it does not go live:
            the release waits on.
    """
    if decision == "reject" and not comment:
        raise refused_field(codes.INVALID_REQUEST, "comment", "Say why, so that whoever asked knows what to change.")

    def check(rows: Rows) -> Release:
        workflows.find(rows, workflow_id)
        release = rows.releases.locked(workflow_id, release_id)
        if release is None:
            raise codes.not_found("release")
        if release.state != "waiting":
            raise Refused(codes.ALREADY_DECIDED, f"Version {release.version} is {release.state} already.")
        mine = _mine(principal, release)
        if decision == "cancel":
            if not mine:
                raise Refused(codes.OWN_REQUEST, "Only who asked takes it back; reject it instead.")
            return release
        if principal.key_id is not None:
            raise Refused(codes.NOT_ALLOWED, "A second person decides, not an API key or a service account.")
        if mine:
            raise Refused(
                codes.OWN_REQUEST, "You asked for this yourself: somebody else decides. You may take it back."
            )
        return release

    def settle(rows: Rows) -> None:
        release = check(rows)
        release.state = {"approve": "approved", "reject": "rejected", "cancel": "cancelled"}[decision]
        release.decided_by, release.decided_at, release.comment = principal.user_id, datetime.now(UTC), comment
        rows.note(
            principal.user_id,
            f"release.{release.state}",
            release.id,
            before={"state": "waiting"},
            after={"state": release.state, "comment": comment},
            workflow=str(workflow_id),
            version=release.version,
            environment=release.environment,
        )

    with rows_of(principal.tenant_id) as rows:
        release = check(rows)
        number, environment = release.version, release.environment
        if decision != "approve":
            settle(rows)
    if decision == "approve":
        warrant = Warrant(lambda rows: void(check(rows)), settle)
        publisher.publish_version(principal, workflow_id, number, environment, warrant=warrant)
    return _one(principal, release_id)


def void(_: object) -> None:
    """Return nothing, of whatever there is."""


def _one(principal: Principal, release_id: uuid.UUID) -> Shown:
    with rows_of(principal.tenant_id) as rows:
        found = rows.releases.page(None, None, 1, release_id)
        if not found:
            raise codes.not_found("release")
        return _shown(principal, found[0])


def _mine(principal: Principal, release: Release) -> bool:
    """Whether somebody asked for it, be it by a key that they made."""
    return principal.user_id in (release.asked_by, release.asked_through)


def _shown(principal: Principal, found: Found) -> Shown:
    release, workflow, version, asker, decider = found
    mine = _mine(principal, release)
    reach = principal.reach(Permission.WORKFLOWS_PUBLISH)
    here = reach is None or workflow.project_id in reach.projects or workflow.id in reach.workflows
    person = principal.key_id is None and principal.may(Permission.WORKFLOWS_PUBLISH) and here
    return Shown(
        release, workflow.name, version, asker, decider, mine, release.state == "waiting" and person and not mine
    )
