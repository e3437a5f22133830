"""Test calls: what counts as one, and that nothing else that says so does."""

import json
from dataclasses import replace

import pytest

from stepweave_data.hooks.probing import HEADER, SECONDS, answer, is_probe, proof
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request

NOW = 1_790_000_000
BARE = Request("acme", "orders/new", "POST", {}, "", b"")


def signed(**changes: object) -> Request:
    given = proof("s", "hooks", "acme", "orders/new", NOW + SECONDS)
    return replace(BARE, headers={HEADER: given}, **changes)  # type: ignore[arg-type]  # of a request


def judged(request: Request, room: str = "hooks", secret: str = "s", now: float = NOW) -> bool:
    return is_probe(request, room, lambda: secret, lambda: now)


def test_a_request_without_the_header_is_none_and_a_signed_one_is() -> None:
    assert not judged(BARE)
    assert judged(signed())
    assert judged(signed(method="GET", body=b"{}"))


@pytest.mark.parametrize(
    "given",
    ["", ".", "x", "9" * 40, f"{NOW + 10}", f"{NOW + 10}.", f"{NOW + 10}.é", "²³.x", f"-{NOW}.x", "\ud800.x", "1.x"],
)
def test_a_header_that_is_no_signature_is_refused(given: str) -> None:
    with pytest.raises(Refusal) as raised:
        judged(replace(BARE, headers={HEADER: given}))
    assert raised.value.code == "not_a_probe"


@pytest.mark.parametrize(
    ("request_", "more"),
    [
        (signed(slug="other"), {}),
        (signed(path="orders/old"), {}),
        (signed(), {"room": "forms"}),
        (signed(), {"secret": "another"}),
        (signed(), {"now": NOW + SECONDS + 1}),
        (signed(), {"now": NOW - 10 * SECONDS}),
    ],
)
def test_a_signature_counts_for_one_address_and_a_minute(request_: Request, more: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        judged(request_, **more)  # type: ignore[arg-type]  # of the table


def test_the_answer_says_where_a_call_would_lead() -> None:
    told = answer("w", "n", paused=True)
    assert (told["statusCode"], json.loads(told["body"])) == (200, {"workflowId": "w", "nodeId": "n", "paused": True})
    assert "sandbox" in told["headers"]["content-security-policy"]
