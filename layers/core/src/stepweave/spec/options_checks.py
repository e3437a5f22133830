"""What is wrong with the choices of a node's fields, as far as they are data: said with the file and what to write."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from stepweave.spec.fieldpaths import PathError, parse_field_path
from stepweave.spec.fields import Kind
from stepweave.spec.node import NodeSpec
from stepweave.spec.operation_checks import METHODS, Problem, texts_of
from stepweave.spec.operations import PLACE, BodyCursor, Cursor, NextUrl, OptionsRequest
from stepweave.spec.options import FieldWithOptions, fields_with_options
from stepweave.spec.schemas import inline_refs

FILE: Final = "options.py"
_SEARCH: Final = "search"


def options_problems(spec: NodeSpec, loaders: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong with the fields that have choices, and with the loaders.

    Args:
        spec: of a node.
        loaders: the names of those that are functions, in its `options.py`.
    """
    schema = inline_refs(spec.params.model_json_schema(by_alias=True))
    fields = list(fields_with_options(schema))
    data = {one.name: one for one in spec.app.options} if spec.app else {}
    for field in fields:
        for words in _of_field(field, schema, spec, {*data, *loaders}):
            yield Problem("spec.py", f"{field.path}: {words}")
    named = {field.options.loader for field in fields}
    for name in sorted({*data, *loaders} - named):
        yield Problem("spec.py" if name in data else FILE, f"No field names the loader {name}: name it, or delete it.")
    for words in _mappings(schema):
        yield Problem("spec.py", words)
    for loader in data.values():
        using = [field for field in fields if field.options.loader == loader.name]
        for words in _of_loader(loader, using):
            yield Problem("spec.py", f"the loader {loader.name}: {words}")


def _of_field(
    field: FieldWithOptions, schema: Mapping[str, Any], spec: NodeSpec, loaders: Collection[str]
) -> Iterator[str]:
    options, properties = field.options, schema["properties"]
    if options.loader not in loaders and not options.workspace:
        known = ", ".join(sorted(loaders)) or "none"
        yield f"it names the loader {options.loader}, which is not there: write one of {known}."
    if field.kind != Kind.TEXT:
        yield f"it is of kind {field.kind}: only a text has choices from a loader."
    for name in options.needs:
        if name not in properties:
            yield f"it needs {name}, which is no field of the node: write one of {', '.join(properties)}."
        if name == field.path:
            yield "it needs itself: take it out of needs."
    kinds = [properties[name].get("x-ui", {}).get("kind") for name in options.needs if name in properties]
    if spec.credentials and Kind.CREDENTIAL not in kinds and not options.workspace:
        yield "it does not need the credential: write its field to needs."


def _mappings(schema: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        rows = field.get("items", {})
        if field.get("x-ui", {}).get("kind") == Kind.MAPPING:
            columns = rows.get("properties", {})
            if {"name", "value"} - set(columns) or "optionsFrom" not in columns["name"].get("x-ui", {}):
                yield f"{before}{name}: a mapping has rows of name and value, and name has options_from: write them."
        yield from _mappings(rows, f"{before}{name}.")


def _of_loader(loader: OptionsRequest, using: list[FieldWithOptions]) -> Iterator[str]:
    request, paging = loader.request, loader.paging
    if request.method not in METHODS:
        yield f"the method is {request.method!r}: write one of {', '.join(METHODS)}."
    if not request.path.startswith("/") or "?" in request.path:
        yield f"the path is {request.path!r}: write a path with / in front, and its query in query."
    places = {"items": loader.items, "value": loader.value, "label": loader.label, "detail": loader.detail}
    for name, path in {**places, "paging.at": paging.at if isinstance(paging, Cursor | NextUrl) else ""}.items():
        try:
            parse_field_path(path or "whole")
        except PathError as error:
            yield f"{name} cannot be read: {error}."
    if isinstance(paging, BodyCursor):
        yield "its paging goes in the body: choices come by paging that goes in the query."
    texts = (request.path, *(text for _, text in (*request.query, *request.headers)), *texts_of(request.body))
    sent = {found[1] for text in texts for found in PLACE.finditer(text)}
    for field in using:
        unknown = sorted(sent - {*field.options.needs, _SEARCH})
        if unknown:
            yield f"it sends {', '.join(unknown)}, which {field.path} does not need: write it to the field's needs."
        if (_SEARCH in sent) is not field.options.searches:
            says = "and the field does not say so" if _SEARCH in sent else "though the field says so"
            does = "searches" if _SEARCH in sent else "does not search"
            yield f"it {does}, {says} ({field.path}): write {{search}} and searches=True, or neither."
