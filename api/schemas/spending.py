"""What language models cost, and what may be spent on them."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema
from stepweave.model.workflow import TokenCount

Amount = Annotated[Decimal, Field(ge=0, le=1_000_000_000, max_digits=18, decimal_places=6)]


class BudgetRequest(Schema):
    """What the workspace may spend on language models in a month."""

    month_money: Amount | None
    """US dollars; null for any amount, 0 for none."""
    month_tokens: TokenCount | None
    """Tokens, sent and answered; null for any number, 0 for none."""


class BudgetResponse(Schema):
    """What may be spent in a month."""

    month_money: str | None
    """US dollars, as decimal text; null for any amount."""
    month_tokens: int | None
    """Tokens, sent and answered; null for any number."""


class SpentResponse(Schema):
    """What was spent on language models."""

    tokens: int
    """Tokens, sent and answered."""
    money: str
    """US dollars, as decimal text, which is exact."""
    answers: int
    """How many answers there were."""
    unpriced: int
    """How many of them were of models whose price is not known; the money is without them."""


class WorkflowSpending(Schema):
    """What a workflow spent in the month."""

    workflow_id: uuid.UUID
    """The workflow."""
    workflow_name: str | None
    """What it is called; null where it is deleted."""
    spent: SpentResponse
    """What it spent."""
    budget: BudgetResponse
    """What its draft says that it may spend in a month."""


class SpendingResponse(Schema):
    """What was spent on language models in a month."""

    month: str
    """The month, in UTC: `2026-11`."""
    renews_at: datetime
    """When the budgets of the month that runs now begin anew."""
    spent: SpentResponse
    """What all workflows spent."""
    budget: BudgetResponse
    """What the workspace may spend in a month."""
    workflows: list[WorkflowSpending]
    """The workflows that spent something, most first; 100 at most."""


class CostSummary(Schema):
    """What something in a list cost."""

    tokens: int
    """Tokens of language models, sent and answered."""
    money: dict[str, str]
    """By the currency (ISO 4217), as decimal text, which is exact."""
