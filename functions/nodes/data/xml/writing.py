"""Data to XML."""

import re
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from functions.nodes.data.xml.errors import XmlInvalid
from functions.nodes.data.xml.spec import Params
from stepweave.model.numbers import data_text
from stepweave.runtime.placing import shown

_NAME: Final = re.compile(
    r"[A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
    r"[-.0-9A-Za-z_\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]*"
)
"""A name without a colon (XML 1.0, "NameStartChar")."""
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTRY: Final = "item"
"""The element that each entry of a list becomes where the data is one."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'


def written(data: Any, params: Params) -> str:
    """Return data as a document. Raises XmlInvalid where a name or a character cannot stand in XML."""
    writer = _Writer(params)
    if params.form == "ordered":
        writer.ordered(data, 0)
    else:
        # A document has one root: what is in a list stands in it.
        name, value = params.root, {_ENTRY: data} if isinstance(data, list) else data
        if isinstance(data, dict) and len(data) == 1:
            [(only, below)] = data.items()
            if _is_name(only) and not isinstance(below, list):
                name, value = only, below
        writer.compact(name, value, 0)
    body = ("\n" if params.pretty else "").join(writer.lines)
    return body if params.headless else f"{_HEAD}\n{body}" if params.pretty else _HEAD + body


class _Writer:
    def __init__(self, params: Params) -> None:
        self._params = params
        self.lines: list[str] = []

    def compact(self, name: str, value: Any, depth: int) -> None:
        """Write an element of compact form; a list is one after another."""
        if isinstance(value, list):
            for entry in value:
                # A list in a list is an element with elements of the same name.
                self.compact(name, {name: entry} if isinstance(entry, list) else entry, depth)
            return
        if not isinstance(value, dict):
            self._leaf(name, {}, data_text(value), depth)
            return
        key = self._params.attribute_key
        attributes: dict[str, Any] = {}
        children: dict[str, Any] = {}
        for field, entry in value.items():
            if field == key and isinstance(entry, dict):
                attributes.update(entry)
            elif field.startswith(key) and field != key and not isinstance(entry, dict | list):
                attributes[field.removeprefix(key)] = entry
            elif field != self._params.text_key:
                children[field] = entry
        text = data_text(value.get(self._params.text_key))
        if not children:
            self._leaf(name, attributes, text, depth)
            return
        self._line(depth, f"<{_checked(name)}{self._attributes(attributes)}>{self._text(text)}")
        for field, entry in children.items():
            self.compact(field, entry, depth + 1)
        self._line(depth, f"</{name}>")

    def ordered(self, element: Any, depth: int) -> None:
        """Write an element of ordered form, or a text."""
        if not isinstance(element, dict):
            self._line(depth, self._text(data_text(element)))
            return
        name, attributes, children = element.get("name"), element.get("attributes"), element.get("children")
        if not isinstance(name, str) or not isinstance(attributes or {}, dict) or not isinstance(children or [], list):
            raise _wrong(f"{shown(element)} is no element", "Give name, attributes (an object) and children (a list).")
        children = children or []
        if all(not isinstance(child, dict) for child in children):
            self._leaf(name, attributes or {}, "".join(map(data_text, children)), depth)
            return
        if any(not isinstance(child, dict) for child in children):  # mixed: line breaks would be content
            inner = _Writer(self._params)
            for child in children:
                inner.ordered(child, 0)
            text = "".join(line.strip("\n") for line in inner.lines)
            self._line(depth, f"<{_checked(name)}{self._attributes(attributes or {})}>{text}</{name}>")
            return
        self._line(depth, f"<{_checked(name)}{self._attributes(attributes or {})}>")
        for child in children:
            self.ordered(child, depth + 1)
        self._line(depth, f"</{name}>")

    def _leaf(self, name: str, attributes: dict[str, Any], text: str, depth: int) -> None:
        start = f"<{_checked(name)}{self._attributes(attributes)}"
        self._line(depth, f"{start}>{self._text(text)}</{name}>" if text else f"{start}/>")

    def _line(self, depth: int, text: str) -> None:
        self.lines.append(f"{'  ' * depth}{text}" if self._params.pretty else text)

    def _attributes(self, attributes: dict[str, Any]) -> str:
        return "".join(
            f" {_checked(name)}={quoteattr(self._legal(data_text(value)), {chr(10): '&#10;', chr(9): '&#9;'})}"
            for name, value in attributes.items()
        )

    def _text(self, text: str) -> str:
        text = self._legal(text)
        if self._params.cdata and re.search("[<&]", text):
            return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
        return escape(text, {"\r": "&#13;"})

    def _legal(self, text: str) -> str:
        found = _ILLEGAL.search(text)
        if found is None:
            return text
        if self._params.illegal == "replace":
            return _ILLEGAL.sub("\ufffd", text)
        raise _wrong(
            f"The character U+{ord(found[0]):04X} cannot stand in XML", "Take it out, or have it replaced (options)."
        )


def _is_name(name: str) -> bool:
    return all(_NAME.fullmatch(part) for part in name.split(":")) and name.count(":") <= 1


def _checked(name: str) -> str:
    if not _is_name(name):
        raise _wrong(f"{shown(name)} cannot be the name of an element or attribute", "Rename the field.")
    return name


def _wrong(what: str, remedy: str) -> XmlInvalid:
    return XmlInvalid(f"{what}.", remedy, details={"field": "params.data"})
