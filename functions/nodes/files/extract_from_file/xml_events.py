"""XML event by event: no tree, no entities, nothing fetched."""

from collections.abc import Iterator
from typing import IO, Final, NoReturn
from xml.parsers import expat  # drives no entity: every declaration of one is refused below

from functions.nodes.files.extract_from_file.source import Source
from stepweave.runtime.file_errors import XmlForbidden
from stepweave.runtime.markup import MarkupTooDeep

MOST_DEPTH: Final = 200
_PIECE: Final = 64 * 1024
Event = tuple[str, str, dict[str, str]]
"""`start` with a name and attributes, `end` with a name, `text` with the text."""


class Events:
    """The events of one document, as it is read.

    Raises:
        FileInvalid: it is not well-formed.
        XmlForbidden: it declares its type or entities.
        MarkupTooDeep: elements are more than `MOST_DEPTH` deep in one another.
    """

    def __init__(self, source: Source, content: IO[bytes], encoding: str | None = None) -> None:
        self._source, self._content = source, content
        self._events: list[Event] = []
        self._depth = 0
        parser = self._parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = lambda text: self._events.append(("text", text, {}))
        parser.StartDoctypeDeclHandler = self._forbid
        parser.EntityDeclHandler = self._forbid
        parser.UnparsedEntityDeclHandler = self._forbid
        parser.SkippedEntityHandler = self._forbid
        parser.ExternalEntityRefHandler = self._forbid

    def __iter__(self) -> Iterator[Event]:
        try:
            while piece := self._content.read(_PIECE):
                self._parser.Parse(piece, False)
                yield from self._taken()
            self._parser.Parse(b"", True)
            yield from self._taken()
        except expat.ExpatError as error:
            raise self._source.invalid(
                "XML",
                f"{expat.ErrorString(error.code)} in line {error.lineno:,}, column {error.offset + 1:,}",
                line=error.lineno,
            ) from None

    def _taken(self) -> list[Event]:
        taken = list(self._events)
        self._events.clear()
        return taken

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise MarkupTooDeep(f"Elements are nested more than {MOST_DEPTH} deep.", "Send a flatter document.")
        self._events.append(("start", name, attributes))

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._events.append(("end", name, {}))

    def _forbid(self, *_: object) -> NoReturn:
        raise XmlForbidden(
            "The document declares its type (DOCTYPE) or entities, which is not allowed.",
            "Take the declaration out.",
            details={"field": "params.file"},
        )
