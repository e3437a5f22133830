"""Evaluates templates for the items of one step, in the fast lane where that is exact, else in the engine."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from stepweave.expressions.errors import (
    ExpressionError,
    ExpressionMemory,
    ExpressionSyntax,
    ExpressionTimeout,
)
from stepweave.expressions.scope import Scope
from stepweave.expressions.templates import OPEN, Expression, parse_template

if TYPE_CHECKING:
    from stepweave.expressions.killable import KillableEngine
    from stepweave.expressions.session import Session

MEMORY_BYTES: Final = 64 * 1024**2
SECONDS: Final = 1.0
"""The time one expression may take for one item."""

Filled = Callable[[int], Any]
"""A parameter, ready to be evaluated for the item at an index."""


class Evaluator:
    """For one step. The engine is started, and given data, only when an expression needs it. Not thread-safe."""

    def __init__(
        self,
        scope: Scope,
        *,
        seconds: float = SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        most_bytes: int = MEMORY_BYTES,
        apart: bool = False,
    ) -> None:
        """Make one.

        Args:
            scope: what expressions see.
            seconds: the time that one expression may take for one item.
            memory_bytes: that the engine may use.
            most_bytes: of one value as JSON text, where it is made in another process.
            apart: whether none runs in this process; else those do that surely end (`bounded`).
        """
        self._scope = scope
        self._limits = (seconds, memory_bytes)
        self._most_bytes = most_bytes
        self._apart = apart
        self._sessions: dict[bool, Session] = {}
        self._prepared: dict[tuple[str, str], Filled] = {}

    def evaluate(self, params: Any, index: int, field: str = "") -> Any:
        """Return a JSON value with every template in it evaluated for the item at `index`.

        A text that is one expression gives its value (undefined becomes None); otherwise all parts are joined as text:
        undefined and null are empty, objects and lists are JSON, dates are ISO 8601. `field` is the dotted path of
        `params`, for errors.

        Raises:
            ExpressionError: one threw; `field` and the position inside the field's text are in it.
        """
        if isinstance(params, str):
            if OPEN not in params:
                return params
            ready = self._prepared.get((params, field))
            if ready is None:
                ready = self._prepared[params, field] = self._prepare(params, field)
            return ready(index)
        if isinstance(params, dict):
            return {key: self.evaluate(entry, index, _below(field, key)) for key, entry in params.items()}
        if isinstance(params, list):
            return [self.evaluate(entry, index, _below(field, at)) for at, entry in enumerate(params)]
        return params

    def _prepare(self, text: str, field: str) -> Filled:
        """Take a template apart once."""
        from stepweave.model.numbers import whole

        try:
            template = parse_template(text)
        except ExpressionSyntax as error:
            raise ExpressionSyntax(
                error.message, field=field, position=error.position, expression=error.expression
            ) from None
        if template.single is not None:
            return self._expression(template.single, field, as_text=False)
        parts = [
            part if isinstance(part, str) else self._expression(part, field, as_text=True) for part in template.parts
        ]
        return lambda index: whole("".join(part if isinstance(part, str) else part(index) for part in parts))

    def _expression(self, expression: Expression, field: str, *, as_text: bool) -> Filled:
        from stepweave.expressions.paths import UNDEFINED, parse_path
        from stepweave.expressions.resolve import Doubtful, resolve, to_text

        path = parse_path(expression.source)
        if path is None:
            return lambda index: self._run(expression, index, field, as_text)

        def fast(index: int) -> Any:
            try:
                value = resolve(path, self._scope, index)
                if as_text:
                    return to_text(value)
            except Doubtful:
                return self._run(expression, index, field, as_text)
            except ExpressionError as error:
                raise _placed(ExpressionError, str(error), expression, field) from None
            return None if value is UNDEFINED else value

        return fast

    def _run(self, expression: Expression, index: int, field: str, as_text: bool) -> Any:
        from stepweave.expressions import engine as engines
        from stepweave.expressions.bounded import is_bounded

        here = not self._apart and is_bounded(expression.source)
        try:
            return self._ran(expression.source, index, as_text, here)
        except engines.EngineError as error:
            kind: type[ExpressionError] = ExpressionError
            place = engines.place_in(expression.source, error.stack)
            if isinstance(error, engines.EngineLimit):
                self._sessions.pop(here, None)
                kind = ExpressionTimeout if isinstance(error, engines.EngineTimeout) else ExpressionMemory
            elif not error.stack and str(error).startswith("SyntaxError"):
                kind = ExpressionSyntax
                found = engines.syntax_error(expression.source, is_expression=True)
                place = found[0] if found else None
            raise _placed(kind, str(error), expression, field, place or 0) from None

    def _ran(self, source: str, index: int, as_text: bool, here: bool) -> Any:
        """Run an expression, twice where others had its process ended meanwhile. Raises EngineError."""
        if here:
            return self._session(here).run(source, index, as_text=as_text)
        from stepweave.expressions.killable import EngineLost

        try:
            return self._session(here).run(source, index, as_text=as_text)
        except EngineLost:
            del self._sessions[here]
            return self._session(here).run(source, index, as_text=as_text)

    def _session(self, here: bool) -> "Session":
        from stepweave.expressions.session import Session

        if here not in self._sessions:
            self._sessions[here] = Session(self._scope, *self._limits, None if here else self._engine())
        return self._sessions[here]

    def _engine(self) -> "KillableEngine":
        from stepweave.expressions.killable import KillableEngine

        return KillableEngine(*self._limits, self._most_bytes)


def _placed(
    kind: type[ExpressionError], message: str, expression: Expression, field: str, offset: int = 0
) -> ExpressionError:
    """Return an error at an offset in an expression, or behind the white space there."""
    rest = expression.source[offset:]
    place = offset + (len(rest) - len(rest.lstrip()) if rest.strip() else 0)
    return kind(message, field=field, position=expression.start + place, expression=expression.source)


def _below(field: str, key: object) -> str:
    return f"{field}.{key}" if field else str(key)
