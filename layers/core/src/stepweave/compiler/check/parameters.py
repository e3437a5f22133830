"""What is wrong with the nodes' parameters: checked against the catalogue's JSON Schema, as far as they are known now.

A value that holds an expression is known only when it runs; a field that is not shown does not count.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs

from stepweave.compiler.forms import form_of, is_shown
from stepweave.expressions import check as check_expressions
from stepweave.expressions.check import check_code
from stepweave.expressions.templates import OPEN
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.workflow import Node
from stepweave.spec.called import InputsInvalid, inputs_of
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.conditions import GROUP
from stepweave.spec.cron import ScheduleInvalid
from stepweave.spec.node import TriggerKind
from stepweave.spec.ports import named_outputs
from stepweave.spec.schedules import find_zone, parse_schedule, zone_invalid

MOST_BYTES: Final = 180 * 1024
"""Of the 256 KiB that a payload may have (Step Functions quotas); the rest is for the items."""
MOST_ALL_BYTES: Final = 1024**2
"""Of all nodes of a workflow together, as long as a state machine's definition may be (Step Functions quotas)."""
_MOST_SAID: Final = 80
"""Characters of a wrong value that a message repeats."""
_MASK: Final = "\0"
"""Stands for the value in what the validator says."""
_ROWS: Final = ("conditions", "collection")
"""Field kinds that hold conditions, or rows that may."""
_LANGUAGES: Final = ("javascript", "python")
"""Of code fields whose syntax is checked."""
_VERBATIM: Final = frozenset(("code", "sql", "multiline"))
"""Field kinds whose text may well hold two braces that mean nothing."""


def problems(node: Node, entry: CatalogueEntry) -> Iterator[Diagnostic]:
    """Yield the errors in a node's parameters."""
    schema = entry.params_schema
    size = len(json.dumps(node.params))
    if size > MOST_BYTES:
        message = f"The parameters of {node.name!r} have {size} bytes; a step carries {MOST_BYTES}."
        remedy = "Keep large texts in a file or a database and fetch them."
        yield Diagnostic(code="parameters_too_large", message=message, remedy=remedy, node_id=node.id, field="params")
        return  # reading them takes seconds
    shown = {name: value for name, value in node.params.items() if is_shown(name, node.params, schema)}
    needed = list(_required(node, "", node.params, schema))
    yield from needed
    said = {diagnostic.field for diagnostic in needed}
    for error in _validator(entry.type, entry.version, _Frozen(schema)).iter_errors(shown):
        diagnostic = _of_error(node, shown, schema, error)
        if diagnostic is not None and diagnostic.field not in said:
            yield diagnostic
    yield from _schedules(node, shown, schema)
    yield from _groups(node, "params", shown, schema)
    yield from _outputs(node, shown, entry)
    yield from _expressions(node, shown, schema)
    if entry.trigger is TriggerKind.WORKFLOW and not said:
        yield from _inputs(node)


class _Frozen:
    """A schema as a cache key: two catalogues may describe one type differently."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.schema is self.schema


@lru_cache(maxsize=512)
def _validator(type: str, version: int, frozen: _Frozen) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(frozen.schema), mask=_MASK)


def _required(node: Node, place: str, values: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Look at what must be filled in while it is shown, in rows too."""
    for name, field in schema.get("properties", {}).items():
        form = field.get("x-ui", {})
        if not is_shown(name, values, schema):
            continue
        value, here = values.get(name, field.get("default")), f"{place}{name}"
        if form.get("requiredWhenShown") and value in (None, "", []):
            yield _missing(node, here, field.get("title", name))
        elif form.get("kind") == "collection" and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, Mapping):
                    yield from _required(node, f"{here}.{number}.", row, field.get("items", {}))


def _missing(node: Node, name: str, title: str) -> Diagnostic:
    row = next((int(part) + 1 for part in reversed(name.split(".")) if part.isdigit()), 0)
    return Diagnostic(
        code="missing_parameter",
        message=f"{node.name!r} needs {title!r}{f' in row {row}' if row else ''}.",
        remedy=f"Fill in {title!r}{', or delete the row' if row else ''}.",
        node_id=node.id,
        field=f"params.{name}",
    )


def _title(place: Sequence[str], schema: Mapping[str, Any]) -> str:
    """Return what people know a field by: its title, also within rows, or its name where it has none."""
    field: Mapping[str, Any] = schema
    for part in place:
        field = field.get("items", {}) if field.get("type") == "array" else field.get("properties", {}).get(part, {})
    return str(place[-1] if place[-1].isdigit() else field.get("title", place[-1]))


def _of_error(node: Node, shown: Mapping[str, Any], schema: Mapping[str, Any], error: Any) -> Diagnostic | None:
    place = [str(part) for part in error.instance_path]
    if _holds_expression(shown, error.instance_path):
        return None
    field = ".".join(("params", *place))
    kind = str(error.kind.name)
    if kind == "required":
        return _missing(node, ".".join((*place, error.kind.property)), _title((*place, error.kind.property), schema))
    if kind == "additionalProperties":
        unexpected = ", ".join(map(repr, error.kind.unexpected))
        return Diagnostic(
            code="unknown_parameter",
            message=f"{node.name!r} has no parameter {unexpected}.",
            remedy="Delete it.",
            node_id=node.id,
            field=".".join((field, str(error.kind.unexpected[0]))),
        )
    if error.instance in (None, "") and place:
        return _missing(node, ".".join(place), _title(place, schema))
    return Diagnostic(
        code="invalid_parameter",
        message=f"{node.name!r}: {error.message.replace(_MASK, _brief(error.instance))}.",
        remedy="Change the value.",
        node_id=node.id,
        field=field,
    )


def _brief(value: Any) -> str:
    """Return a value as its JSON, of a long one the beginning."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_SAID else f"{text[: _MOST_SAID - 1]}…"


def _holds_expression(params: Mapping[str, Any], path: list[str | int]) -> bool:
    value: Any = params
    for part in path:
        value = value[part]
        if isinstance(value, str) and OPEN in value:
            return True
    return False


def _groups(node: Node, place: str, values: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Look at groups of conditions, those of conditions in rows too: a group has at least one."""
    for name, field in schema.get("properties", {}).items():
        kind, rows = field.get("x-ui", {}).get("kind"), values.get(name)
        if kind not in _ROWS or not isinstance(rows, list):
            continue
        for number, row in enumerate(rows):
            if not isinstance(row, Mapping):
                continue
            here = f"{place}.{name}.{number}"
            if kind == "collection":
                yield from _groups(node, here, row, field.get("items", {}))
            elif row.get("type") == GROUP and row.get("conditions", []) == []:
                yield Diagnostic(
                    code="empty_group",
                    message=f"{node.name!r} has a group without conditions.",
                    remedy="Add a condition to the group, or remove the group.",
                    node_id=node.id,
                    field=f"{here}.conditions",
                )


def _outputs(node: Node, shown: Mapping[str, Any], entry: CatalogueEntry) -> Iterator[Diagnostic]:
    """Look at fields that name one of the outputs that the node's rows name."""
    for name, value in shown.items():
        if not form_of(name, entry.params_schema).get("namesOutput") or not isinstance(value, str) or not value:
            continue
        if value not in named_outputs(entry, node.params):
            yield Diagnostic(
                code="unknown_output",
                message=f"No row of {node.name!r} names the output {value!r}.",
                remedy="Choose an output that a row names.",
                node_id=node.id,
                field=f"params.{name}",
            )


def _inputs(node: Node) -> Iterator[Diagnostic]:
    """Look at what a trigger for calls declares, where its parameters have their types."""
    try:
        inputs_of(node.params)
    except InputsInvalid as error:
        yield Diagnostic(
            code="invalid_parameter",
            message=f"{node.name!r}: {error.message}.",
            remedy=error.remedy,
            node_id=node.id,
            field=f"params.{error.field}",
        )


def _schedules(node: Node, shown: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Look at schedules, those in rows too, and at time zones that are not left empty."""
    for name, value in shown.items():
        kind = form_of(name, schema).get("kind")
        if kind == "collection" and isinstance(value, list):
            for column in _cron_columns(name, schema):
                for number, row in enumerate(value):
                    if isinstance(row, Mapping) and isinstance(row.get(column), str):
                        yield from _schedule(node, f"{name}.{number}.{column}", row[column])
        if not isinstance(value, str):
            continue
        if kind == "cron":
            yield from _schedule(node, name, value)
        elif kind == "timeZone" and value and find_zone(value) is None:
            yield _schedule_invalid(node, name, zone_invalid(value))


def _schedule(node: Node, name: str, line: str) -> Iterator[Diagnostic]:
    try:
        parse_schedule(line)
    except ScheduleInvalid as error:
        yield _schedule_invalid(node, name, error)


def _cron_columns(name: str, schema: Mapping[str, Any]) -> list[str]:
    """Return the fields of a collection's rows that hold schedules."""
    row = schema["properties"][name].get("items", {})
    return [key for key, field in row.get("properties", {}).items() if field.get("x-ui", {}).get("kind") == "cron"]


def _schedule_invalid(node: Node, name: str, error: ScheduleInvalid) -> Diagnostic:
    return Diagnostic(
        code="schedule_invalid",
        message=f"{node.name!r}: {error.message}",
        remedy=error.remedy,
        node_id=node.id,
        field=f"params.{name}",
    )


def _expressions(node: Node, shown: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Diagnostic]:
    evaluated = {}
    for name, value in shown.items():
        form = form_of(name, schema)
        if form.get("expression", True):
            evaluated[name] = value
            continue
        if form.get("kind") == "code" and form.get("language") in _LANGUAGES and isinstance(value, str):
            broken = _broken_code(value, form.get("language"))
            if broken:
                yield _broken(node, name, *broken)
        elif isinstance(value, str) and OPEN in value and form.get("kind") not in _VERBATIM:
            yield Diagnostic(
                code="expression_not_allowed",
                severity=Severity.WARNING,
                message=f"{node.name!r}: expressions are not evaluated in {name!r}.",
                remedy="Write the value itself.",
                node_id=node.id,
                field=f"params.{name}",
            )
    for problem in check_expressions(evaluated):
        yield _broken(node, problem.path, problem.position, problem.message)


def _broken_code(source: str, language: Any) -> tuple[int, str] | None:
    if language == "python":
        from stepweave.expressions.python.reading import check_python

        return check_python(source)
    return check_code(source)


def _broken(node: Node, path: str, position: int, message: str) -> Diagnostic:
    return Diagnostic(
        code="broken_expression",
        message=f"{node.name!r}: {message}",
        remedy="Correct the expression.",
        node_id=node.id,
        field=f"params.{path}",
        position=position,
    )
