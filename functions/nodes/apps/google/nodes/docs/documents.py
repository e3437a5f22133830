"""Documents: made once however often it is tried, read as text, added to, and filled in."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from functions.nodes.apps.google.api import DRIVE_URL
from functions.nodes.apps.google.files import TYPES, TextFile, copied, file_id, in_folder, uploaded
from functions.nodes.apps.google.nodes.docs.requests import CHANGE, GET
from functions.nodes.apps.google.once import once
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.operations import Call
from stepweave.spec.parts import NameValue

_LINK: Final = "https://docs.google.com/document/d/{}/edit"
Json = dict[str, Any]


def made(call: Call, title: str, text: str, kind: str, folder: str) -> Json:
    """Make a document of a text, which Drive converts: with one request, so that none is left half made."""
    metadata = {"name": title, "mimeType": TYPES["document"], **in_folder(folder)}
    content = TextFile(text.encode("utf-8", "replace"), kind)
    return _told(uploaded(call.at(DRIVE_URL), content, "text", metadata))


def filled(call: Call, template: str, title: str, folder: str, rows: list[NameValue], *, match_case: bool) -> Json:
    """Copy a document and replace texts in the copy. Give it with how often each was there."""
    found = _told(copied(call.at(DRIVE_URL), file_id(template, "template"), title, folder))
    return {**found, "replaced": replaced(call, found["documentId"], rows, match_case=match_case)}


def replaced(call: Call, id: str, rows: list[NameValue], *, match_case: bool) -> dict[str, int]:
    """Replace texts everywhere in a document. Return how often each was there."""
    wanted = [row for row in rows if row.name]
    if not wanted:
        raise ParameterInvalid(
            "There is nothing to replace.", "Write a text of the document.", details={"field": "params.replace"}
        )
    # What is put in for one text is not looked through for the next: all of them are replaced by marks first.
    marks = {row.name: f"\u2063{number}\u2063" for number, row in enumerate(wanted)}
    requests = [_replace(row.name, marks[row.name], match_case=match_case) for row in wanted]
    requests += [_replace(marks[row.name], row.value, match_case=True) for row in wanted]
    replies = call.ask(CHANGE, id=id, requests=requests)["replies"]
    counts = (reply.get("replaceAllText", {}).get("occurrencesChanged", 0) for reply in replies)
    return dict(zip((row.name for row in wanted), counts, strict=False))


def added(call: Call, id: str, text: str, *, at_start: bool) -> Json:
    """Add a text at a document's end or start."""
    place: Json = {"location": {"index": 1}} if at_start else {"endOfSegmentLocation": {}}
    with once("The text may have been added", "the document"):
        call.ask(CHANGE, id=id, requests=[{"insertText": {"text": text, **place}}])
    return {"documentId": id, "url": _LINK.format(id)}


def read(call: Call, id: str) -> Json:
    """Return a document's title and text: of all its tabs, with tables as lines of cells."""
    found = call.ask(GET, id=id)
    tabs = list(_tabs(found.get("tabs", ())))
    bodies = [tab.get("documentTab", {}).get("body", {}) for tab in tabs] or [found.get("body", {})]
    texts = ["".join(_text(body.get("content", ()))) for body in bodies]
    return {
        "documentId": id,
        "title": found.get("title", ""),
        "text": "\n".join(text.rstrip("\n") for text in texts),
        "url": _LINK.format(id),
        "revisionId": found.get("revisionId", ""),
    }


def _told(file: Mapping[str, Any]) -> Json:
    return {"documentId": file["id"], "title": file["name"], "url": _LINK.format(file["id"])}


def _replace(text: str, by: str, *, match_case: bool) -> Json:
    return {"replaceAllText": {"containsText": {"text": text, "matchCase": match_case}, "replaceText": by}}


def _tabs(tabs: Any) -> Iterator[Mapping[str, Any]]:
    for tab in tabs:
        yield tab
        yield from _tabs(tab.get("childTabs", ()))


def _text(content: Any) -> Iterator[str]:
    """Yield the text of a document's elements; cells of a row stand beside each other."""
    for element in content:
        for run in element.get("paragraph", {}).get("elements", ()):
            yield str(run.get("textRun", {}).get("content", ""))
        for row in element.get("table", {}).get("tableRows", ()):
            cells = ("".join(_text(cell.get("content", ()))).strip() for cell in row.get("tableCells", ()))
            yield "\t".join(cells) + "\n"
        yield from _text(element.get("tableOfContents", {}).get("content", ()))
