"""Works on one number for each item."""

from decimal import Decimal
from typing import Any

from functions.nodes.data.numbers.decimals import calculated, decimal_of, given, random_between, rounded
from functions.nodes.data.numbers.errors import NumberInvalid
from functions.nodes.data.numbers.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import placed


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with the result in a field."""

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        value = _worked(params)
        return [placed(entry.item, params.output_field, value, keep=params.keep_other_fields)]

    return step.each(work)


def _worked(params: Params) -> Any:
    if params.operation == "format":
        from functions.nodes.data.numbers.locales import formatted

        return formatted(decimal_of(params.number, "number"), params)
    return given(_number(params), as_text=params.as_text)


def _number(params: Params) -> Decimal:
    match params.operation:
        case "parse":
            from functions.nodes.data.numbers.locales import parsed

            return parsed(params.text, params.locale)
        case "random":
            low = decimal_of(0 if params.lowest is None else params.lowest, "lowest")
            high = decimal_of(100 if params.highest is None else params.highest, "highest")
            return random_between(low, high, params.places)
    number = decimal_of(params.number, "number")
    match params.operation:
        case "calculate":
            return calculated(number, decimal_of(params.other, "other"), params.calculation)
        case "clamp":
            return _clamped(number, params)
    return rounded(number, params.decimals, params.rounding)


def _clamped(number: Decimal, params: Params) -> Decimal:
    low = None if params.lowest is None else decimal_of(params.lowest, "lowest")
    high = None if params.highest is None else decimal_of(params.highest, "highest")
    if low is not None and high is not None and low > high:
        raise NumberInvalid(
            f"At least {low} is more than at most {high}.", "Change one.", details={"field": "params.lowest"}
        )
    number = number if low is None else max(number, low)
    return number if high is None else min(number, high)
