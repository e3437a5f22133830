"""Templates of the workspace's own."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stepweave_data.models import OwnTemplate, TemplateVersion, User


class Templates:
    """A tenant's templates and their versions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def latest(self) -> list[tuple[OwnTemplate, TemplateVersion]]:
        """Return all that are seen with their latest version, by name."""
        query = (
            select(OwnTemplate, TemplateVersion)
            .join(
                TemplateVersion,
                (TemplateVersion.template_id == OwnTemplate.id) & (TemplateVersion.number == OwnTemplate.version),
            )
            .order_by(func.lower(OwnTemplate.name))
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def count(self) -> int:
        """Return how many are seen."""
        return self._session.scalar(select(func.count()).select_from(OwnTemplate)) or 0

    def find(self, template_id: uuid.UUID, *, to_change: bool = False) -> OwnTemplate | None:
        """Return one, or None; `to_change`: nobody else changes it until the transaction ends."""
        query = select(OwnTemplate).where(OwnTemplate.id == template_id)
        return self._session.scalar(query.with_for_update() if to_change else query)

    def version(self, template_id: uuid.UUID, number: int) -> TemplateVersion | None:
        """Return a version, or None."""
        return self._session.get(TemplateVersion, (template_id, number))

    def versions(self, template_id: uuid.UUID) -> Sequence[tuple[TemplateVersion, str | None]]:
        """Return the versions of one, the latest first, each with who made it."""
        query = (
            select(TemplateVersion, User.name)
            .outerjoin(User, User.id == TemplateVersion.created_by)
            .where(TemplateVersion.template_id == template_id)
            .order_by(TemplateVersion.number.desc())
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]
