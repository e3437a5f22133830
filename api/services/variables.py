"""Variables: what workflows read as `$vars`, the same in all of a workspace's workflows. They are no secrets."""

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api import codes
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services.tokens import Principal
from stepweave.expressions.inherited import OBJECT
from stepweave.expressions.variables import variables_read
from stepweave.model.diagnostics import Diagnostic, Severity
from stepweave.model.environments import PRODUCTION
from stepweave.runtime.starting import Start
from stepweave_data.auditing import seeing
from stepweave_data.models import Environment, Variable, VariableValue
from stepweave_data.variables import prepared

MOST: Final = 200
MOST_BYTES: Final = 4_000
"""Of a value, as JSON."""
MOST_TOGETHER: Final = 32_000
"""Bytes of all values in an environment: as many travel with each step at most."""
MOST_DEPTH: Final = 20
_LARGEST: Final = 2**53
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "json": (dict, list),
}
_WORDS: Final = {"text": "text", "number": "a number", "boolean": "true or false", "json": "an object or a list"}


@dataclass(frozen=True)
class Given:
    """A variable as a person writes it. `values` are by environment."""

    name: str
    kind: str
    description: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """A variable with its values, and the names of the published workflows that read it."""

    variable: Variable
    values: dict[str, Any]
    workflows: list[str]


def list_variables(principal: Principal) -> list[Shown]:
    """Return all, by name."""
    with rows_of(principal.tenant_id) as rows:
        return _shown(rows, list(rows.variables.all()))


def create(principal: Principal, given: Given) -> Shown:
    """Make a variable. Raises Refused: `invalid_request`, `name_taken`, `too_many`."""
    _check(given)
    try:
        with rows_of(principal.tenant_id) as rows:
            if len(rows.variables.all()) >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} variables already; delete one.")
            variable = rows.add(
                Variable(
                    tenant_id=principal.tenant_id,
                    name=given.name,
                    kind=given.kind,
                    description=given.description,
                )
            )
            _put(rows, variable, given)
            after = _told(variable, given.values)
            rows.note(principal.user_id, "variable.created", variable.id, after=after)
            return _shown(rows, [variable])[0]
    except Duplicate:
        raise _taken(given.name) from None


def change(principal: Principal, variable_id: uuid.UUID, given: Given) -> Shown:
    """Change a variable. What starts from now on reads it so.

    Raises:
        Refused: `not_found`, `invalid_request`, `name_taken`; `variable_in_use` for another name, or another kind, of
            one that published workflows read, and for no value where they are live.
    """
    _check(given)
    try:
        with rows_of(principal.tenant_id) as rows:
            variable = _find(rows, variable_id)
            former = {one.environment: one.value for one in rows.variables.values_of(variable_id)}
            before = _told(variable, former)
            if given.name != variable.name:
                _check_unused(rows, variable, "renamed")
            if given.kind != variable.kind:
                _check_unused(rows, variable, "made another kind")
            if lost := _lost(rows, former.keys(), given.values.keys()):
                _check_unused(rows, variable, f"left without a value in {', '.join(lost.values())}", lost)
            variable.name, variable.kind, variable.description = given.name, given.kind, given.description
            variable.updated_at = datetime.now(UTC)
            _put(rows, variable, given)
            after = _told(variable, given.values)
            rows.note(principal.user_id, "variable.changed", variable_id, before=before, after=after)
            return _shown(rows, [variable])[0]
    except Duplicate:
        raise _taken(given.name) from None


def delete(principal: Principal, variable_id: uuid.UUID) -> None:
    """Delete a variable. Raises Refused: `not_found`; `variable_in_use` where published workflows read it."""
    with rows_of(principal.tenant_id) as rows:
        variable = _find(rows, variable_id)
        _check_unused(rows, variable, "deleted")
        former = {one.environment: one.value for one in rows.variables.values_of(variable_id)}
        rows.note(principal.user_id, "variable.deleted", variable_id, before=_told(variable, former), after={})
        rows.delete(variable)


def problems(principal: Principal, document: Mapping[str, Any]) -> list[Diagnostic]:
    """Return warnings of variables that nodes of a document read and that are not there."""
    nodes = document.get("nodes")
    if not isinstance(nodes, list):
        return []
    read = [(node, variables_read([node])) for node in nodes if isinstance(node, dict)]
    if not any(found.needed for _, found in read):
        return []
    with rows_of(principal.tenant_id) as rows:
        there = rows.variables.seen_in(rows.environments.all()[0])
    return [_missing(node, name) for node, found in read for name in found.among(there)]


def prepare(it: Start) -> dict[str, Any]:
    """Prepare a start (`starting.Launch.prepare`): return the variables that it reads, by name."""
    with seeing(None), rows_of(uuid.UUID(it.target.tenant_id)) as rows:
        return prepared(rows.connection, it)


def _missing(node: Mapping[str, Any], name: str) -> Diagnostic:
    return Diagnostic(
        code="variable_missing",
        severity=Severity.WARNING,
        message=f"{node.get('name')!r} reads the variable {name!r}, which is not there.",
        remedy=f"Add it under Settings, Variables; or write $vars?.{name}, where it may be missing.",
        node_id=str(node.get("id")),
    )


def _put(rows: Rows, variable: Variable, given: Given) -> None:
    """Write a variable's values. Raises Refused where all of an environment are too large together."""
    there = {one.key for one in rows.environments.all()}
    if unknown := sorted(given.values.keys() - there):
        raise _invalid(f"values.{unknown[0]}", f"There is no environment {unknown[0]!r}.")
    former = {one.environment for one in rows.variables.values_of(variable.id)}
    rows.variables.drop_values(variable.id, former - given.values.keys())
    for environment, value in given.values.items():
        rows.put(
            VariableValue(tenant_id=variable.tenant_id, variable_id=variable.id, environment=environment, value=value)
        )
    rows.write()
    for environment in given.values:
        used = sum(_size(value) for value in rows.variables.in_environment(environment).values())
        if used > MOST_TOGETHER:
            words = (
                f"All variables together have {used} bytes then; {MOST_TOGETHER} is the most, for they travel with "
                "each step. Keep what is large in a table, a key or a file."
            )
            raise _invalid(f"values.{environment}", words)


def _shown(rows: Rows, variables: list[Variable]) -> list[Shown]:
    values: dict[uuid.UUID, dict[str, Any]] = {}
    for one in rows.variables.values():
        values.setdefault(one.variable_id, {})[one.environment] = one.value
    readers = _readers(rows)
    return [Shown(one, values.get(one.id, {}), readers.get(one.name, [])) for one in variables]


def _readers(rows: Rows, among: Collection[str] | None = None) -> dict[str, list[str]]:
    """Return the names of workflows by the variables that they read by name, and cannot do without, where they are
    live: in any environment, or in some."""
    found: dict[str, dict[uuid.UUID, str]] = {}
    for workflow, environment, document in rows.variables.live_readers():
        if among is None or environment in among:
            for name in variables_read(document.get("nodes", ())).needed:
                found.setdefault(name, {})[workflow.id] = workflow.name
    return {name: list(by.values()) for name, by in found.items()}


def _lost(rows: Rows, before: Collection[str], after: Collection[str]) -> dict[str, str]:
    """Return the environments, with their names, in which a variable was there and would be no more."""

    def is_there(one: Environment, values: Collection[str]) -> bool:
        return one.key in values or (one.falls_back and PRODUCTION in values)

    all = rows.environments.all()
    return {one.key: one.name for one in all if is_there(one, before) and not is_there(one, after)}


def _check_unused(rows: Rows, variable: Variable, done: str, among: Collection[str] | None = None) -> None:
    with seeing(None), rows_of(variable.tenant_id) as everything:  # those of projects that the caller does not see, too
        readers = _readers(everything, among).get(variable.name, [])
    if readers:
        words = (
            f"{variable.name!r} cannot be {done}: {len(readers)} published workflows read it. Publish them without it, "
            "or with `$vars?.name`, which may be missing, first."
        )
        raise Refused(codes.VARIABLE_IN_USE, words, workflows=_readers(rows, among).get(variable.name, [])[:20])


def _check(given: Given) -> None:
    """Refuse what no variable can be. Raises Refused (`invalid_request`)."""
    if given.name in OBJECT:
        raise _invalid("name", f"{given.name!r} means something in JavaScript already; choose another name.")
    for environment, value in given.values.items():
        _check_value(given.kind, f"values.{environment}", value)


def _check_value(kind: str, field: str, value: Any) -> None:
    if not isinstance(value, _KINDS[kind]) or (kind == "number" and isinstance(value, bool)):
        raise _invalid(field, f"This is not {_WORDS[kind]}.")
    if kind == "number" and isinstance(value, int) and abs(value) > _LARGEST:
        raise _invalid(field, "JavaScript cannot tell whole numbers beyond 2^53 apart; make it a text.")
    if _depth(value) > MOST_DEPTH:
        raise _invalid(field, f"It is nested more than {MOST_DEPTH} deep.")
    if (size := _size(value)) > MOST_BYTES:
        words = f"It has {size} bytes; {MOST_BYTES} is the most. Keep what is large in a table, a key or a file."
        raise _invalid(field, words)


def _depth(value: Any) -> int:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(_depth, inner), default=0)
    return 0


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _told(variable: Variable, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": variable.name, "kind": variable.kind, "description": variable.description, "values": dict(values)}


def _find(rows: Rows, variable_id: uuid.UUID) -> Variable:
    variable = rows.get(Variable, variable_id)
    if variable is None:
        raise codes.not_found("variable")
    return variable


def _invalid(field: str, words: str) -> Refused:
    return Refused(codes.INVALID_REQUEST, words, [{"field": field, "message": words}])


def _taken(name: str) -> Refused:
    words = f"There is a variable {name!r} already, whatever the case; choose another name."
    return Refused(codes.NAME_TAKEN, words, [{"field": "name", "message": words}])
