"""XML to data: one item for a document, or one for each element of a name."""

import io
from collections.abc import Iterator
from typing import IO, Any, cast

from functions.nodes.files.extract_from_file.source import MOST_TEXT_BYTES, Source
from functions.nodes.files.extract_from_file.xml_events import Events
from stepweave.runtime.charsets import codec_of, declared_within

_OTHER = ("utf-8", "utf-16", "iso-8859-1", "us-ascii")
"""What expat reads itself."""


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the document, or its elements of a name. Raises as `Events`, and DataTooLarge for a large document."""
    wanted = source.params.element.strip()
    if not wanted:
        source.file.check(MOST_TEXT_BYTES, "A document that becomes one item")
    stack: list[_Element] = []
    for kind, name, attributes in _events(source):
        if kind == "start":
            if stack or not wanted or wanted in (name, name.rpartition(":")[2]):
                stack.append(_Element(name, attributes))
        elif not stack:
            continue
        elif kind == "text":
            stack[-1].text.append(name)
        else:
            done = stack.pop()
            if stack:
                stack[-1].add(done.name, done.value())
            elif wanted:
                value = done.value()
                yield value if isinstance(value, dict) else {"value": value}
            else:
                yield {"data": {done.name: done.value()}}


def _events(source: Source) -> Events:
    reader = source.file.reader()
    declared = declared_within(reader.peek(1024), "text/xml")
    codec = codec_of(declared) if declared and declared.lower() not in _OTHER else None
    if codec is None:
        return Events(source, cast("IO[bytes]", reader))
    return Events(source, cast("IO[bytes]", _Recoded(source, codec)), "utf-8")


class _Recoded:
    def __init__(self, source: Source, codec: str) -> None:
        self._text = io.TextIOWrapper(source.file.reader(), codec, errors="replace", newline="")

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode()


class _Element:
    __slots__ = ("attributes", "children", "many", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: dict[str, Any] = {}
        self.many: set[str] = set()
        self.text: list[str] = []

    def add(self, name: str, value: Any) -> None:
        if name in self.many:
            self.children[name].append(value)
        elif name in self.children:
            self.many.add(name)
            self.children[name] = [self.children[name], value]
        else:
            self.children[name] = value

    def value(self) -> Any:
        text = "".join(self.text).strip()
        if not self.attributes and not self.children:
            return text
        attributes = {"$": self.attributes} if self.attributes else {}
        return {**attributes, **({"_": text} if text else {}), **self.children}
