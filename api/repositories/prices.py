"""What models cost a tenant."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stepweave_data.models import ModelPrice


class Prices:
    """Prices of models."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> list[ModelPrice]:
        """Return all, by provider and model."""
        return list(self._session.scalars(select(ModelPrice).order_by(ModelPrice.provider, ModelPrice.model)))

    def count(self) -> int:
        """Return how many there are."""
        return self._session.scalar(select(func.count()).select_from(ModelPrice)) or 0

    def find(self, provider: str, model: str) -> ModelPrice | None:
        """Return the price of a model; None where there is none."""
        query = select(ModelPrice).where(ModelPrice.provider == provider, ModelPrice.model == model)
        return self._session.scalar(query)
