"""Rows of debug runs and their stops."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from stepweave_data.models import DebugRun, DebugStop, Execution, User


class Debugging:
    """Debug runs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def run(self, execution_id: uuid.UUID, *, lock: bool = False) -> DebugRun | None:
        """Return what an execution stops at; None where it is no debug run."""
        return self._session.get(DebugRun, execution_id, with_for_update=lock or None)

    def stops(self, execution_id: uuid.UUID) -> Sequence[tuple[DebugStop, str | None]]:
        """Return the stops at which something waits, each with nobody's name, the first one first."""
        query = (
            select(DebugStop)
            .join(Execution, Execution.id == DebugStop.execution_id)
            .where(
                DebugStop.execution_id == execution_id,
                DebugStop.state == "open",
                Execution.status.in_(("queued", "running")),
            )
        )
        found = self._session.scalars(query.order_by(DebugStop.created_at, DebugStop.id)).all()
        return [(stop, None) for stop in found]

    def stop(self, execution_id: uuid.UUID, stop_id: uuid.UUID, *, lock: bool = False) -> DebugStop | None:
        """Return one of an execution's stops, or None. A lock is held until the transaction ends."""
        query = select(DebugStop).where(DebugStop.id == stop_id, DebugStop.execution_id == execution_id)
        return self._session.scalar(query.with_for_update() if lock else query)

    def who(self, user_id: uuid.UUID | None) -> str:
        """Return a user's name, or their address; "somebody" where they are gone."""
        user = self._session.get(User, user_id) if user_id is not None else None
        return (user.name or user.email) if user is not None else "somebody"

    def leave(self, run: DebugRun, keys: Collection[str], *, by_step: bool) -> None:
        """Note how node runs were left (`stepweave_data.debugging`)."""
        others = [key for key in run.stepped if key not in keys]
        run.stepped = [*others, *keys] if by_step else others
