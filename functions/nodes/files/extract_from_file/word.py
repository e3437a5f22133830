"""The text of Word documents (.docx)."""

from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.files.extract_from_file.archives import opened
from functions.nodes.files.extract_from_file.source import Source
from functions.nodes.files.extract_from_file.xml_events import Events

_MARKS: Final = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_LEFT_OUT: Final = ("w:del", "w:moveFrom", "w:instrText", "mc:Fallback")
"""What was deleted, codes of fields, and what stands in for newer parts."""


def read(source: Source) -> Iterator[dict[str, Any]]:
    """Yield a document's text: a line for each paragraph, cells of a table with tabs between. Raises FileInvalid."""
    with opened(source, "Word document") as (_, archive):
        try:
            with archive.open("word/document.xml") as content:
                yield {"text": "".join(_pieces(Events(source, content))).strip("\n")}
        except KeyError:
            raise source.invalid("Word document", "it has no word/document.xml") from None


def _pieces(events: Events) -> Iterator[str]:
    in_text, left_out, cells, paragraphs = False, 0, [0], 0
    for kind, name, _ in events:
        if name in _LEFT_OUT and kind != "text":
            left_out += 1 if kind == "start" else -1
        elif left_out:
            continue
        elif kind == "text":
            if in_text:
                yield name
        elif name == "w:t":
            in_text = kind == "start"
        elif kind == "start":
            if name in _MARKS:
                yield _MARKS[name]
            elif name == "w:tr":
                cells.append(0)
            elif name == "w:tc":
                paragraphs = 0
                yield "\t" if cells[-1] else ""
                cells[-1] += 1
            elif name == "w:p" and len(cells) > 1:
                yield " " if paragraphs else ""
                paragraphs += 1
        elif name == "w:tr":
            cells.pop()
            yield "\n"
        elif name == "w:p" and len(cells) == 1:
            yield "\n"
