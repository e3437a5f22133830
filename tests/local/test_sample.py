"""The main job's sample: what it must give is reckoned here a second time, in Python's decimals."""

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local.mainjob import Outcome, compare
from local.seed.seed import HERE
from local.services.demo import PER_EUR
from stepweave.model.events import Event

ORDERS: list[dict[str, Any]] = json.loads((HERE / "orders.json").read_text(encoding="utf-8"))["orders"]
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
LIMIT = Decimal(1000)
CENT = Decimal("0.01")


def euros(order: dict[str, Any]) -> Decimal | None:
    """What an order is worth, or None where it is not valid."""
    amount = order.get("amount")
    if not order.get("id") or not order.get("customer") or not isinstance(amount, int | float) or amount < 0:
        return None
    if order.get("currency") not in PER_EUR:
        return None
    return (Decimal(str(amount)) / Decimal(str(PER_EUR[order["currency"]]))).quantize(CENT, ROUND_HALF_UP)


def test_the_expected_answer_follows_from_the_sample() -> None:
    worth = [(order, euros(order)) for order in ORDERS]
    accepted = [value for _, value in worth if value is not None and value <= LIMIT]
    review = [order["id"] for order, value in worth if value is not None and value > LIMIT]
    invalid = [order for order, value in worth if value is None]
    assert EXPECTED["answer"] == {
        "received": len(ORDERS),
        "ok": len(accepted),
        "review": len(review),
        "invalid": len(invalid),
        "inserted": len(accepted) + len(invalid),
        "acceptedEur": float(sum(accepted)),
        "reviewIds": review,
    }
    assert EXPECTED["rows"] == len(accepted) + len(invalid)
    assert EXPECTED["mailSubject"] == f"Order triage: {len(review)} orders need approval"


def test_the_sample_is_awkward() -> None:
    assert len(ORDERS) >= 50
    amounts = [order.get("amount", "missing") for order in ORDERS]
    assert 0 in amounts
    assert "missing" in amounts
    assert max(amount for amount in amounts if isinstance(amount, int | float)) > 10**15
    assert any(not order.get("customer", "a").isascii() for order in ORDERS)


def outcome(**changes: Any) -> Outcome:
    ended: Event = {"id": "1", "type": "execution.succeeded", "at": "", "seq": 1}
    values = {
        "execution_id": "x",
        "answer": EXPECTED["answer"],
        "rows": EXPECTED["rows"],
        "mail_subject": EXPECTED["mailSubject"],
        "mail_to": EXPECTED["mailTo"],
        "events": [ended],
        **changes,
    }
    return Outcome(**values)


def test_an_outcome_as_expected_has_no_differences() -> None:
    assert compare(outcome(), EXPECTED) == []


def test_every_difference_is_named() -> None:
    assert "rows should be 50 and is 49" in compare(outcome(rows=49), EXPECTED)
    assert "mailSubject" in compare(outcome(mail_subject=None), EXPECTED)[0]
    assert "answer" in compare(outcome(answer={}), EXPECTED)[0]
    gap: list[Event] = [
        {"id": "1", "type": "node.started", "at": "", "seq": 1},
        {"id": "2", "type": "execution.failed", "at": "", "seq": 3},
    ]
    assert len(compare(outcome(events=gap), EXPECTED)) == 2
