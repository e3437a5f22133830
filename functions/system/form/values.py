"""Reads what was sent for one field: a value of the field's type, or what is to be changed."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.system.form.words import TextId, Words
from stepweave.expressions.patterns import PatternError, matches, parsed
from stepweave.model.sizes import size_text
from stepweave.spec.forms.fields import LONGEST_ANSWER
from stepweave.spec.forms.pages import PageEntry, read_time
from stepweave_data.hooks.file_kinds import is_of
from stepweave_data.hooks.forms import File

MOST_EXACT: Final = 2**53 - 1
"""Beyond it a number of JSON and JavaScript is not the one that was written (ECMAScript, `MAX_SAFE_INTEGER`)."""
EXAMPLE: Final = "12"
FRACTION: Final = "12.5"
_TIMES: Final = {"date": "2026-01-31", "time": "09:00", "dateTime": "2026-01-31T09:00"}
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?")
"""What browsers send (HTML, "valid floating-point number": `.5` is one), and what people write by hand."""
_EMAIL: Final = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,190}\.[^\s@<>()\[\],;:\\\".]{2,63}")
_URL: Final = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[0-9 ()./-]{3,40}")
_UNKEPT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKS: Final = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of writing, which nobody sees: address books copy it along."""
_FEWEST_DIGITS: Final = 3


class Problem(ValueError):
    """An answer that is not taken.

    Args:
        id: what to change, for the visitor.
        own: what the form's author says of it; "" for nothing.
        values: that stand in the text.
    """

    def __init__(self, id: TextId, *, own: str = "", **values: Any) -> None:
        super().__init__(id)
        self._id = id
        self._own = own
        self._values = values

    def said(self, words: Words) -> str:
        """Return it in a language."""
        if self._own:
            return self._own
        # Some browsers' files have no name.
        values = self._values | ({"name": words("thisFile")} if self._values.get("name") == "" else {})
        return words(self._id, **values)


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
            raise Problem("chooseFile")
        return _files(entry, uploads)
    if uploads:
        raise Problem("textWanted", encoding="UTF-8")
    if entry["type"] == "choice" and entry.get("display") == "checkboxes":
        return _several(entry, texts)
    if len(texts) > 1:
        raise Problem("answeredTwice")
    text = texts[0] if texts else ""
    if _UNKEPT.search(text):
        raise Problem("controlCharacter")
    if len(text) > LONGEST_ANSWER:
        raise Problem("tooManyCharacters", size=len(text), most=LONGEST_ANSWER)
    if entry["type"] == "boolean":
        return _boolean(entry, text)
    if not text.strip():
        if entry["required"]:
            raise Problem("chooseOne" if entry["type"] in ("choice", "rating") else "fillIn")
        return None
    return _READ[entry["type"]](entry, text)


def _line(entry: PageEntry, text: str) -> str:
    if "\n" in text or "\r" in text:
        raise Problem("oneLine")
    return _long(entry, text)


def _long(entry: PageEntry, text: str) -> str:
    whole = text.replace("\r\n", "\n").replace("\r", "\n")  # as browsers count and send them
    size, least, most = len(whole), entry.get("minLength", 0), entry.get("maxLength", LONGEST_ANSWER)
    if size < least:
        raise Problem("fewestCharacters", count=least, size=size)
    if size > most:
        raise Problem("mostCharacters", count=most, size=size)
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
        raise Problem("uncheckable") from None
    if not fits:
        raise Problem("notAsAsked", own=entry.get("patternHelp", ""))


def _plain(text: str) -> str:
    """Return what was typed without marks that nobody sees, with digits of any script as 0 to 9 (`١٢٫٥` is 12.5)."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else "." if char == "\u066b" else char
        for char in _MARKS.sub("", text).strip()
    )


def _number(entry: PageEntry, text: str) -> int | float:
    written = _plain(text)
    if not _NUMBER.fullmatch(written):
        raise Problem("numberWanted", example=EXAMPLE, fraction=FRACTION)
    value = float(written)
    if abs(value) > MOST_EXACT:
        raise Problem("numberTooLarge")
    # 1.000 is a thousand to some people, and 1 to others.
    if entry.get("whole") and (value != int(value) or "." in written):
        raise Problem("wholeNumberWanted", example=EXAMPLE)
    least, most = entry.get("minimum"), entry.get("maximum")
    if least is not None and value < least:
        raise Problem("atLeast", least=f"{least:.15g}")
    if most is not None and value > most:
        raise Problem("atMost", most=f"{most:.15g}")
    return int(value) if value == int(value) else value


def _email(_: PageEntry, text: str) -> str:
    written = _MARKS.sub("", text).strip()
    if not _EMAIL.fullmatch(written) or ".." in written:
        raise Problem("emailWanted", example="name@example.com")
    return written


def _url(_: PageEntry, text: str) -> str:
    written = _MARKS.sub("", text).strip()
    if not _URL.fullmatch(written):
        raise Problem("urlWanted", secure="https://", plain="http://")
    return written


def _phone(entry: PageEntry, text: str) -> str:
    written = _plain(text)
    if not _PHONE.fullmatch(written) or sum(char.isdigit() for char in written) < _FEWEST_DIGITS:
        raise Problem("phoneWanted", example="+49 30 123456")
    _check_pattern(entry, written)
    return written


def _time(entry: PageEntry, text: str) -> str:
    written, type = text.strip(), entry["type"]
    value = read_time(type, written)
    if value is None:
        raise Problem("writeAs", example=_TIMES[type])
    earliest, latest = entry.get("earliest", ""), entry.get("latest", "")
    if earliest and value < read_time(type, earliest):
        raise Problem("notBefore", earliest=earliest.replace("T", " "))
    if latest and value > read_time(type, latest):
        raise Problem("notAfter", latest=latest.replace("T", " "))
    return written


def _choice(entry: PageEntry, text: str) -> str:
    if text not in entry.get("choices", []):
        raise Problem("chooseOffered")
    return text


def _several(entry: PageEntry, texts: list[str]) -> list[str]:
    chosen, offered = list(dict.fromkeys(texts)), entry.get("choices", [])
    if any(text not in offered for text in chosen):
        raise Problem("chooseAmong")
    least = max(entry.get("minChoices", 0), 1 if entry["required"] else 0)
    # What is not required may be left out as a whole.
    if len(chosen) < least and (chosen or entry["required"]):
        raise Problem("fewestChoices", count=least)
    if len(chosen) > entry.get("maxChoices", len(offered)):
        raise Problem("mostChoices", count=entry.get("maxChoices"))
    return [text for text in offered if text in chosen]


def _rating(entry: PageEntry, text: str) -> int:
    best = entry.get("stars", 5)
    if text not in {str(number) for number in range(1, best + 1)}:
        raise Problem("rate", least=1, most=best)
    return int(text)


def _boolean(entry: PageEntry, text: str) -> bool:
    if text not in ("", "true"):
        raise Problem("tickOrLeave")
    if entry["required"] and not text:
        raise Problem("tickThis")
    return text == "true"


def _files(entry: PageEntry, uploads: list[File]) -> Any:
    if not uploads:
        if entry["required"]:
            raise Problem("chooseFile")
        return [] if entry.get("multiple") else None
    if len(uploads) > 1 and not entry.get("multiple"):
        raise Problem("oneFileOnly")
    told = [_file(entry, one) for one in uploads]
    return told if entry.get("multiple") else told[0]


def _file(entry: PageEntry, file: File) -> dict[str, Any]:
    name, most = file.file_name, entry.get("maxMb", 4)
    if not file.content:
        raise Problem("emptyFile", name=name)
    if len(file.content) > most * 1024 * 1024:
        raise Problem("largeFile", name=name, most=size_text(int(most * 1024 * 1024)))
    accepted = entry.get("accept", [])
    if accepted and not any(is_of(one, name, file.mime_type) for one in accepted):
        raise Problem("fileKinds", name=name, kinds=", ".join(accepted))
    return {"fileName": file.file_name, "mimeType": file.mime_type, "size": len(file.content)}


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
