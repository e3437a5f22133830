"""Numbers as a language writes them, by CLDR (Babel)."""

import re
from decimal import Decimal
from typing import Final

from babel import Locale, UnknownLocaleError
from babel import numbers as cldr

from functions.nodes.data.numbers.errors import NumberInvalid
from functions.nodes.data.numbers.spec import Params
from stepweave.runtime.placing import shown

_MOST_DIGITS: Final = 60
_SIGNS: Final = str.maketrans({"−": "-", "\u2010": "-", "\u2011": "-", "＋": "+"})
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009']+")
_AROUND: Final = re.compile(r"[^\d.,'’\s+\-()−٠-٩۰-۹\u00a0\u202f\u2009\u066b\u066c]+")


def locale_of(name: str) -> Locale:
    """Return a locale by its BCP 47 tag. Raises NumberInvalid."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        raise NumberInvalid(
            f"There is no language {shown(name)}.", "Write en, de or pt-BR.", details={"field": "params.locale"}
        ) from None


def formatted(number: Decimal, params: Params) -> str:
    """Return a number as its language writes it. Raises NumberInvalid."""
    locale = locale_of(params.locale)
    if abs(number.adjusted()) > _MOST_DIGITS and number != 0 and params.style != "scientific":
        raise NumberInvalid(
            f"{number:E} is too large or too small to be written out.",
            "Choose the scientific style.",
            details={"field": "params.number"},
        )
    match params.style:
        case "percent":
            return cldr.format_percent(number, locale=locale, decimal_quantization=False)
        case "currency":
            return cldr.format_currency(number, params.currency, locale=locale)
        case "scientific":
            return cldr.format_scientific(number, locale=locale)
        case "compact":
            return cldr.format_compact_decimal(number, locale=locale, fraction_digits=1)
        case "decimal":
            return cldr.format_decimal(number, locale=locale, decimal_quantization=False)
    try:
        if not re.search(r"[#0@]", params.pattern):
            raise ValueError(params.pattern)
        return cldr.format_decimal(number, params.pattern, locale)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        raise NumberInvalid(
            f"{shown(params.pattern)} is no pattern.", "Write #,##0.00.", details={"field": "params.pattern"}
        ) from None


def parsed(text: str, name: str) -> Decimal:
    """Return the number that a text is in a language; signs of currencies, units and percent around it do not count.

    Raises:
        NumberInvalid: it is none, or its groups stand where they do not belong.
    """
    locale = locale_of(name)
    plain = _AROUND.sub(" ", text.translate(_SIGNS)).strip()
    minus = plain.startswith("(") and plain.endswith(")")
    plain = plain.strip("()").strip()
    if plain.endswith("-") or plain.endswith("+"):
        plain = plain[-1] + plain[:-1]
    plain = re.sub(r"^([+-])\s+", r"\1", plain)
    group = cldr.get_group_symbol(locale)
    if _SPACES.fullmatch(group) or group in "'’":
        plain = re.sub(r"(?<=\d)[\s\u00a0\u202f\u2009'’](?=\d{3}(?!\d))", group, plain)
    try:
        if not plain or len(plain) > 200:
            raise ValueError(text)
        number: Decimal = cldr.parse_decimal(plain, locale=locale, strict=True)
        if not number.is_finite():
            raise ValueError(text)
    except (ValueError, ArithmeticError):
        raise NumberInvalid(
            f"{shown(text)} is no number in {locale.english_name}.",
            f"Write it as {cldr.format_decimal(Decimal('1234.5'), locale=locale)}, or choose its language.",
            details={"field": "params.text"},
        ) from None
    return -number if minus else number
