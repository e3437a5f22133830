"""APIs that a tenant knows by their documents."""

import uuid
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, defer

from stepweave_data.models import Api

INDEXED: Final = ("id", "label", "group", "method", "path", "deprecated")
"""What the list of all APIs has of an operation."""


class Apis:
    """The APIs of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def listed(self) -> list[tuple[Api, list[dict[str, Any]]]]:
        """Return all, by name, without their documents, and of each operation what `INDEXED` names."""
        one = func.jsonb_array_elements(Api.operations, type_=JSONB).column_valued("one")
        index = func.jsonb_agg(func.jsonb_build_object(*(part for name in INDEXED for part in (name, one[name]))))
        query = (
            select(Api, func.coalesce(select(index).scalar_subquery(), literal([], JSONB)))
            .options(defer(Api.document, raiseload=True), defer(Api.operations, raiseload=True))
            .order_by(func.lower(Api.name))
        )
        return [(api, operations) for api, operations in self._session.execute(query)]

    def names(self) -> list[tuple[uuid.UUID, str, str]]:
        """Return the id, the name and the URL of all, by name."""
        query = select(Api.id, Api.name, Api.base_url).order_by(func.lower(Api.name))
        return [(id, name, base_url) for id, name, base_url in self._session.execute(query)]

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
