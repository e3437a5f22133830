"""Reads what was sent for one field: a value of the field's type, or what is to be changed."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.system.form.limits import MOST_EXACT, beyond, counted
from stepweave.expressions.patterns import PatternError, matches, parsed
from stepweave.spec.forms.fields import LONGEST_ANSWER
from stepweave.spec.forms.pages import PageEntry, read_time
from stepweave_data.hooks.forms import File

_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?")
"""What browsers send (HTML, "valid floating-point number": `.5` is one), and what people write by hand."""
_EMAIL: Final = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,190}\.[^\s@<>()\[\],;:\\\".]{2,63}")
_URL: Final = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[0-9 ()./-]{3,40}")
_UNKEPT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FEWEST_DIGITS: Final = 3


class Problem(ValueError):
    """An answer that is not taken; `str()` says what to change, for the visitor."""


def answer(entry: PageEntry, texts: list[str], uploads: list[File]) -> Any:
    """Return the answer to one field.

    Args:
        entry: the field.
        texts: what was sent for it as text.
        uploads: what was sent for it as files.

    Raises:
        Problem: it is not taken.
    """
    if entry["type"] == "file":
        if texts:
            raise Problem("Choose a file.")
        return _files(entry, uploads)
    if uploads:
        raise Problem("Write text here; a file, or text in another encoding than UTF-8, cannot be taken.")
    if entry["type"] == "choice" and entry.get("display") == "checkboxes":
        return _several(entry, texts)
    if len(texts) > 1:
        raise Problem("It was answered several times; answer it once.")
    text = texts[0] if texts else ""
    if _UNKEPT.search(text):
        raise Problem("It holds a control character that cannot be kept; take it out.")
    if len(text) > LONGEST_ANSWER:
        raise Problem(f"It has {len(text)} characters; at most {LONGEST_ANSWER} can be taken.")
    if entry["type"] == "boolean":
        return _boolean(entry, text)
    if not text.strip():
        if entry["required"]:
            raise Problem("Choose one." if entry["type"] in ("choice", "rating") else "Fill this in.")
        return None
    return _READ[entry["type"]](entry, text)


def _line(entry: PageEntry, text: str) -> str:
    if "\n" in text or "\r" in text:
        raise Problem("Write it on one line.")
    return _long(entry, text)


def _long(entry: PageEntry, text: str) -> str:
    whole = text.replace("\r\n", "\n").replace("\r", "\n")  # as browsers count and send them
    size, least, most = len(whole), entry.get("minLength", 0), entry.get("maxLength", LONGEST_ANSWER)
    if size < least:
        raise Problem(f"Write at least {counted(least, 'character')}; it has {size}.")
    if size > most:
        raise Problem(f"Write at most {counted(most, 'character')}; it has {size}.")
    _check_pattern(entry, whole)
    return whole


def _check_pattern(entry: PageEntry, text: str) -> None:
    pattern = entry.get("pattern", "")
    if not pattern:
        return
    source, flags = parsed(pattern)
    try:
        fits = matches(f"/^(?:{source})$/{flags}", text)
    except PatternError:
        raise Problem("It could not be checked; tell whoever sent you here, or write something shorter.") from None
    if not fits:
        raise Problem(entry.get("patternHelp") or "It is not written as asked for.")


def _number(entry: PageEntry, text: str) -> int | float:
    written = text.strip()
    if not _NUMBER.fullmatch(written):
        raise Problem("Write a number, as 12 or 12.5.")
    value = float(written)
    if abs(value) > MOST_EXACT:
        raise Problem("The number is too large.")
    # 1.000 is a thousand to some people, and 1 to others.
    if entry.get("whole") and (value != int(value) or "." in written):
        raise Problem("Write a whole number, as 12.")
    if words := beyond(value, entry.get("minimum"), entry.get("maximum")):
        raise Problem(words)
    return int(value) if value == int(value) else value


def _email(_: PageEntry, text: str) -> str:
    written = text.strip()
    if not _EMAIL.fullmatch(written) or ".." in written:
        raise Problem("Write an email address, as name@example.com.")
    return written


def _url(_: PageEntry, text: str) -> str:
    written = text.strip()
    if not _URL.fullmatch(written):
        raise Problem("Write a web address that begins with https:// or http://.")
    return written


def _phone(entry: PageEntry, text: str) -> str:
    written = text.strip()
    if not _PHONE.fullmatch(written) or sum(char.isdigit() for char in written) < _FEWEST_DIGITS:
        raise Problem("Write a phone number, as +49 30 123456.")
    _check_pattern(entry, written)
    return written


def _time(entry: PageEntry, text: str) -> str:
    written, type = text.strip(), entry["type"]
    value = read_time(type, written)
    if value is None:
        form = {"date": "2026-01-31", "time": "09:00", "dateTime": "2026-01-31T09:00"}[type]
        raise Problem(f"Write it as {form}.")
    earliest, latest = entry.get("earliest", ""), entry.get("latest", "")
    if earliest and value < read_time(type, earliest):
        raise Problem(f"It may not be before {earliest.replace('T', ' ')}.")
    if latest and value > read_time(type, latest):
        raise Problem(f"It may not be after {latest.replace('T', ' ')}.")
    return written


def _choice(entry: PageEntry, text: str) -> str:
    if text not in entry.get("choices", []):
        raise Problem("Choose one of those that are offered.")
    return text


def _several(entry: PageEntry, texts: list[str]) -> list[str]:
    chosen, offered = list(dict.fromkeys(texts)), entry.get("choices", [])
    if any(text not in offered for text in chosen):
        raise Problem("Choose among those that are offered.")
    least = max(entry.get("minChoices", 0), 1 if entry["required"] else 0)
    # What is not required may be left out as a whole.
    if len(chosen) < least and (chosen or entry["required"]):
        raise Problem(f"Choose at least {least}.")
    if len(chosen) > entry.get("maxChoices", len(offered)):
        raise Problem(f"Choose at most {entry.get('maxChoices')}.")
    return [text for text in offered if text in chosen]


def _rating(entry: PageEntry, text: str) -> int:
    best = entry.get("stars", 5)
    if text not in {str(number) for number in range(1, best + 1)}:
        raise Problem(f"Choose a number from 1 to {best}.")
    return int(text)


def _boolean(entry: PageEntry, text: str) -> bool:
    if text not in ("", "true"):
        raise Problem("Tick it, or leave it.")
    if entry["required"] and not text:
        raise Problem("Tick this to go on.")
    return text == "true"


def _files(entry: PageEntry, uploads: list[File]) -> Any:
    if not uploads:
        if entry["required"]:
            raise Problem("Choose a file.")
        return [] if entry.get("multiple") else None
    if len(uploads) > 1 and not entry.get("multiple"):
        raise Problem("Choose one file only.")
    told = [_file(entry, one) for one in uploads]
    return told if entry.get("multiple") else told[0]


def _file(entry: PageEntry, file: File) -> dict[str, Any]:
    name, most = file.file_name or "The file", entry.get("maxMb", 4)
    if not file.content:
        raise Problem(f"{name} is empty.")
    if len(file.content) > most * 1024 * 1024:
        raise Problem(f"{name} is too large: it may have {most:g} MB.")
    accepted, kind = entry.get("accept", []), file.mime_type.partition(";")[0].strip().lower()
    if accepted and not any(_is_of(one, file.file_name.lower(), kind) for one in accepted):
        raise Problem(f"{name} is none of {', '.join(accepted)}.")
    return {"fileName": file.file_name, "mimeType": file.mime_type, "size": len(file.content)}


def _is_of(accepted: str, name: str, kind: str) -> bool:
    if accepted.startswith("."):
        return name.endswith(accepted)
    return kind.startswith(accepted[:-1]) if accepted.endswith("/*") else kind == accepted


_READ: Final[Mapping[str, Callable[[PageEntry, str], Any]]] = {
    "text": _line,
    "longText": _long,
    "password": _line,
    "number": _number,
    "email": _email,
    "url": _url,
    "phone": _phone,
    "date": _time,
    "time": _time,
    "dateTime": _time,
    "choice": _choice,
    "rating": _rating,
    "hidden": _long,
}
