"""Whether something may go live in an environment without a second person's word."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services.tokens import Principal


@dataclass(frozen=True)
class Warrant:
    """What lets a version go live that was asked for. Both raise Refused where it does not, or not any more."""

    check: Callable[[Rows], None]
    """Before anything moves."""
    use: Callable[[Rows], None]
    """In the transaction that makes it live."""


def check(
    principal: Principal,
    workflow_id: uuid.UUID,
    environment: str,
    number: int | None = None,
    *,
    emergency: bool = False,
) -> bool:
    """Refuse what needs a second person's word; return whether it goes without one because of an emergency.

    Args:
        principal: who publishes.
        workflow_id: what.
        environment: where.
        number: which version; None for a draft.
        emergency: whether an owner goes back, at once, to what was live there before.

    Raises:
        Refused: `approval_needed`; `not_allowed` for an emergency that somebody else than an owner sees.
    """
    with rows_of(principal.tenant_id) as rows:
        found = rows.environments.find(environment)
        if found is None or not found.needs_approval:
            return False
        name = found.name
        known = number is not None and rows.releases.was_live(workflow_id, environment, number)
    if not emergency:
        words = f"In {name!r} a second person approves what goes live: ask for it (POST .../releases)."
        raise Refused(codes.APPROVAL_NEEDED, words)
    if principal.role != "owner" or principal.key_id is not None:
        words = f"In an emergency an owner goes back to an earlier version in {name!r}: a person, not an API key."
        raise Refused(codes.NOT_ALLOWED, words)
    if not known:
        words = f"Version {number} was never live in {name!r}: only what was is gone back to without an approval."
        raise Refused(codes.APPROVAL_NEEDED, words)
    return True
