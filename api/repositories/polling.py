"""Triggers that poll: those of `registrations` that have a clock."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from api.repositories.starting import Started, started, with_last
from stepweave.model.environments import PRODUCTION
from stepweave_data.models import Registration

_SECONDS = 60
"""For which a publish keeps others from polling."""
_MOVE_ON = """
CASE WHEN pending IS NULL THEN NULL ELSE
  json_build_object('batch', pending -> 'batch', 'cursor', CAST(:behind AS json), 'more', pending -> 'more') END
"""


class Polls:
    """A tenant's triggers that poll."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, workflow_id: uuid.UUID, environment: str = PRODUCTION) -> Sequence[Registration]:
        """Return those of what is live of a workflow in an environment."""
        return self._session.scalars(
            select(Registration).where(
                Registration.workflow_id == workflow_id,
                Registration.environment == environment,
                Registration.expression.is_not(None),
                Registration.test_until.is_(None),
            )
        ).all()

    def find(self, id: uuid.UUID) -> Registration | None:
        """Return one, or None."""
        found = self._session.get(Registration, id)
        return found if found is not None and found.expression is not None else None

    def claim(self, id: uuid.UUID, claim: uuid.UUID) -> Any | None:
        """Keep others from polling one. Return its cursor, behind what it has found already; None where it is polled.

        The cursor is in a list of one, for it may be anything.
        """
        query = (
            update(Registration)
            .where(
                Registration.id == id,
                or_(Registration.claimed_until.is_(None), Registration.claimed_until < func.now()),
            )
            .values(claim=claim, claimed_until=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, _SECONDS))
            .returning(Registration.cursor, Registration.pending)
        )
        row = self._session.execute(query).one_or_none()
        if row is None:
            return None
        cursor, pending = row
        return [pending["cursor"] if pending else cursor]

    def release(self, id: uuid.UUID, claim: uuid.UUID) -> None:
        """Let others poll it again; where somebody else keeps them from it, nothing happens."""
        self._session.execute(
            update(Registration)
            .where(Registration.id == id, Registration.claim == claim)
            .values(claim=None, claimed_until=None)
        )

    def drop(self, workflow_id: uuid.UUID, *, but: Sequence[uuid.UUID], environment: str = PRODUCTION) -> None:
        """Delete those of a workflow in an environment, but some."""
        self._session.execute(
            delete(Registration)
            .where(
                Registration.workflow_id == workflow_id,
                Registration.environment == environment,
                Registration.expression.is_not(None),
                Registration.test_until.is_(None),
                Registration.id.not_in(but),
            )
            .execution_options(synchronize_session=False)
        )

    def stay(self, id: uuid.UUID, target: dict[str, Any]) -> bool:
        """Let one start `target`, and poll as before. Return whether it is there."""
        query = update(Registration).where(Registration.id == id).values(target=target, updated_at=func.now())
        return self._session.execute(query.returning(Registration.id)).one_or_none() is not None

    def change(self, id: uuid.UUID, claim: uuid.UUID, cursor: Any, **values: Any) -> bool:
        """Let one poll with other values from a cursor on; what it has found stays. Return whether the claim held."""
        moved = text(_MOVE_ON).bindparams(behind=json.dumps(cursor))
        query = (
            update(Registration)
            .where(Registration.id == id, Registration.claim == claim)
            .values(
                cursor=cursor,
                pending=moved,
                claim=None,
                claimed_until=None,
                failures=0,
                last_error=None,
                retry_at=None,
                last_polled_at=func.now(),
                updated_at=func.now(),
                **values,
            )
            .returning(Registration.id)
        )
        return self._session.execute(query).one_or_none() is not None

    def all(self) -> list[Started[Registration]]:
        """Return all, in every environment, each with its workflow and what it started last."""
        query = with_last(Registration, "app").where(
            Registration.expression.is_not(None), Registration.test_until.is_(None)
        )
        return started(self._session, query)
