"""A node's parameters for each item: expressions evaluated, hidden fields left out, the rest validated by its model.

Where nothing holds an expression, all items share one value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import ValidationError, create_model
from pydantic.fields import FieldInfo

from stepweave.model.json_text import mended
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.fields import NodeParams, shown

Evaluate = Callable[[str, int, str], Any]
"""Evaluates a template for the item at an index; the last argument names the field. Raises ExpressionFailed."""

_OPEN: Final = "{{"
_LONGEST_VALUE: Final = 80
_WORDS: Final = {None: "null", True: "true", False: "false"}
_HALF: Final = "string_unicode"
"""What pydantic calls half of a surrogate pair in text."""


@dataclass(frozen=True, slots=True)
class _Template:
    text: str
    field: str


class Parameters:
    """The parameters of one step."""

    def __init__(self, model: type[NodeParams], params: Mapping[str, Any], evaluate: Evaluate) -> None:
        self._model = model
        self._evaluate = evaluate
        self._found = 0
        self._tree = self._fields(model, params, "params")
        self._shared: NodeParams | None = None
        self.tell_mended: Callable[[list[str]], None] | None = None
        """Is told where an expression gave half of a surrogate pair, which became U+FFFD (`json_text`)."""

    @property
    def has_expressions(self) -> bool:
        """Whether anything must be evaluated item by item."""
        return self._found > 0

    def at(self, index: int) -> NodeParams:
        """Return the parameters for the item at `index`.

        Raises:
            ExpressionFailed: an expression failed.
            ParameterInvalid: a value does not fit.
        """
        if self._shared is not None:
            return self._shared
        try:
            values = self._validated(self._filled(self._tree, index))
        except ValidationError as error:
            raise invalid(self._model, error) from None
        if not self._found:
            self._shared = values
        return values

    def _validated(self, filled: dict[str, Any]) -> NodeParams:
        try:
            return self._model.model_validate(filled)
        except ValidationError as error:
            if not any(problem["type"] == _HALF for problem in error.errors(include_url=False)):
                raise
        whole, places = mended(filled)
        if self.tell_mended is not None:
            self.tell_mended([f"params.{place}" for place in places])
        return self._model.model_validate(whole)

    def constant(self, name: str) -> Any:
        """Return a parameter that may not hold an expression (JSON name): as given, or its default."""
        field = _by_alias(self._model)[name]
        if _form(field).get("expression", True):
            raise ValueError(f"{name} may hold an expression: ask for it item by item")
        return self._tree[name] if name in self._tree else field.get_default(call_default_factory=True)

    def one(self, name: str, index: int) -> Any:
        """Return a parameter (JSON name) for the item at `index`; no other is evaluated. Raises as `at` does."""
        attribute = next(one for one, field in self._model.model_fields.items() if (field.alias or one) == name)
        field = self._model.model_fields[attribute]
        if name not in self._tree:
            return field.get_default(call_default_factory=True)
        fields: Any = {attribute: (field.annotation, field)}
        alone = create_model(self._model.__name__, __base__=NodeParams, **fields)
        try:
            return getattr(alone.model_validate({name: self._filled(self._tree[name], index)}), attribute)
        except ValidationError as error:
            raise invalid(alone, error) from None

    def _fields(self, model: type[NodeParams], params: Mapping[str, Any], path: str) -> dict[str, Any]:
        fields = _by_alias(model)
        tree: dict[str, Any] = {}
        for name, value in params.items():
            field = fields.get(name)
            form = _form(field)
            if field is not None and not _shown(form, fields, params):
                continue
            rows = _row_model(field)
            here = f"{path}.{name}"
            if rows is not None and isinstance(value, list):
                tree[name] = [
                    self._fields(rows, row, f"{here}.{index}") if isinstance(row, dict) else row
                    for index, row in enumerate(value)
                ]
            else:
                tree[name] = self._templates(value, here) if form.get("expression", True) else value
        return tree

    def _templates(self, value: Any, path: str) -> Any:
        if isinstance(value, str):
            if _OPEN not in value:
                return value
            self._found += 1
            return _Template(value, path)
        if isinstance(value, dict):
            return {key: self._templates(entry, f"{path}.{key}") for key, entry in value.items()}
        if isinstance(value, list):
            return [self._templates(entry, f"{path}.{index}") for index, entry in enumerate(value)]
        return value

    def _filled(self, tree: Any, index: int) -> Any:
        if isinstance(tree, _Template):
            return self._evaluate(tree.text, index, tree.field)
        if isinstance(tree, dict):
            return {key: self._filled(entry, index) for key, entry in tree.items()}
        if isinstance(tree, list):
            return [self._filled(entry, index) for entry in tree]
        return tree


def _by_alias(model: type[NodeParams]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _form(field: FieldInfo | None) -> Mapping[str, Any]:
    extra = field.json_schema_extra if field is not None else None
    form = extra.get("x-ui") if isinstance(extra, dict) else None
    return form if isinstance(form, dict) else {}


def _shown(form: Mapping[str, Any], fields: Mapping[str, FieldInfo], params: Mapping[str, Any]) -> bool:
    def value_of(sibling: str) -> Any:
        return params[sibling] if sibling in params else fields[sibling].get_default(call_default_factory=True)

    return shown(form, value_of)


def _row_model(field: FieldInfo | None) -> type[NodeParams] | None:
    for argument in get_args(field.annotation) if field is not None else ():
        if isinstance(argument, type) and issubclass(argument, NodeParams):
            return argument
    return None


def invalid(
    model: type[NodeParams], error: ValidationError, called: Callable[[str], str] = lambda name: name
) -> ParameterInvalid:
    """Return the error of values that do not fit a node.

    Args:
        model: what they were checked against.
        error: what it said.
        called: what a field of the model is called among the node's parameters (JSON names).
    """
    problems = [
        {"field": ".".join(("params", *_place(entry["loc"], called))), "message": _message(model, entry)}
        for entry in error.errors(include_url=False)
    ]
    first = problems[0]
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return ParameterInvalid(
        f"{first['message']}{more}",
        f"Change {first['field']}, or the expression that gives it.",
        details={"field": first["field"], "problems": problems[:20]},
    )


def _place(location: tuple[Any, ...], called: Callable[[str], str]) -> tuple[str, ...]:
    return (called(str(location[0])), *map(str, location[1:])) if location else ()


def _message(model: type[NodeParams], problem: Mapping[str, Any]) -> str:
    location = problem["loc"]
    field = _by_alias(model).get(str(location[0])) if location else None
    title = field.title if field is not None and field.title else str(location[0]) if location else "Parameters"
    given = problem["input"]
    value = _WORDS[given] if given is None or isinstance(given, bool) else repr(given)
    if len(value) > _LONGEST_VALUE:
        value = value[:_LONGEST_VALUE] + "…"
    words = problem["msg"][0].lower() + problem["msg"][1:]
    return f"{title}: {words}" if problem["type"] == "missing" else f"{title}: {words}, not {value}."
