"""What a workflow takes that others call: its declared inputs, and items made to fit them.

The trigger declares them field by field, by an example, or by a JSON schema, of which the fields of its object count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from stepweave.model.json_text import JsonInvalid, read
from stepweave.model.moments import FORMS, read_moment
from stepweave.model.typed import IS_OF, READ
from stepweave.model.zones import UnknownTimeZone

InputType = Literal["any", "text", "number", "boolean", "date", "list", "object"]
MOST_INPUTS: Final = 200
_LONGEST_NAME: Final = 200
_SCHEMA_TYPES: Final[dict[str, InputType]] = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}
_TYPES: Final[tuple[tuple[InputType, type], ...]] = (
    ("boolean", bool),
    ("text", str),
    ("number", int),
    ("number", float),
    ("list", list),
    ("object", dict),
)


_SCHEMAS: Final[dict[InputType, dict[str, Any]]] = {
    "any": {},
    "text": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date-time"},
    "list": {"type": "array", "items": {}},
    "object": {"type": "object"},
}


class InputsInvalid(ValueError):
    """What a trigger declares makes no sense.

    Attributes:
        field: the trigger's parameter (`fields.0.default`).
        message: what is wrong, without a full stop.
        remedy: what to do.
    """

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Input:
    """A field that callers send. `default` takes the place of what is not given; None where there is none."""

    name: str
    type: InputType = "any"
    required: bool = True
    default: Any = None
    description: str = ""

    @property
    def needed(self) -> bool:
        """Whether a call without it is refused."""
        return self.required and self.default is None

    def to_json(self) -> dict[str, Any]:
        """Return it as the starter tells of it."""
        told = {"name": self.name, "type": self.type, "required": self.required, "description": self.description}
        return told if self.default is None else {**told, "default": self.default}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Input":
        """Read what `to_json` wrote."""
        return cls(data["name"], data["type"], data["required"], data.get("default"), data["description"])


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with one field of an item. `reason` goes on after the field's name."""

    field: str
    reason: str


def inputs_of(params: Mapping[str, Any], zone: str = "UTC") -> list[Input]:
    """Return what a trigger's parameters declare; nothing where it takes anything.

    Args:
        params: of the node `workflow_trigger`, as saved.
        zone: the workflow's time zone, for dates without an offset.

    Raises:
        InputsInvalid: they make no sense.
    """
    match params.get("declare", "fields"):
        case "example":
            found = _of_example(params.get("example"))
        case "schema":
            found = _of_schema(params.get("jsonSchema"), zone)
        case _:
            found = _of_rows(params.get("fields") or (), zone)
    if len(found) > MOST_INPUTS:
        raise InputsInvalid(_field(params), f"{len(found)} fields are declared; {MOST_INPUTS} are the most", _FEWER)
    return found


def schema_of_inputs(inputs: Sequence[Input]) -> dict[str, Any]:
    """Return the JSON schema of an item that fits: what a model is told of a workflow that is its tool."""
    return {
        "type": "object",
        "properties": {one.name: _schema_of(one) for one in inputs},
        "required": [one.name for one in inputs if one.needed],
        "additionalProperties": False,
    }


def fitted(
    inputs: Sequence[Input], given: Mapping[str, Any], *, convert: bool, zone: str = "UTC"
) -> tuple[Mapping[str, Any], Misfit | None]:
    """Return an item's fields as the called workflow gets them, and the first thing that is wrong with them.

    Where nothing has to change, it is what was given, itself.

    Null counts as not given, and so does an empty text that is to be converted to another type: the default takes its
    place. What has no default stays as it was sent, missing or null. Fields that are not declared stay, too.

    Args:
        inputs: what is declared.
        given: the item's fields.
        convert: whether values of another type are made to fit.
        zone: the called workflow's time zone.
    """
    changed: dict[str, Any] = {}
    for one in inputs:
        value = given.get(one.name)
        if convert and one.type not in ("any", "text") and isinstance(value, str) and not value.strip():
            value = changed[one.name] = None
        if value is None:
            if one.needed:
                return given, Misfit(one.name, "is missing" if one.name not in given else "is empty")
            if one.default is not None:
                changed[one.name] = one.default
            continue
        made = converted(value, one.type, convert=convert, zone=zone)
        if made is None:
            return given, Misfit(one.name, _reason(value, one.type))
        if made is not value:
            changed[one.name] = made
    return ({**given, **changed} if changed else given), None


def converted(value: Any, type: InputType, *, convert: bool, zone: str = "UTC") -> Any:
    """Return a value (not None) as one of a type, or None where it is none and cannot be made one."""
    if type == "any":
        return value
    if type == "date":
        return value if (convert or isinstance(value, str)) and _is_date(value, zone) else None
    if IS_OF[type](value):
        return value
    return READ[type](value) if convert else None


def _reason(value: Any, type: InputType) -> str:
    if type == "date" and isinstance(value, str):
        return f"is no date; write for example {FORMS}"
    return f"is {_kind(value)}, not of type {type}"


def _kind(value: Any) -> str:
    """Return what a value is, without the value: it may be a secret of the caller's."""
    names = {"text": "a text", "number": "a number", "boolean": "true or false", "list": "a list"}
    return names.get(type_of(value), "an object")


def type_of(value: Any) -> InputType:
    """Return the type that a JSON value has; `any` for null."""
    return next((name for name, python in _TYPES if isinstance(value, python)), "any")


def _is_date(value: Any, zone: str) -> bool:
    try:
        return read_moment(value, zone) is not None
    except UnknownTimeZone:
        return False


def _of_rows(rows: Iterable[Any], zone: str) -> list[Input]:
    found: dict[str, Input] = {}
    for index, row in enumerate(rows):
        name = row.get("name") if isinstance(row, Mapping) else None
        if not isinstance(name, str) or not name:
            raise InputsInvalid(f"fields.{index}.name", "a field has no name", "Name it, or remove the row.")
        if name in found:
            raise InputsInvalid(f"fields.{index}.name", f"the field {name!r} is declared twice", "Remove one of them.")
        type = cast(InputType, row.get("type", "any"))
        default = row.get("default")
        if isinstance(default, str) and not default.strip():
            default = None
        if default is not None:
            default = converted(default, type, convert=True, zone=zone)
            if default is None:
                words = f"the default of {name!r} is not of type {type}"
                raise InputsInvalid(f"fields.{index}.default", words, "Change it, or the field's type.")
        found[name] = Input(name, type, row.get("required", True), default, row.get("description", ""))
    return list(found.values())


def _of_example(example: Any) -> list[Input]:
    return [Input(_named(name, "example"), type_of(value)) for name, value in _object(example, "example").items()]


def _of_schema(schema: Any, zone: str) -> list[Input]:
    whole = _object(schema, "jsonSchema")
    fields, required = whole.get("properties"), whole.get("required", [])
    if not isinstance(fields, dict) or not isinstance(required, list):
        words = "the schema does not say which fields an object has"
        raise InputsInvalid("jsonSchema", words, 'Give it "properties", and in "required" a list of their names.')
    found = []
    for name, field in fields.items():
        type, nullable = _schema_type(field)
        about = field if isinstance(field, dict) else {}
        default = about.get("default")
        if default is not None and converted(default, type, convert=False, zone=zone) is None:
            words = f"the default of {name!r} is not of type {type}"
            raise InputsInvalid("jsonSchema", words, "Change the default, or the type.")
        words = about.get("description", "")
        described = words if isinstance(words, str) else ""
        needed = name in required and not nullable
        found.append(Input(_named(name, "jsonSchema"), type, needed, default, described))
    for name in required:
        if name not in fields:
            words = f"{name!r} is required, and not among the properties"
            raise InputsInvalid("jsonSchema", words, "Add it to the properties, or take it out of required.")
    return found


def _schema_type(field: Any) -> tuple[InputType, bool]:
    """Return the type of a property, and whether it may be null."""
    said = field.get("type") if isinstance(field, dict) else None
    types = said if isinstance(said, list) else [said]
    others = [one for one in types if one != "null"]
    if len(others) != 1 or not isinstance(others[0], str):
        return "any", "null" in types
    if others[0] == "string" and field.get("format") in ("date", "date-time"):
        return "date", "null" in types
    return _SCHEMA_TYPES.get(others[0], "any"), "null" in types


def _object(value: Any, field: str) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = read(value)
        except JsonInvalid as error:
            raise InputsInvalid(field, f"the text is {error}", "Write a JSON object.") from None
    if not isinstance(value, dict):
        raise InputsInvalid(field, "it is no object", 'Write a JSON object, for example {"orderId": 7}.')
    return value


def _named(name: str, field: str) -> str:
    if not name or len(name) > _LONGEST_NAME:
        words = f"a field's name has {len(name)} characters; 1 to {_LONGEST_NAME} are allowed"
        raise InputsInvalid(field, words, "Give the field another name.")
    return name


def _field(params: Mapping[str, Any]) -> str:
    return {"example": "example", "schema": "jsonSchema"}.get(str(params.get("declare")), "fields")


_FEWER: Final = "Put some of them into an object."


def _schema_of(one: Input) -> dict[str, Any]:
    told = dict(_SCHEMAS[one.type])
    if one.description:
        told["description"] = one.description
    if one.default is not None:
        told["default"] = one.default
    return told
