"""Case, slugs, padding, measures, and what is found in text: pure, and linear in its length."""

import re
import unicodedata
from typing import Any, Final

from stepweave.model.numbers import read_number

_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}(?:'[A-Za-z0-9._%+-]{1,64}){0,3}"
    r"@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}(?![A-Za-z0-9-])"
)
_URL: Final = re.compile(r"(?:https?|ftp)://[^\s<>\"'`{}|\\^\u00a0]{1,4000}", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"(?<![\w.])[+-]?(?:[0-9]{1,300}(?:\.[0-9]{1,300})?|\.[0-9]{1,300})(?:[eE][+-]?[0-9]{1,3})?(?!\w|\.[0-9])"
)
_ENDS: Final = ".,;:!?)]'\""
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_SPELT: Final = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
     "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ð": "d", "Ð": "D", "ı": "i"}
)  # fmt: skip
"""Letters that are no letter with an accent to Unicode."""


def extracted(text: str, kind: str) -> list[Any]:
    """Return the `emails`, `urls` or `numbers` of a text, in order."""
    if kind == "emails":
        return [found[0] for found in _EMAIL.finditer(text)]
    if kind == "numbers":
        numbers = (read_number(found[0]) for found in _NUMBER.finditer(text))
        return [number for number in numbers if number is not None]
    return [_whole(found[0]) for found in _URL.finditer(text)]


def _whole(url: str) -> str:
    """Return a URL without the punctuation of the sentence around it; a bracket that it opens itself stays."""
    while url and url[-1] in _ENDS and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url


def in_case(text: str, case: str) -> str:
    """Return a text in a case (as the parameter names them)."""
    match case:
        case "upper":
            return text.upper()
        case "lower":
            return text.lower()
        case "swap":
            return text.swapcase()
        case "sentence":
            return re.sub(r"(^\s*|[.!?]\s+)(\w)", lambda found: found[1] + found[2].upper(), text.lower())
        case "title":
            return re.sub(r"[^\W_]+(?:['’][^\W_]+)*", lambda found: found[0][0].upper() + found[0][1:].lower(), text)
    words = [word.lower() for word in _WORD.findall(text)]
    match case:
        case "snake":
            return "_".join(words)
        case "kebab":
            return "-".join(words)
        case "constant":
            return "_".join(words).upper()
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined if case == "pascal" else joined[:1].lower() + joined[1:]


def without_accents(text: str) -> str:
    """Return a text with its letters' marks dropped: é is e."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(one for one in apart if unicodedata.category(one) != "Mn"))


def slug(text: str) -> str:
    """Return a text as a part of a URL: a to z, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELT)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def padded(text: str, length: int, filler: str, side: str) -> str:
    """Return a text of at least `length` characters; padded on both sides, the end gets the odd one."""
    missing = length - len(text)
    if missing <= 0:
        return text
    before = missing if side == "start" else missing // 2 if side == "both" else 0

    def of(count: int) -> str:
        return (filler * (count // len(filler) + 1))[:count]

    return of(before) + text + of(missing - before)


def measured(text: str) -> dict[str, int]:
    """Return a text's characters, bytes in UTF-8, UTF-16 units, words and lines."""
    return {
        "characters": len(text),
        "bytes": len(text.encode()),
        "utf16": len(text.encode("utf-16-le")) // 2,
        "words": len(text.split()),
        "lines": len(re.findall(r"\r\n|\r|\n", text)) + 1 if text else 0,
    }
