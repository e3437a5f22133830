"""What tokens cost: exact, by the provider's own names, and unknown rather than nothing."""

from decimal import Decimal

import pytest

from stepweave.runtime.budgets import Budget, unlimited
from stepweave.runtime.metering import Meter
from stepweave.runtime.storing import Store
from stepweave.spec.prices import RATES, list_prices
from stepweave_ai.accounts import ANTHROPIC_URL, OPENAI_URL, Account, account_of
from stepweave_ai.errors import SpendingLimit
from stepweave_ai.prices import price_of
from stepweave_ai.spending import Purse
from stepweave_ai.talking import Tokens
from tests.fakes.steps import TENANT, context

OPENAI = Account("openai", OPENAI_URL, "k")
BUDGET = Budget(Store(unlimited, TENANT), context())
ANTHROPIC = Account("anthropic", ANTHROPIC_URL, "k")


def bedrock(**more: str) -> Account:
    return account_of("bedrock", {"accessKeyId": "A", "secretAccessKey": "s", "region": "us-east-1", **more})


@pytest.mark.parametrize(
    ("account", "model", "tokens", "dollars"),
    [
        (OPENAI, "gpt-4o-mini", Tokens(1_000_000, 0), "0.15"),
        (OPENAI, "gpt-4o-2024-08-06", Tokens(1000, 100), "0.0035"),
        (OPENAI, "gpt-4o", Tokens(1000, 0, 1000), "0.00125"),
        (OPENAI, "gpt-4o", Tokens(1000, 0, 5000), "0.00125"),
        (OPENAI, "gpt-5.5-pro", Tokens(1000, 0, 1000), "0.03"),
        (ANTHROPIC, "claude-opus-4-5-20251101", Tokens(1, 1), "0.00003"),
        (ANTHROPIC, "claude-sonnet-4-latest", Tokens(1_000_000, 1_000_000), "18"),
        (bedrock(), "amazon.nova-lite-v1:0", Tokens(1_000_000, 0), "0.06"),
        (bedrock(), "amazon.nova-lite-v1:0:300k", Tokens(1_000_000, 0, 1_000_000), "0.015"),
        (bedrock(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", Tokens(1_000_000, 0), "3.3"),
        (bedrock(region="eu-west-1"), "global.anthropic.claude-sonnet-4-6", Tokens(0, 1_000_000), "15"),
        (
            bedrock(region="eu-west-1"),
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-sonnet-4-6",
            Tokens(0, 1_000_000),
            "16.5",
        ),
    ],
)
def test_tokens_cost_what_the_provider_asks(account: Account, model: str, tokens: Tokens, dollars: str) -> None:
    price = price_of(account, model)
    assert price is not None
    assert price.of(tokens) == Decimal(dollars)


@pytest.mark.parametrize(
    ("model", "tokens", "seconds", "dollars"),
    [
        ("text-embedding-3-small", Tokens(1_000_000), 0, "0.02"),
        ("text-embedding-3-small", Tokens(1, 1), 0, None),
        ("whisper-1", Tokens(), 90.5, "0.00905"),
        ("whisper-1", Tokens(1), 90, None),
        ("gpt-4o-mini", Tokens(1), 1, None),
        ("gpt-4o-transcribe", Tokens(1_100_000, 0, 0, 1_000_000), 0, "6.25"),
        ("gpt-4o", Tokens(1_000_000, 0, 0, 1_000_000), 0, "2.5"),
    ],
)
def test_sound_costs_what_it_is_sold_by(model: str, tokens: Tokens, seconds: float, dollars: str | None) -> None:
    price = price_of(OPENAI, model)
    assert price is not None
    assert price.of(tokens, seconds) == (None if dollars is None else Decimal(dollars))


@pytest.mark.parametrize(
    ("account", "model"),
    [
        (OPENAI, "gpt-99"),
        (OPENAI, "gpt-4o-audio-preview"),
        (OPENAI, "claude-opus-4-5"),
        (ANTHROPIC, "claude-opus-4-5-large"),
        (Account("openai", "https://openrouter.ai/api/v1", "k"), "gpt-4o"),
        (bedrock(region="eu-west-1"), "amazon.nova-lite-v1:0"),
        (bedrock(region="us-gov-west-1"), "amazon.nova-lite-v1:0"),
        (bedrock(endpoint="https://aws.example.com"), "us.amazon.nova-lite-v1:0"),
        (bedrock(), "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc"),
        (bedrock(), "apac.amazon.nova-lite-v1:0"),
    ],
)
def test_a_price_that_is_not_known_is_none(account: Account, model: str) -> None:
    assert price_of(account, model) is None


def test_every_price_has_a_source_and_is_decimal_text() -> None:
    for provider in list_prices().values():
        assert "as of 20" in provider.source
        for price in provider.models.values():
            assert all(Decimal(value) > 0 for value in price.values())
            assert "input" in price or set(price) == {"minute"}
            assert set(price) <= set(RATES)


@pytest.mark.parametrize(
    ("type", "model", "dollars"),
    [
        ("openai", "gpt-4o", "1"),
        ("openai", "gpt-4o-2024-08-06", "1"),
        ("openai", "llama3", "0"),
        ("openai", "gpt-4o-mini", None),
        ("bedrock", "gpt-4o", "1"),
    ],
)
def test_what_the_tenant_says_counts_at_every_server(type: str, model: str, dollars: str | None) -> None:
    prices = {"gpt-4o": {"input": "1", "output": "2"}, "llama3": {"input": "0", "output": "0"}}
    data = {"baseUrl": "http://127.0.0.1:1/v1", "region": "us-east-1", "endpoint": "http://127.0.0.1:1"}
    price = price_of(account_of(type, {**data, "prices": prices}), model)
    cost = price.of(Tokens(1_000_000)) if price else None
    assert cost == (None if dollars is None else Decimal(dollars))


def test_what_is_used_is_told_and_held_to_the_limit_in_money() -> None:
    meter = Meter()
    purse = Purse(meter, BUDGET, print, most_money=Decimal("0.01"))
    purse.check()
    purse.pay(OPENAI, "gpt-4o", Tokens(2000, 600))
    assert meter.take() == {
        "tokens": {"gpt-4o": {"input": 2000, "output": 600, "cached": 0}},
        "money": {"USD": "0.011"},
    }
    with pytest.raises(SpendingLimit, match=r"has spent 0\.011 USD; it may spend 0\.01"):
        purse.check()


def test_a_model_without_a_price_tells_that_instead_of_money() -> None:
    meter = Meter()
    Purse(meter, BUDGET, print).pay(OPENAI, "gpt-99", Tokens(1, 1))
    told = meter.take()
    assert "money" not in told
    assert told["counted"] == {"answers of unknown price": "1"}


@pytest.mark.parametrize(
    ("type", "given", "base_url"),
    [
        ("openai", {}, OPENAI_URL),
        ("openai", {"baseUrl": "https://api.groq.com/openai/v1/"}, "https://api.groq.com/openai/v1"),
        ("anthropic", {"baseUrl": "https://api.anthropic.com/v1"}, ANTHROPIC_URL),
        ("anthropic", {"baseUrl": "https://proxy.example.com/claude/"}, "https://proxy.example.com/claude"),
    ],
)
def test_an_account_is_where_its_credential_says(type: str, given: dict[str, str], base_url: str) -> None:
    account = account_of(type, {"apiKey": "secret", **given})
    assert account.base_url == base_url
    assert "secret" not in repr(account)
