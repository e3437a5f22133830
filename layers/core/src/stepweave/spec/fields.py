"""How a parameter is shown in the editor's form: the `x-ui` part of its JSON Schema."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import ConfigDict
from pydantic.fields import FieldInfo

from stepweave.model.base import Document
from stepweave.spec.options import OptionsFrom


class Kind(StrEnum):
    """The field kinds the editor knows how to draw."""

    TEXT = "text"
    MULTILINE = "multiline"
    NUMBER = "number"
    BOOLEAN = "boolean"
    SELECT = "select"
    MULTI_SELECT = "multiSelect"
    """Any of the options: a list of their values."""
    JSON = "json"
    CODE = "code"
    SQL = "sql"
    KEY_VALUE = "keyValue"
    COLLECTION = "collection"
    MAPPING = "mapping"
    """Rows of `name` and `value`; the choices of `name` (`options_from`) get a row each."""
    CONDITIONS = "conditions"
    CREDENTIAL = "credential"
    CRON = "cron"
    TIME_ZONE = "timeZone"
    WORKFLOW = "workflow"
    """The id of a workflow of the tenant that other workflows can call."""
    SECRET = "secret"  # noqa: S105 - the name of a kind
    """Text that no route returns; of credentials only."""
    PORT = "port"
    """The name of an output port; renaming it takes the connections of the port along (`NodeSpec.outputs_from`)."""


class NodeParams(Document):
    """The base of every node's parameters. Keys are camelCase in JSON."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})


def ui(
    default: Any,
    *,
    title: str,
    kind: Kind,
    help: str = "",
    placeholder: str = "",
    expression: bool = True,
    options: Sequence[tuple[str, str]] = (),
    options_from: OptionsFrom | None = None,
    language: str = "",
    credential: str | Sequence[str] = "",
    show_when: Mapping[str, Sequence[Any]] | None = None,
    required_when_shown: bool = False,
    unless: str = "",
    names_output: bool = False,
    group: str = "",
    early: bool = False,
    operators: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    **constraints: Any,
) -> Any:
    """Return a pydantic field that carries its form.

    Args:
        default: the default value; `...` makes the field required.
        title: the label.
        kind: how it is drawn.
        help: one sentence below the field.
        placeholder: shown while empty.
        expression: whether `{{ ... }}` may stand in it. False for code, SQL text and credentials.
        options: (value, label) pairs of a select.
        options_from: where the choices of a text come from that only the provider knows.
        language: of a code field (`javascript`, `python`, `json`, `sql`).
        credential: the credential type a credential field names (`postgres`, `smtp`, `http_header`), or several, of any
            of which it may be.
        show_when: shown only while every named sibling (camelCase) has one of the given values. The forms of apps have
            lists of such rules (`rules_of`).
        required_when_shown: must not be empty while shown, though the schema leaves it optional.
        unless: of a credential's field: the field (camelCase) that takes its place once it is filled in.
        names_output: its text is the name of an output port that the node's rows name (`NodeSpec.outputs_from`).
        group: `options` puts the field behind "Options", closed until someone needs it.
        early: of an operation's field: stands with those that must be filled in (`stepweave.spec.operation_forms`).
        operators: of a conditions field: value type -> operators (`value`, `label`, `unary` where only `left` counts).
        constraints: passed to pydantic (`ge`, `le`, `max_length`, `default_factory`, ...).
    """
    form: dict[str, Any] = {"kind": kind.value, "expression": expression}
    for key, value in (
        ("help", help),
        ("placeholder", placeholder),
        ("language", language),
        ("credential", credential if isinstance(credential, str) else list(credential)),
        ("options", [{"value": value, "label": label} for value, label in options]),
        ("optionsFrom", options_from.to_json() if options_from else None),
        ("showWhen", {key: list(values) for key, values in (show_when or {}).items()}),
        ("requiredWhenShown", required_when_shown),
        ("unless", unless),
        ("namesOutput", names_output),
        ("group", group),
        ("early", early),
        ("operators", {key: [dict(entry) for entry in entries] for key, entries in (operators or {}).items()}),
    ):
        if value:
            form[key] = value
    # What pydantic's `Field` does with these arguments, too, after looking at thirty that are not given.
    if "default_factory" not in constraints:
        constraints["default"] = default
    if "alias" in constraints:
        constraints |= dict.fromkeys(("validation_alias", "serialization_alias"), constraints["alias"])
    return FieldInfo.from_field(title=title, json_schema_extra={"x-ui": form}, **constraints)


def rules_of(form: Mapping[str, Any]) -> list[Mapping[str, Sequence[Any]]]:
    """Return the rules any of which shows a field (`showWhen`): siblings, each with the values that it may have."""
    rules = form.get("showWhen", {})
    return rules if isinstance(rules, list) else [rules]


def shown(form: Mapping[str, Any], value_of: Callable[[str], Any]) -> bool:
    """Return whether a field counts, by its form (`x-ui`).

    Args:
        form: of the field.
        value_of: the value that stands for a sibling (camelCase): what is given, else its default.
    """
    return any(all(value_of(name) in values for name, values in rule.items()) for rule in rules_of(form))
