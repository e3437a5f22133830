"""Templates in Mustache's language, without code: fields, sections, lists. What goes in is escaped unless told.

{{ name }}            the field `name` (a path: `customer.name`, `items[0]`), escaped
{{{ name }}} {{& name}}   the same as it is
{{# rows }}..{{/ rows }}  once for each entry of a list, once for an object or what is true, not for what is empty
{{^ rows }}..{{/ rows }}  where it is empty
{{ . }}               the entry itself
{{! a remark }}
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from stepweave.model.numbers import data_text
from stepweave.spec.fieldpaths import MISSING, PathError, field_at

MOST_CHARACTERS: Final = 10_000_000
_MOST_DEPTH: Final = 50
_TAG: Final = re.compile(r"\{\{\{([^{}]*)\}\}\}|\{\{([#^/&!]?)([^{}]*)\}\}")


class TemplateError(ValueError):
    """A template that cannot be read or filled in. `str()` says why and where."""


@dataclass(slots=True)
class _Part:
    kind: str
    """`text`, `value`, `raw`, `#` or `^`."""
    text: str
    parts: list["_Part"] = field(default_factory=list)


def render(template: str, data: Any, escape: Callable[[str], str]) -> str:
    """Return a template filled in with JSON data.

    Args:
        template: in Mustache's language.
        data: an object; an entry of a list within sections.
        escape: what becomes of text that goes in.

    Raises:
        TemplateError: a section is not closed, a path cannot be read, or the result is too long.
    """
    out: list[str] = []
    _Filling(out, escape).fill(_parsed(template), [data])
    return "".join(out)


@lru_cache(maxsize=64)
def _parsed(template: str) -> list[_Part]:
    open_parts = [_Part("", "")]
    at = 0
    for tag in _TAG.finditer(template):
        if tag.start() > at:
            open_parts[-1].parts.append(_Part("text", template[at : tag.start()]))
        at = tag.end()
        sign, path = ("&", tag[1].strip()) if tag[1] is not None else (tag[2], tag[3].strip())
        if sign == "!":
            continue
        if not path:
            raise TemplateError(f"the tag at position {tag.start()} names nothing")
        if sign in ("#", "^"):
            part = _Part(sign, path)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
            if len(open_parts) > _MOST_DEPTH:
                raise TemplateError(f"more than {_MOST_DEPTH} sections lie in one another")
        elif sign == "/":
            if open_parts[-1].text != path or len(open_parts) == 1:
                raise TemplateError(f"{{{{/{path}}}}} at position {tag.start()} closes what is not open")
            open_parts.pop()
        else:
            open_parts[-1].parts.append(_Part("raw" if sign else "value", path))
    if len(open_parts) > 1:
        raise TemplateError(f"{{{{{open_parts[-1].kind}{open_parts[-1].text}}}}} is not closed")
    open_parts[0].parts.append(_Part("text", template[at:]))
    return open_parts[0].parts


class _Filling:
    def __init__(self, out: list[str], escape: Callable[[str], str]) -> None:
        self._out, self._escape, self._length = out, escape, 0

    def fill(self, parts: list[_Part], around: list[Any]) -> None:
        for part in parts:
            if part.kind == "text":
                self._write(part.text)
                continue
            value = _found(part.text, around)
            if part.kind == "#":
                rows = value if isinstance(value, list) else [] if _is_empty(value) else [value]
                for row in rows:
                    self.fill(part.parts, [*around, row])
            elif part.kind == "^":
                if _is_empty(value):
                    self.fill(part.parts, around)
            else:
                text = data_text(value)
                self._write(text if part.kind == "raw" else self._escape(text))

    def _write(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_CHARACTERS:
            raise TemplateError(f"the result has more than {MOST_CHARACTERS:,} characters")
        self._out.append(text)


def _found(path: str, around: list[Any]) -> Any:
    if path == ".":
        return around[-1]
    try:
        for data in reversed(around):
            value = field_at(data, path)
            if value is not MISSING:
                return value
    except PathError as error:
        raise TemplateError(str(error)) from None
    return None


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value == "" or value == [] or (value == 0 and value is not True)
