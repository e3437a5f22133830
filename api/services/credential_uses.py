"""Who uses a credential, and what would break without it."""

import uuid
from dataclasses import dataclass
from typing import Any

from api.codes import CREDENTIAL_IN_USE
from api.refusals import Refused
from api.repositories.credential_uses import Use
from api.repositories.rows import Rows, rows_of
from api.services.credentials import check_usable, found
from api.services.tokens import Principal


@dataclass(frozen=True)
class Uses:
    """Workflows that name a credential, how many there are of them, and the APIs that it is sent to."""

    workflows: list[Use]
    total: int
    apis: list[tuple[uuid.UUID, str]]
    hidden: int
    """Further workflows, of projects that the caller does not see."""
    credentials: list[tuple[uuid.UUID, str]]
    """Credentials that take secrets from it, where it is a store."""


def of(principal: Principal, credential_id: uuid.UUID) -> Uses:
    """Return who uses a credential. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        check_usable(rows, credential_id)
        uses, total = rows.credential_uses.of(credential_id)
        hidden = rows.credential_uses.hidden(credential_id)
        ids = {id for use in uses for node in use.nodes if (id := _uuid(node.get("api"))) is not None}
        return Uses(
            uses,
            total,
            rows.credential_uses.apis(ids) if ids else [],
            hidden,
            rows.credentials.referring(credential_id),
        )


def delete(principal: Principal, credential_id: uuid.UUID, *, force: bool) -> None:
    """Remove a credential, with `force` though it is used. Raises Refused: `not_found`, `credential_in_use`."""
    with rows_of(principal.tenant_id) as rows:
        credential = found(rows, credential_id)
        if not force:
            _must_be_unused(rows, credential_id)
        rows.delete(credential)
        rows.note(principal.user_id, "credential.deleted", credential_id)


def _must_be_unused(rows: Rows, credential_id: uuid.UUID) -> None:
    """Refuse to go on where a draft or a published version names a credential; older versions run no more.

    Raises:
        Refused: `credential_in_use`, which names the workflows and nodes.
    """
    if count := rows.environments.standing_in(credential_id):
        words = f"It stands for {count} others in environments: name others for them, or delete it with force=true."
        raise Refused(CREDENTIAL_IN_USE, words, [{"field": "credential_id", "message": words}])
    uses, total = rows.credential_uses.of(credential_id)
    hidden, referring = rows.credential_uses.hidden(credential_id), rows.credentials.referring(credential_id)
    if referring:
        names = ", ".join(f"“{name}”" for _, name in referring[:5])
        words = f"Credentials take their secrets from it: {names}. Change them first, or delete it with force=true."
        raise Refused(CREDENTIAL_IN_USE, words, [{"field": "credential_id", "message": name} for _, name in referring])
    broken = [use for use in uses if use.is_live or use.in_draft]
    if not broken and not hidden:
        return
    more = f" and {total - len(uses)} more" if total > len(uses) else ""
    running = sum(use.is_live and use.enabled for use in broken)
    what = "workflow uses" if (len(broken), more) == (1, "") else "workflows use"
    others = f" {hidden} of projects that you do not see, with which it is shared, use it as well." if hidden else ""
    words = f"{len(broken)}{more} {what} it, {running} published: their next runs would fail.{others}"
    raise Refused(
        CREDENTIAL_IN_USE,
        f"{words} Give their nodes another credential, or delete it with force=true.",
        [{"field": "credential_id", "message": _told(use)} for use in broken[:20]],
    )


def _told(use: Use) -> str:
    nodes = ", ".join(f"“{node['name']}”" for node in use.nodes[:5] if node.get("name")) or "a node"
    state = "published" if use.is_live else "draft"
    return f"“{use.workflow_name}” ({state}, {use.workflow_id}): {nodes}"


def _uuid(given: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(given)
    except (ValueError, TypeError, AttributeError):
        return None
