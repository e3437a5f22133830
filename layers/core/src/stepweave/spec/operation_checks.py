"""What is wrong with an app's operations, as far as they are data: said with the file and with what to write."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pydantic.fields import FieldInfo

from stepweave.model.base import to_camel
from stepweave.spec.fieldpaths import PathError, parse_field_path
from stepweave.spec.operations import PLACE, App, BodyCursor, Cursor, Listed, NextUrl, Operation, RequestSpec

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_OF_PAGING: Final = ("returnAll", "limit")
_OF_CURSOR: Final = ("cursor", "size")


class Problem(NamedTuple):
    """A mistake in a node's folder."""

    file: str
    """Below the folder: `operations/issue_get.py`."""
    words: str
    """What is wrong, and what to write."""


def app_problems(app: App) -> Iterator[Problem]:
    """Yield what is wrong with an app's data."""
    if not app.base_url.startswith("https://") or app.base_url.endswith("/"):
        yield Problem("spec.py", f"base_url is {app.base_url!r}: write https://, the host, and no slash at the end.")
    seen: set[str] = set()
    for operation in app.operations:
        for words in _of_operation(operation):
            yield Problem(f"operations/{operation.id}.py", words)
        if operation.id in seen:
            yield Problem(
                f"operations/{operation.id}.py", "Another file has this resource and name: choose another name."
            )
        seen.add(operation.id)


def _of_operation(operation: Operation) -> Iterator[str]:
    for name in ("resource", "name"):
        if not getattr(operation, name).replace("_", "a").isalnum() or not getattr(operation, name).islower():
            yield f"{name} is {getattr(operation, name)!r}: write it in lower case, with underscores."
    if not operation.label:
        yield "label is empty: write what is done, for people."
    if not operation.summary.endswith("."):
        yield "summary is no sentence: write what it does, with a full stop."
    if not operation.output_example:
        yield "output_example is empty: write the json of an item as the provider gives it."
    if [operation.request, operation.run, operation.together].count(None) != 2:
        yield "It has neither request nor run, or both: write request=RequestSpec(...), or run=run."
    if operation.paging is not None and not issubclass(operation.params, Listed):
        yield "It has paging: let its Params extend Listed."
    yield from _paths(operation)
    if operation.request is not None:
        yield from _of_request(operation, operation.request)


def _paths(operation: Operation) -> Iterator[str]:
    paging = operation.paging
    places = {
        "items": operation.items,
        "paging.at": paging.at if isinstance(paging, BodyCursor | Cursor | NextUrl) else "",
    }
    for name, path in places.items():
        try:
            parse_field_path(path or "whole")
        except PathError as error:
            yield f"{name} cannot be read: {error}."


def _of_request(operation: Operation, request: RequestSpec) -> Iterator[str]:
    if request.method not in METHODS:
        yield f"The method is {request.method!r}: write one of {', '.join(METHODS)}."
    if not request.path.startswith("/") or "?" in request.path:
        yield f"The path is {request.path!r}: write a path with / in front, and its query in query."
    if request.body is not None and request.method in ("GET", "HEAD"):
        yield f"{request.method} has a body: write the values in query."
    if (request.form or request.files) and not isinstance(request.body, dict):
        yield "form or files is set, and the body is no object: write body={...}."
    if any(found[2] == "?" for found in PLACE.finditer(request.path)):
        yield f"The path {request.path!r} has a value that may be left out: write it without the question mark."
    known = {to_camel(name): info for name, info in operation.params.model_fields.items()}
    used: set[str] = set()
    texts = [("path", request.path), *(("query", text) for _, text in request.query)]
    texts += [*(("headers", text) for _, text in request.headers), *(("body", text) for text in texts_of(request.body))]
    texts += [("files", text) for _, text in request.files]
    for place, text in texts:
        for found in PLACE.finditer(text):
            if place == "path" and found[1] == "credential":
                continue
            if isinstance(operation.paging, BodyCursor) and found[1] in _OF_CURSOR:
                continue
            used.add(found[1])
            if found[1] not in known:
                yield f"The {place} names {{{found[1]}}}, which is no parameter: write one of {', '.join(known)}."
    for name in list(used & set(known)):
        used |= needs_of(known[name])  # what its choices are asked for with
    unused = [name for name in known if name not in used and not (operation.paging and name in _OF_PAGING)]
    if unused:
        yield f"Nothing sends {', '.join(unused)}: put it in path, query or body, or take it out of Params."


def needs_of(info: FieldInfo) -> set[str]:
    """Return the parameters (JSON names) that a field's choices need."""
    extra = info.json_schema_extra
    form = extra.get("x-ui") if isinstance(extra, dict) else None
    loader = form.get("optionsFrom") if isinstance(form, dict) else None
    needs = loader.get("needs") if isinstance(loader, dict) else None
    return {str(name) for name in needs} if isinstance(needs, list) else set()


def texts_of(body: Any) -> Iterator[str]:
    """Yield all texts of a body, which are templates."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for entry in body.values():
            yield from texts_of(entry)
    elif isinstance(body, list | tuple):
        for entry in body:
            yield from texts_of(entry)
