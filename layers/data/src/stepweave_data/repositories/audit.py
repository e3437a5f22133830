"""Who did what to what."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from stepweave_data.models import Audit


def write(
    session: Session, tenant_id: UUID, user_id: UUID | None, action: str, subject: UUID, details: dict[str, Any]
) -> None:
    """Write down what is done in this transaction; it stays only if the transaction does."""
    session.add(
        Audit(tenant_id=tenant_id, user_id=user_id, action=action, subject=str(subject), details=details),
    )
