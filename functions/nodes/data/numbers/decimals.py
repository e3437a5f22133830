"""Exact decimals: read from JSON, calculated, and given back."""

import decimal
import secrets
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from functions.nodes.data.numbers.errors import NumberInvalid
from stepweave.model.numbers import read_number
from stepweave.runtime.placing import shown

CONTEXT: Final = Context(
    prec=50, Emax=999, Emin=-999, traps=[InvalidOperation, decimal.DivisionByZero, decimal.Overflow]
)
_LARGEST: Final = 400
"""Of exponents: doubles end at 308."""
ROUNDINGS: Final = {
    "halfUp": decimal.ROUND_HALF_UP,
    "halfEven": decimal.ROUND_HALF_EVEN,
    "halfDown": decimal.ROUND_HALF_DOWN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
    "floor": decimal.ROUND_FLOOR,
}


def decimal_of(value: Any, field: str) -> Decimal:
    """Return the exact number that a value shows. Raises NumberInvalid."""
    text = value.strip() if isinstance(value, str) else repr(value) if type(value) in (int, float) else ""
    if read_number(text[:400]) is not None and len(text) <= 400:
        number = Decimal(text)
        if abs(number.adjusted()) <= _LARGEST:
            return number
    missing = value is None or value == ""
    raise NumberInvalid(
        "No number is given." if missing else f"{shown(value)} is no number.",
        "Give a number, or read it from text first.",
        details={"field": f"params.{field}"},
    )


def rounded(number: Decimal, decimals: int, rounding: str) -> Decimal:
    """Return a number with so many decimals; negative ones round to tens, hundreds."""
    wide = Context(prec=_LARGEST * 2 + 50)
    return number.quantize(Decimal(1).scaleb(-decimals), ROUNDINGS[rounding], wide)


def calculated(left: Decimal, right: Decimal, calculation: str) -> Decimal:
    """Return the result of a calculation. Raises NumberInvalid where there is none."""
    try:
        match calculation:
            case "add":
                return CONTEXT.add(left, right)
            case "subtract":
                return CONTEXT.subtract(left, right)
            case "multiply":
                return CONTEXT.multiply(left, right)
            case "divide":
                return CONTEXT.divide(left, right)
            case "remainder":
                return CONTEXT.remainder(left, right)
            case "percent":
                return CONTEXT.divide(CONTEXT.multiply(left, right), Decimal(100))
        return CONTEXT.power(left, right)
    except (decimal.DivisionByZero, decimal.DivisionUndefined):
        raise _none("A division by zero has no result", "Check the second number.") from None
    except decimal.Overflow:
        raise _none("The result is too large", "Use smaller numbers.") from None
    except InvalidOperation:
        zero = right == 0 and calculation in ("divide", "remainder")
        what = "A division by zero has no result" if zero else "The calculation has no result"
        raise _none(what, "Check the numbers.") from None


def random_between(low: Decimal, high: Decimal, places: int) -> Decimal:
    """Return a number from `low` to `high`, both included, from the system's secure generator. Raises NumberInvalid."""
    unit = Decimal(1).scaleb(-places)
    first = int((low / unit).to_integral_value(decimal.ROUND_CEILING))
    last = int((high / unit).to_integral_value(decimal.ROUND_FLOOR))
    if first > last:
        raise _none(f"There is no such number from {low} to {high}", "Change the bounds or the decimals.")
    return Decimal(first + secrets.randbelow(last - first + 1)).scaleb(-places)


def given(number: Decimal, *, as_text: bool) -> Any:
    """Return a number as JSON has it, or its text with all digits. Raises NumberInvalid for one beyond doubles."""
    number = number + 0 if number == 0 else number  # no minus zero
    if as_text:
        return format(number, "f")
    if number == number.to_integral_value() and number.adjusted() < 300:
        return int(number)
    if number.adjusted() > 307:
        raise _none("The result is too large", "Use smaller numbers, or take it as text.")
    return float(number)


def _none(what: str, remedy: str) -> NumberInvalid:
    return NumberInvalid(f"{what}.", remedy, details={"field": "params.number"})
