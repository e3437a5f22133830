"""Evaluates templates for the items of one step, in the fast lane where that is exact, else in the engine."""

from typing import TYPE_CHECKING, Any

from stepweave.expressions import paths
from stepweave.expressions.errors import ExpressionError, ExpressionLimit, ExpressionSyntax
from stepweave.expressions.references import References, references_in_code
from stepweave.expressions.scope import Scope
from stepweave.expressions.templates import Expression, parse_template

if TYPE_CHECKING:
    from stepweave.expressions.engine import Engine


class Evaluator:
    """For one step. The engine is started, and given data, only when an expression needs it. Not thread-safe."""

    def __init__(self, scope: Scope, *, seconds: float = 1.0) -> None:
        self._scope = scope
        self._seconds = seconds
        self._engine: Engine | None = None
        self._compiled: dict[str, Any] = {}
        self._loaded: set[str] = set()

    def evaluate(self, text: str, index: int, field: str = "") -> Any:
        """Return the value of a template for the item at `index`.

        A text that is one expression gives its value (undefined becomes None); otherwise all parts are joined as text:
        undefined and null are empty, objects and lists are JSON, dates are ISO 8601.

        Raises:
            ExpressionError: it threw; `field` and the position inside the field's text are in it.
        """
        try:
            template = parse_template(text)
        except ExpressionSyntax as error:
            raise ExpressionSyntax(
                error.message, field=field, position=error.position, expression=error.expression
            ) from None
        single = template.single
        if single is not None:
            return self._evaluate(single, index, field, as_text=False)
        return "".join(
            part if isinstance(part, str) else self._evaluate(part, index, field, as_text=True)
            for part in template.parts
        )

    def _evaluate(self, expression: Expression, index: int, field: str, *, as_text: bool) -> Any:
        path = paths.parse_path(expression.source)
        if path is not None:
            try:
                value = paths.resolve(path, self._scope, index)
                if as_text:
                    return paths.to_text(value)
                return None if isinstance(value, paths.Undefined) else value
            except paths.Doubtful:
                pass  # the engine knows, and words the error where it is one
        return self._run(expression, index, field, as_text)

    def _run(self, expression: Expression, index: int, field: str, as_text: bool) -> Any:
        from stepweave.expressions import engine as engines

        try:
            engine = self._ready(expression.source)
            engine.at(index)
            compiled = self._compiled.get(expression.source)
            if compiled is None:
                compiled = self._compiled[expression.source] = engine.compile(expression.source)
            return engine.text(compiled) if as_text else engine.value(compiled)
        except engines.EngineLimit as error:
            self._forget()
            raise ExpressionLimit(
                str(error), field=field, position=expression.start, expression=expression.source
            ) from None
        except engines.EngineError as error:
            kind = ExpressionSyntax if str(error).startswith("SyntaxError") else ExpressionError
            raise kind(str(error), field=field, position=expression.start, expression=expression.source) from None

    def _ready(self, source: str) -> "Engine":
        """Return the engine with the data in it that `source` mentions."""
        engine = self._engine
        if engine is None:
            from stepweave.expressions.engine import Engine

            engine = self._engine = Engine(self._seconds)
            engine.know(self._scope.names)
        for what in ("workflow", "execution", "variables"):
            name = "$vars" if what == "variables" else f"${what}"
            if name in source:
                self._give(engine, what, dict(getattr(self._scope, what)))
        if any(name in source for name in ("$json", "$binary", "$input", "$items")):
            self._give(engine, "items", self._scope.items)
        found: References = references_in_code(source)
        for name in self._scope.names if found.dynamic else found.names & self._scope.names:
            if f"node:{name}" not in self._loaded:
                self._loaded.add(f"node:{name}")
                engine.output(name, self._scope.output_of(name))
        return engine

    def _give(self, engine: "Engine", what: str, value: Any) -> None:
        if what not in self._loaded:
            self._loaded.add(what)
            engine.load(what, value)

    def _forget(self) -> None:
        self._engine = None
        self._compiled.clear()
        self._loaded.clear()
