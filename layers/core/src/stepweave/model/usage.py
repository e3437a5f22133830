"""What steps use: requests, bytes, tokens, money, and whatever else a node counts. Plain data, added exactly.

Amounts of money and of a node's own units are decimal text (`"0.00015"`), so that nothing is rounded on the way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from typing_extensions import TypedDict  # pydantic takes the standard one from Python 3.12 on only

MOST_WHOLE: Final = 2**53 - 1
"""What every reader of JSON can hold exactly; sums stay there."""
MOST_KINDS: Final = 32
"""Models, currencies and units that one step may tell of, together."""
MOST_NAME: Final = 100
_DIGITS: Final = 15
_DECIMALS: Final = 18
_AMOUNT: Final = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_WHOLE: Final = ("requests", "bytesSent", "bytesReceived")
_TOKENS: Final = ("input", "output", "cached")


class Tokens(TypedDict):
    """Tokens of a language model. `cached` are those of the input that the provider had already."""

    input: int
    output: int
    cached: int


class Usage(TypedDict, total=False):
    """What was used. A part that is missing is none."""

    requests: int
    """HTTP requests that were sent, redirects and repeated ones among them."""
    bytesSent: int
    """Bytes of their bodies."""
    bytesReceived: int
    """Bytes of the answers' bodies, as they came over the wire."""
    tokens: dict[str, Tokens]
    """By the model's name."""
    money: dict[str, str]
    """By the currency (ISO 4217), as decimal text."""
    counted: dict[str, str]
    """By a unit of the node's own (`pages`), as decimal text."""


class UsageInvalid(ValueError):
    """What a node told cannot be used. `str()` says what is wrong with it."""


def whole(value: Any, what: str) -> int:
    """Return a count. Raises UsageInvalid where it is no whole number from 0 to `MOST_WHOLE`."""
    number = int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= MOST_WHOLE else value
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MOST_WHOLE:
        raise UsageInvalid(f"{what}: {_shown(value)} is not a whole number of 0 or more")
    return number


def amount(value: Any, what: str) -> str:
    """Return an amount as decimal text: up to 15 digits, and 18 behind the point, where more are rounded.

    Args:
        value: a number, a `Decimal`, or decimal text.
        what: what it is of, for errors.

    Raises:
        UsageInvalid: it is no such number.
    """
    from decimal import ROUND_HALF_EVEN, Decimal

    text = "" if isinstance(value, bool) else str(value) if isinstance(value, str | int | float | Decimal) else ""
    if not _AMOUNT.fullmatch(text):
        raise UsageInvalid(f"{what}: {_shown(value)} is not an amount of 0 or more")
    number = Decimal(text)
    if number.adjusted() >= _DIGITS:
        raise UsageInvalid(f"{what}: {_shown(value)} is more than can be counted")
    return _written(number.quantize(Decimal(1).scaleb(-_DECIMALS), ROUND_HALF_EVEN))


def name(value: Any, what: str) -> str:
    """Return a model's or a unit's name. Raises UsageInvalid where it is empty, too long or has control characters."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > MOST_NAME or _UNPRINTABLE.search(text):
        raise UsageInvalid(f"{what}: {_shown(value)} is not a name of 1 to {MOST_NAME} characters")
    return text


def currency(value: Any) -> str:
    """Return a currency's code. Raises UsageInvalid where it is none by its look (`EUR`)."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if not _CURRENCY.fullmatch(code):
        raise UsageInvalid(f"money: {_shown(value)} is not the code of a currency, such as EUR")
    return code


def added(one: Usage, other: Usage) -> Usage:
    """Return the sum of two usages."""
    first, second = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
    result: dict[str, Any] = {}
    for part in _WHOLE:
        if part in first or part in second:
            result[part] = _sum(first.get(part, 0), second.get(part, 0))
    tokens: dict[str, Tokens] = {**first.get("tokens", {})}
    for model, more in second.get("tokens", {}).items():
        known = cast("dict[str, int]", tokens.get(model, {}))
        tokens[model] = _tokens({part: _sum(known.get(part, 0), more.get(part, 0)) for part in _TOKENS})
    if tokens:
        result["tokens"] = tokens
    for group in ("money", "counted"):
        amounts: dict[str, str] = {**first.get(group, {})}
        for key, more_of in second.get(group, {}).items():
            amounts[key] = _sum_of_amounts(amounts.get(key, "0"), more_of)
        if amounts:
            result[group] = amounts
    return cast("Usage", result)


def entries(usage: Usage) -> Iterator[tuple[str, str, str]]:
    """Yield a usage as rows: kind, name (of a model, a currency, a unit; else empty), and amount as decimal text.

    Kinds are `requests`, `bytesSent`, `bytesReceived`, `tokens.input`, `tokens.output`, `tokens.cached`, `money` and
    `counted`. Rows of 0 are left out.
    """
    counts = cast("dict[str, Any]", usage)
    for part in _WHOLE:
        if counts.get(part):
            yield part, "", str(counts[part])
    for model, tokens in usage.get("tokens", {}).items():
        for kind, number in tokens.items():
            if number:
                yield f"tokens.{kind}", model, str(number)
    for currency_code, text in usage.get("money", {}).items():
        yield "money", currency_code, text
    for unit, text in usage.get("counted", {}).items():
        yield "counted", unit, text


def of_entries(rows: Iterable[tuple[str, str, Any]]) -> Usage:
    """Return the usage of rows as `entries` gives them; amounts may be `Decimal`."""
    usage: dict[str, Any] = {}
    for kind, key, value in rows:
        group, _, part = kind.partition(".")
        if part:
            tokens = usage.setdefault(group, {}).setdefault(key, _tokens({}))
            tokens[part] = min(int(value), MOST_WHOLE)
        elif key:
            usage.setdefault(group, {})[key] = _written(value)
        else:
            usage[group] = min(int(value), MOST_WHOLE)
    return cast("Usage", usage)


def _tokens(parts: Mapping[str, int]) -> Tokens:
    return {"input": parts.get("input", 0), "output": parts.get("output", 0), "cached": parts.get("cached", 0)}


def _sum(one: int, other: int) -> int:
    return min(one + other, MOST_WHOLE)


def _sum_of_amounts(one: str, other: str) -> str:
    from decimal import Context, Decimal

    return _written(Context(prec=50).add(Decimal(one), Decimal(other)))


def _written(number: Any) -> str:
    """Return a number as decimal text without an exponent and without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(value: Any) -> str:
    text = " ".join(str(value)[:200].split())
    return f"“{text if len(text) <= 60 else text[:60] + '…'}”"
