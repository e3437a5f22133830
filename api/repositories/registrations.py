"""Triggers with code at their providers: `registrations`."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from stepweave.model.environments import PRODUCTION
from stepweave_data.models import Registration
from stepweave_data.vaulting import Sealed


class Registrations:
    """A tenant's registrations. Those of tests are no part of what is published."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def active(self, workflow_id: uuid.UUID, environment: str = PRODUCTION) -> Sequence[Registration]:
        """Return those of what is live of a workflow in an environment, but for those that poll."""
        return self._session.scalars(
            select(Registration).where(
                Registration.workflow_id == workflow_id,
                Registration.environment == environment,
                Registration.status == "active",
                Registration.expression.is_(None),
                Registration.test_until.is_(None),
            )
        ).all()

    def of(self, workflow_id: uuid.UUID) -> Sequence[Registration]:
        """Return all of a workflow that people are to see: those that are being made or tested are none."""
        return self._session.scalars(
            select(Registration)
            .where(
                Registration.workflow_id == workflow_id,
                Registration.status != "joining",
                Registration.test_until.is_(None),
            )
            .order_by(Registration.created_at, Registration.id)
        ).all()

    def test(self, workflow_id: uuid.UUID, id: uuid.UUID, user_id: uuid.UUID) -> Registration | None:
        """Return one that listens for a person's test, or None."""
        return self._session.scalar(
            select(Registration).where(
                Registration.workflow_id == workflow_id,
                Registration.id == id,
                Registration.test_user_id == user_id,
                Registration.status == "joining",
            )
        )

    def tests(self, workflow_id: uuid.UUID, user_id: uuid.UUID) -> Sequence[Registration]:
        """Return those of a workflow that listen for a person's tests."""
        return self._session.scalars(
            select(Registration).where(
                Registration.workflow_id == workflow_id,
                Registration.test_user_id == user_id,
                Registration.status == "joining",
            )
        ).all()

    def listen(self, id: uuid.UUID, user_id: uuid.UUID, until: datetime, swept: datetime) -> bool:
        """Let one listen for a person's test. Return whether it is there; the sweeper sees to it at `swept`."""
        query = (
            update(Registration)
            .where(Registration.id == id, Registration.status == "joining")
            .values(test_user_id=user_id, test_until=until, leave_after=swept, updated_at=func.now())
            .returning(Registration.id)
        )
        return self._session.execute(query).one_or_none() is not None

    def keep(self, id: uuid.UUID, kept: Sealed) -> None:
        """Write down what `activate` gave."""
        self._session.execute(
            update(Registration)
            .where(Registration.id == id)
            .values(wrapped_key=kept.wrapped_key, nonce=kept.nonce, ciphertext=kept.ciphertext, updated_at=func.now())
        )

    def change(self, id: uuid.UUID, version: int, params: dict[str, Any]) -> None:
        """Have one that keeps its address be of other parameters."""
        self._session.execute(update(Registration).where(Registration.id == id).values(version=version, params=params))

    def clear(self, address: str) -> None:
        """Delete what is at an address and not live: a test, or what was left there."""
        self._session.execute(
            delete(Registration).where(Registration.address == address, Registration.status != "active")
        )

    def stay(self, ids: Sequence[uuid.UUID], target: dict[str, Any]) -> int:
        """Let registrations be active and start `target`. Return how many were still there to be so."""
        query = (
            update(Registration)
            .where(Registration.id.in_(ids), Registration.status.in_(("joining", "active")))
            .values(status="active", target=target, leave_after=None, updated_at=func.now())
            .returning(Registration.id)
        )
        return len(self._session.execute(query).all())

    def leave(
        self,
        workflow_id: uuid.UUID,
        *,
        but: Sequence[uuid.UUID],
        seconds: int,
        tests: bool = False,
        environment: str = PRODUCTION,
    ) -> None:
        """Let all active ones of a workflow but some leave; the sweeper sees to those that are there after `seconds`.

        Args:
            workflow_id: whose.
            but: those that stay.
            seconds: how long whoever calls this may take to take them away.
            tests: those that listen for a test, too.
            environment: in which one.
        """
        query = update(Registration).where(
            Registration.workflow_id == workflow_id,
            Registration.environment == environment,
            Registration.status == "active",
            Registration.expression.is_(None),
            Registration.id.not_in(but),
        )
        if not tests:
            query = query.where(Registration.test_until.is_(None))
        self._session.execute(query.values(status="leaving", leave_after=_after(seconds), updated_at=func.now()))

    def not_left(self, id: uuid.UUID, error: dict[str, Any], seconds: int, most: int) -> None:
        """Write down that the provider did not forget one: it is asked again, unless it was as often as it is."""
        values: dict[str, Any] = {
            "status": case((Registration.tries + 1 >= most, "failed"), else_="leaving"),
            "tries": Registration.tries + 1,
            "leave_after": _after(seconds),
            "last_error": error,
            "updated_at": func.now(),
        }
        self._session.execute(update(Registration).where(Registration.id == id).values(values))

    def leave_to_sweeper(self, id: uuid.UUID) -> None:
        """Have the sweeper see to one at once."""
        values = {"status": "leaving", "leave_after": func.now()}
        self._session.execute(update(Registration).where(Registration.id == id).values(values))

    def drop(self, id: uuid.UUID) -> None:
        """Delete one that the provider has forgotten."""
        self._session.execute(delete(Registration).where(Registration.id == id))


def _after(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)
