"""Conditions as nodes' parameters have them: what they compare, with which operators, and groups of them."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui

ValueType = Literal["text", "number", "boolean", "date", "list", "object", "any"]
Operator = Literal[
    "equals",
    "notEquals",
    "contains",
    "notContains",
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "matches",
    "notMatches",
    "greater",
    "greaterOrEqual",
    "less",
    "lessOrEqual",
    "lengthEquals",
    "lengthNotEquals",
    "lengthGreater",
    "lengthGreaterOrEqual",
    "lengthLess",
    "lengthLessOrEqual",
    "isTrue",
    "isFalse",
    "isEmpty",
    "isNotEmpty",
    "exists",
    "notExists",
]

UNARY: Final = frozenset({"isTrue", "isFalse", "isEmpty", "isNotEmpty", "exists", "notExists"})
"""Operators that look at the left value only."""
_LABELS: Final[dict[Operator, str]] = {
    "equals": "is",
    "notEquals": "is not",
    "contains": "contains",
    "notContains": "does not contain",
    "startsWith": "starts with",
    "notStartsWith": "does not start with",
    "endsWith": "ends with",
    "notEndsWith": "does not end with",
    "matches": "matches the pattern",
    "notMatches": "does not match the pattern",
    "greater": "is greater than",
    "greaterOrEqual": "is at least",
    "less": "is less than",
    "lessOrEqual": "is at most",
    "lengthEquals": "has the length",
    "lengthNotEquals": "does not have the length",
    "lengthGreater": "is longer than",
    "lengthGreaterOrEqual": "is at least as long as",
    "lengthLess": "is shorter than",
    "lengthLessOrEqual": "is at most as long as",
    "isTrue": "is true",
    "isFalse": "is false",
    "isEmpty": "is empty",
    "isNotEmpty": "is not empty",
    "exists": "exists",
    "notExists": "does not exist",
}
_TYPES: Final = (
    ("text", "Text"),
    ("number", "Number"),
    ("boolean", "True or false"),
    ("date", "Date and time"),
    ("list", "List"),
    ("object", "Object"),
    ("any", "Anything"),
)
_DATE_LABELS: Final[dict[Operator, str]] = {
    "greater": "is after",
    "greaterOrEqual": "is at or after",
    "less": "is before",
    "lessOrEqual": "is at or before",
}
_PRESENCE: Final[tuple[Operator, ...]] = ("exists", "notExists")
_EMPTINESS: Final[tuple[Operator, ...]] = ("isEmpty", "isNotEmpty")
_EQUALITY: Final[tuple[Operator, ...]] = ("equals", "notEquals")
_ORDER: Final[tuple[Operator, ...]] = ("greater", "greaterOrEqual", "less", "lessOrEqual")

_LENGTH: Final[tuple[Operator, ...]] = (
    "lengthEquals",
    "lengthNotEquals",
    "lengthGreater",
    "lengthGreaterOrEqual",
    "lengthLess",
    "lengthLessOrEqual",
)
_TEXT: Final[tuple[Operator, ...]] = (
    "contains",
    "notContains",
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "matches",
    "notMatches",
)

OPERATORS: Final[dict[ValueType, tuple[Operator, ...]]] = {
    "text": (*_EQUALITY, *_TEXT, *_EMPTINESS, *_PRESENCE),
    "number": (*_EQUALITY, *_ORDER, *_EMPTINESS, *_PRESENCE),
    "boolean": ("isTrue", "isFalse", *_EQUALITY, *_EMPTINESS, *_PRESENCE),
    "date": (*_EQUALITY, *_ORDER, *_EMPTINESS, *_PRESENCE),
    "list": ("contains", "notContains", *_LENGTH, *_EMPTINESS, *_PRESENCE),
    "object": (*_EMPTINESS, *_PRESENCE),
    "any": (*_EQUALITY, *_EMPTINESS, *_PRESENCE),
}
"""Which operators compare values of which type. The first is the one a new condition starts with."""


def operator_options() -> dict[str, list[dict[str, Any]]]:
    """Return `OPERATORS` with labels, as a conditions field's form carries them."""
    return {
        value_type: [
            {
                "value": operator,
                "label": (_DATE_LABELS if value_type == "date" else {}).get(operator) or _LABELS[operator],
                **({"unary": True} if operator in UNARY else {}),
            }
            for operator in operators
        ]
        for value_type, operators in OPERATORS.items()
    }


Combine = Literal["and", "or"]
"""Whether all conditions must hold, or any."""


def combine_field(**more: Any) -> Any:
    """Return the field that says so (`Combine`)."""
    options = [("and", "All conditions"), ("or", "Any condition")]
    return ui("and", title="Match", kind=Kind.SELECT, expression=False, options=options, **more)


def _left() -> Any:
    return ui(None, title="Value", kind=Kind.TEXT, placeholder="{{ $json.amount }}")


def _type(*more: tuple[str, str]) -> Any:
    return ui("text", title="Type", kind=Kind.SELECT, expression=False, options=[*_TYPES, *more])


def _operator() -> Any:
    options = [(operator, label) for operator, label in _LABELS.items()]
    return ui("equals", title="Comparison", kind=Kind.SELECT, expression=False, options=options)


def _right() -> Any:
    return ui(None, title="Compare with", kind=Kind.TEXT)


class Comparison(NodeParams):
    """A comparison of two values of one type. Unary operators ignore `right`."""

    left: Any = _left()
    type: ValueType = _type()
    operator: Operator = _operator()
    right: Any = _right()


GROUP: Final = "group"
"""The type of a condition that is a group of conditions."""
ConditionType = Literal["text", "number", "boolean", "date", "list", "object", "any", "group"]


class Condition(NodeParams):
    """A comparison, or a group of comparisons of which all must hold, or any."""

    left: Any = _left()
    type: ConditionType = _type((GROUP, "Group of conditions"))
    operator: Operator = _operator()
    right: Any = _right()
    combine: Combine = combine_field(show_when={"type": [GROUP]})
    conditions: list[Comparison] = ui(
        ...,
        title="Conditions of the group",
        kind=Kind.CONDITIONS,
        show_when={"type": [GROUP]},
        required_when_shown=True,
        default_factory=list,
        max_length=100,
    )


def conditions_field(title: str) -> Any:
    """Return the field of a list of conditions, at least one (`list[Condition]`)."""
    operators = operator_options()
    return ui(..., title=title, kind=Kind.CONDITIONS, operators=operators, min_length=1, max_length=100)


TypeValidation = Literal["loose", "strict"]
"""Whether conditions convert values to their type, or demand that they have it."""


def type_validation_field(**more: Any) -> Any:
    """Return the field that says so (`TypeValidation`)."""
    return ui(
        "loose",
        title="Values of another type",
        kind=Kind.SELECT,
        expression=False,
        help="Strict: 5 as text is no number, and comparing it as one fails.",
        options=[("loose", "Convert where they can be"), ("strict", "Fail")],
        group="options",
        **more,
    )
