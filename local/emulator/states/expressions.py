"""JSONata as Step Functions evaluates it.

MiniStack parses an expression every time it evaluates it, and once more when the result is null, at half a millisecond
to several. Here an expression is parsed once. Plain ones (a path of names from a variable, a literal, an object of
such) are then read by closures that give exactly what the library would; whatever they meet that they do not know, an
array on the way for example, they leave to a compiled engine (`quick`), and that leaves what it is not sure of to the
library.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonata
from jsonata.utils import Utils
from ministack.services import stepfunctions

from local.emulator.states import quick
from local.emulator.states.errors import StateError

TIMEOUT_MS = 1000
"""AWS gives an expression one second."""

Read = Callable[["Bindings"], Any]


@dataclass(slots=True)
class Bindings:
    """What an expression can see."""

    states: dict[str, Any]
    variables: dict[str, Any] = field(default_factory=dict)


class Unknown(Exception):
    """A plain reading met something it does not know."""


class Undefined(Exception):
    """The expression has no result."""


def is_expression(value: Any) -> bool:
    """Whether a string of the definition is an expression."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def template(value: Any, bindings: Bindings) -> Any:
    """Evaluate every expression in a JSON value."""
    if isinstance(value, str):
        return evaluate(value[2:-2].strip(), bindings) if value.startswith("{%") and value.endswith("%}") else value
    if isinstance(value, dict):
        return {key: template(item, bindings) for key, item in value.items()}
    if isinstance(value, list):
        return [template(item, bindings) for item in value]
    return value


def typed(value: Any, field_name: str, expected: str, bindings: Bindings) -> Any:
    """Evaluate a field that AWS requires to have a certain type."""
    found = template(value, bindings)
    actual = stepfunctions._json_type(found)
    if actual != expected:
        raise StateError(
            "States.QueryEvaluationError",
            f"The JSONata expression specified for the field '{field_name}' returned an unexpected result type. "
            f"Expected '{expected}', but was '{actual}' for value: {json.dumps(found)}",
        )
    return found


def truthy(value: Any) -> bool:
    """A Choice condition must be a boolean; MiniStack's reading of other values is kept."""
    return bool(stepfunctions._truthy(value))


def evaluate(expression: str, bindings: Bindings) -> Any:
    """Evaluate one expression; every failure is a States.QueryEvaluationError."""
    try:
        plain_reading = plain(expression)
        if plain_reading is not None:
            try:
                return plain_reading(bindings)
            except Unknown:
                pass
        try:
            return quick.evaluate(expression, bindings.variables, bindings.states)
        except quick.Nothing:
            raise Undefined from None
        except quick.Unsure:
            return by_library(expression, bindings)
    except Undefined:
        raise StateError(
            "States.QueryEvaluationError", f"The JSONata expression '{expression}' returned nothing (undefined)."
        ) from None


def by_library(expression: str, bindings: Bindings) -> Any:
    """Evaluate with jsonata-python."""
    bound = {name: Utils.NULL_VALUE if value is None else value for name, value in bindings.variables.items()}
    bound["states"] = bindings.states
    try:
        parsed = parse(expression)
        # The library finds its clock and timeouts through these two, which it sets when it parses.
        jsonata.Jsonata.CURRENT.jsonata = parsed
        parsed.environment.set_runtime_bounds(TIMEOUT_MS, None)
        value = parsed.evaluate(None, bound)
        if value is None:
            raise Undefined
        return as_json(value)
    except Undefined:
        raise
    except Exception as error:
        code = getattr(error, "error", None)
        raise StateError("States.QueryEvaluationError", f"{code}: {error}" if code else str(error)) from error


@functools.lru_cache(maxsize=4096)
def parse(expression: str) -> Any:
    """Parse once; nulls stay distinguishable from undefined."""
    parsed = jsonata.Jsonata.jsonata(expression)
    stepfunctions._register_sfn_jsonata_functions(parsed)
    parsed.set_output_convert_nulls(False)
    return parsed


def as_json(value: Any) -> Any:
    """A library result as plain JSON: its sequences and nulls are its own, and 2.0 is 2."""
    if value is None or value is Utils.NULL_VALUE:
        return None
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    raise StateError("States.QueryEvaluationError", "The JSONata expression returned a function, which is not JSON.")


@functools.lru_cache(maxsize=4096)
def plain(expression: str) -> Read | None:
    """A closure for a plain expression, or None."""
    try:
        return reading(parse(expression).ast)
    except Exception:
        return None


def reading(node: Any) -> Read | None:
    """The closure for one node of the syntax tree, or None when only the library knows it."""
    if getattr(node, "predicate", None) is not None or getattr(node, "group", None) is not None:
        return None
    if getattr(node, "keep_array", None) or getattr(node, "keep_singleton_array", None):
        return None
    kind = node.type
    if kind == "variable":
        return read_variable(str(node.value))
    if kind in ("string", "number", "value"):
        literal = node.value
        return lambda _: literal
    if kind == "path":
        return read_path(node)
    if kind == "unary" and str(node.value) == "{":
        return read_object(node)
    return None


def read_variable(name: str) -> Read | None:
    """`$name`, and `$states`."""
    if name == "states":
        return lambda bindings: bindings.states
    if not name or name == "$":
        return None

    def read(bindings: Bindings) -> Any:
        try:
            return bindings.variables[name]
        except KeyError:
            # It may be one of the library's functions.
            raise Unknown from None

    return read


def read_path(node: Any) -> Read | None:
    """`$variable.name.name`."""
    first, *steps = node.steps
    if first.type != "variable":
        return None
    for step in node.steps:
        plain_step = (step.type == "name" or step is first) and not any(
            getattr(step, what, None)
            for what in ("stages", "predicate", "group", "tuple", "focus", "index", "keep_array")
        )
        if not plain_step:
            return None
    root = read_variable(str(first.value))
    names = [str(step.value) for step in steps]
    if root is None or not names:
        return None

    def read(bindings: Bindings) -> Any:
        value = root(bindings)
        for name in names:
            if not isinstance(value, dict):
                if isinstance(value, list):
                    raise Unknown
                raise Undefined
            if name not in value:
                raise Undefined
            value = value[name]
        return value

    return read


def read_object(node: Any) -> Read | None:
    """An object constructor whose keys are literals and whose values are plain."""
    pairs: list[tuple[str, Read]] = []
    for key, value in node.lhs_object:
        value_reading = reading(value)
        if key.type != "string" or value_reading is None:
            return None
        pairs.append((key.value, value_reading))
    if len({key for key, _ in pairs}) != len(pairs):
        return None

    def read(bindings: Bindings) -> Any:
        built = {}
        for key, value_reading in pairs:
            try:
                built[key] = value_reading(bindings)
            except Undefined:
                continue  # JSONata leaves out a key whose value is undefined
        return built

    return read
