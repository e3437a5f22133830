"""APIs that a tenant knows by their documents."""

import uuid
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from stepweave_data.models import Api


class Apis:
    """The APIs of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[Api]:
        """Return all, by name, without their documents."""
        query = select(Api).options(defer(Api.document, raiseload=True)).order_by(func.lower(Api.name))
        return list(self._session.scalars(query))

    def some(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Api]:
        """Return those of these ids that there are, without their documents."""
        query = select(Api).where(Api.id.in_(list(ids))).options(defer(Api.document, raiseload=True))
        return {row.id: row for row in self._session.scalars(query)}

    def find(self, id: uuid.UUID) -> Api | None:
        """Return one; None where there is none."""
        return self._session.get(Api, id)

    def count(self) -> int:
        """Return how many there are."""
        return self._session.scalar(select(func.count()).select_from(Api)) or 0
