"""A tenant's plan, what it allows and what is held and used (migration 0037)."""

from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from stepweave_data.models import Tenant


class Held(NamedTuple):
    """How much there is of a kind, and how much there may be; None: there is no limit."""

    kind: str
    held: int
    most: int | None


class Quotas:
    """The plan of the transaction's tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def plan(self) -> str:
        """Return the plan's name."""
        return self._session.scalars(select(Tenant.plan)).one()

    def held(self) -> list[Held]:
        """Return what is held and used, by kind."""
        found = self._session.execute(text("SELECT kind, held, most FROM tenant_quotas()"))
        return [Held(*row) for row in found]

    def executions_left(self) -> int | None:
        """Return how many executions may still begin in this month (UTC), which may be below 0; None: any number.

        Where the plan has a limit, others who ask wait for this transaction's end.
        """
        left: int | None = self._session.execute(text("SELECT executions_left()")).scalar_one()
        return left
