"""JSONata by a compiled engine, where it gives what the Python library gives: forty times as fast.

jsonata-python needs milliseconds for the guards and results of nodes without a function; together they were more than
half of what the emulator did for an execution. `jsonatapy` (the same language in Rust) evaluates them here. It is asked
only for what both are known to agree on. Everything else is `Unsure` and left to the library: functions that Step
Functions adds, errors (whose codes are the library's), texts that UTF-8 cannot carry, and results with integers
beyond 2**53, which the engine rounds.
"""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

try:
    import jsonatapy
except ImportError:  # there is no wheel for this machine (requirements.txt): the library evaluates all
    jsonatapy = None

TIMEOUT_MS = 1000
"""AWS gives an expression one second."""
LARGEST = 2**53
"""From here on integers are not what they were."""
_ADDED = re.compile(r"\$(?:uuid|hash|partition|range|parse|random|eval)\b")
"""Functions of Step Functions that no JSONata library has, and `$eval`, which it does not allow."""
_NAME = re.compile(r"\$([A-Za-z_]\w*)")


class Unsure(Exception):
    """The library has to evaluate it."""


class Nothing(Exception):
    """The expression has no result (undefined)."""


HERE = jsonatapy is not None
"""Whether this machine has the engine."""


def evaluate(expression: str, variables: Mapping[str, Any], states: Mapping[str, Any]) -> Any:
    """Return the JSON value of an expression.

    Raises:
        Nothing: it has none.
        Unsure: the library must be asked, also where this failed.
    """
    program = _program(expression)
    if program is None:
        raise Unsure
    run, names = program
    bound = {name: variables[name] for name in names if name in variables}
    if "states" in names:
        bound["states"] = states
    try:
        found = run(bound)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Unsure from error
    if "value" not in found:
        raise Nothing
    value = found["value"]
    _check(value)
    return value


@functools.lru_cache(maxsize=4096)
def _program(expression: str) -> tuple[Callable[[dict[str, Any]], Any], frozenset[str]] | None:
    if jsonatapy is None or _ADDED.search(expression):
        return None
    try:
        # In an object, for null and undefined are otherwise the same.
        compiled = jsonatapy.compile(f'{{"value":({expression})}}', timeout=TIMEOUT_MS)
    except ValueError:
        return None
    names = frozenset(_NAME.findall(expression))

    def run(bound: dict[str, Any]) -> Any:
        return compiled.evaluate(None, bound)

    return run, names


def _check(value: Any) -> None:
    """Raise Unsure where a value may not be exact, or is no JSON."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int | float):
        if not -LARGEST < value < LARGEST:
            raise Unsure
    elif isinstance(value, dict):
        for entry in value.values():
            _check(entry)
    elif isinstance(value, list):
        for entry in value:
            _check(entry)
    else:
        raise Unsure
