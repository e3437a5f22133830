"""The node that an `App` is: a form of all operations' parameters, each shown for the operations that have it."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from inspect import get_annotations
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, create_model
from pydantic import Field as PydanticField
from pydantic.fields import FieldInfo

from stepweave.model.base import to_camel
from stepweave.spec.fields import Kind, NodeParams, rules_of, ui
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, NodeSpec
from stepweave.spec.operations import App, Operation, label_of

_FIRST: Final = ("create", "send", "post")
_TAKING_AWAY: Final = ("delete", "remove", "archive", "clear", "empty", "trash", "leave", "lock")
_TAKEN: Final = ("credential", "resource", "operation")
_EMPTY_TEXT: Final = frozenset(kind.value for kind in (Kind.TEXT, Kind.MULTILINE, Kind.SELECT, Kind.CODE, Kind.SQL))


_CONTENT: Final = frozenset(
    kind.value for kind in (Kind.MULTILINE, Kind.JSON, Kind.COLLECTION, Kind.KEY_VALUE, Kind.MAPPING, Kind.CODE)
)
"""What a thing gets, rather than which one it is."""


class AppInvalid(ValueError):
    """An app whose operations make no form. `str()` says where, and what to write."""


def operations_in(package: str, first: str = "") -> tuple[Operation, ...]:
    """Return the operations of an app, by their names, and of a resource those last that take something away.

    Args:
        package: the app's, which is `__package__` in its `spec.py`.
        first: the one (`<resource>_<name>`) that stands before the others: its fields come first, in its order.

    Raises:
        AppInvalid: a file has no operation.
    """
    folder = importlib.import_module(f"{package}.operations")
    found: list[Operation] = []
    for name in sorted(module.name for module in pkgutil.iter_modules(folder.__path__)):
        module = importlib.import_module(f"{package}.operations.{name}")
        file = f"{package.replace('.', '/')}/operations/{name}.py"
        for operation in getattr(module, "OPERATIONS", (getattr(module, "OPERATION", None),)):
            if not isinstance(operation, Operation):
                raise AppInvalid(f"{file}: write OPERATION = Operation(...), or OPERATIONS = (Operation(...), ...).")
            found.append(operation)
    # The first of a resource is chosen with it: nobody is to choose one that takes something away without looking.
    return tuple(sorted(found, key=lambda one: (one.id != first, one.resource, _rank(one.name), one.id)))


def _rank(name: str) -> int:
    return 0 if name in _FIRST else 2 if name.startswith(_TAKING_AWAY) else 1


def app_node(app: App, *, docs: str, errors: tuple[str, ...] = (), **identity: Any) -> NodeSpec:
    """Return the node of an app.

    Args:
        app: its operations.
        docs: Markdown; a list of the operations, the errors that all requests have and the output are added.
        errors: typed errors of its functions, besides those of HTTP.
        identity: further attributes of `NodeSpec`, at least `type`, `name`, `icon` and `summary`.

    Raises:
        AppInvalid: its operations make no form.
    """
    defaults: dict[str, Any] = {
        "category": Category.APP,
        "subtitle": "{operation} {resource}",
        "retryable": HTTP_RETRYABLE,
        "timeout_seconds": 120,
        "output_example": tuple(dict(example) for example in app.operations[0].output_example),
    }
    return NodeSpec(
        docs=_docs(app, docs),
        params=params_of(app),
        credentials=app.credentials,
        network=True,
        errors=(*HTTP_ERRORS, *errors),
        app=app,
        **{**defaults, **identity},
    )


@dataclass(slots=True)
class _Shared:
    """A field as it stands in the node: whose it is, and for which operations it is shown."""

    info: FieldInfo
    owner: type
    shown: dict[str, list[str]] = field(default_factory=dict)
    """Resource -> operations."""
    show_when: Mapping[str, Any] = field(default_factory=dict)


def params_of(app: App) -> type[NodeParams]:
    """Return the model of the node's parameters. Raises AppInvalid."""
    if not app.operations:
        raise AppInvalid("The app has no operation: write operations/<resource>_<operation>.py.")
    fields: dict[str, _Shared] = {}
    for operation in app.operations:
        for name, attribute, owner in _attributes(operation):
            info = operation.params.model_fields[name]
            known = fields.setdefault(attribute, _Shared(info, owner, show_when=_siblings(operation, info)))
            if known.owner is not owner or attribute in _TAKEN:
                other = "the node has one itself" if attribute in _TAKEN else f"{known.owner.__name__} has one as well"
                raise AppInvalid(
                    f"{operation.id}.py: the field {name} of {owner.__name__} needs another name: {other}."
                )
            known.shown.setdefault(operation.resource, []).append(operation.name)
    made = {attribute: _field(app, shared) for attribute, shared in fields.items()}
    fields_of_all: dict[str, Any] = {**_choices(app), **{attribute: made[attribute] for attribute in _ordered(made)}}
    return create_model("Params", __base__=_base(app), __module__=__name__, **fields_of_all)


def _ordered(fields: Mapping[str, tuple[Any, Any]]) -> list[str]:
    """Return the fields as people fill them in: first what must be, which thing before what it gets; then the rest."""
    forms = {attribute: _form(info) for attribute, (_, info) in fields.items()}
    leading = _leading(forms)
    for form in forms.values():
        form.pop("early", None)

    def rank(attribute: str) -> int:
        return 2 if attribute not in leading else 1 if forms[attribute].get("kind") in _CONTENT else 0

    return sorted(fields, key=rank)


def _leading(forms: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the fields that stand first: those that must be filled in, and those that their choices hang on."""
    found: set[str] = set()
    first = ("requiredWhenShown", "early")
    todo = [name for name, form in forms.items() if any(map(form.get, first)) and not form.get("group")]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            form = forms[name]
            needed = {*form.get("optionsFrom", {}).get("needs", ()), *(one for rule in rules_of(form) for one in rule)}
            todo += [other for other in forms if to_camel(other) in needed]
    return found


def values_of(operation: Operation, params: NodeParams) -> dict[str, Any]:
    """Return what was given for an operation in the node's parameters, by the names of its own model."""
    given = params.model_fields_set
    return {name: getattr(params, attribute) for name, attribute, _ in _attributes(operation) if attribute in given}


def _attributes(operation: Operation) -> Iterator[tuple[str, str, type]]:
    """Yield each field of an operation, its name in the node, and the class that it is written in."""
    for name in operation.params.model_fields:
        owner = next(kind for kind in operation.params.__mro__ if name in get_annotations(kind))
        own = owner is operation.params and owner.__name__ == "Params"
        yield name, f"{operation.id}_{name}" if own else name, owner


def node_name(operation: Operation, name: str) -> str:
    """Return what a field of an operation (its JSON name) is called among the node's parameters (JSON)."""
    names = {to_camel(own): to_camel(attribute) for own, attribute, _ in _attributes(operation)}
    return names.get(name, name)


def _siblings(operation: Operation, info: FieldInfo) -> dict[str, Any]:
    return {node_name(operation, name): values for name, values in _form(info).get("showWhen", {}).items()}


def _form(info: FieldInfo) -> dict[str, Any]:
    extra = info.json_schema_extra
    form = extra.get("x-ui") if isinstance(extra, dict) else None
    return form if isinstance(form, dict) else {}


def _field(app: App, shared: _Shared) -> tuple[Any, Any]:
    """Return a field of the node: as it was written, but shown for some operations, and needed only while it is."""
    info, form = shared.info, dict(_form(shared.info))
    everywhere = sum(map(len, shared.shown.values())) == len(app.operations)
    if not everywhere:
        alternatives = [{"resource": [resource], "operation": names} for resource, names in shared.shown.items()]
        rules = [{**one, **shared.show_when} for one in alternatives]
        form["showWhen"] = rules[0] if len(rules) == 1 else rules
    elif shared.show_when:
        form["showWhen"] = dict(shared.show_when)
    default = info.get_default(call_default_factory=False)
    more: dict[str, Any] = {}
    if info.is_required():
        default = "" if form.get("kind") in _EMPTY_TEXT else None
        form["requiredWhenShown"] = True
    elif info.default_factory is not None:
        more["default_factory"] = info.default_factory
    annotation = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    extra: dict[str, Any] = {"x-ui": form}
    if more:
        return annotation, PydanticField(title=info.title, json_schema_extra=extra, **more)
    return annotation, PydanticField(default, title=info.title, json_schema_extra=extra)


def _choices(app: App) -> dict[str, tuple[Any, Any]]:
    """Return the fields that every app has: credential, resource and operation."""
    resources = dict.fromkeys(one.resource for one in app.operations)
    credential = ui(
        ..., title="Credential", kind=Kind.CREDENTIAL, credential=app.credential, expression=False, min_length=1
    )
    resource = ui(
        ...,
        title="Resource",
        kind=Kind.SELECT,
        expression=False,
        options=[(name, label_of(name)) for name in resources],
    )
    operation = ui(..., title="Operation", kind=Kind.SELECT, expression=False)
    operation.json_schema_extra["x-ui"]["options"] = [
        {"value": one.name, "label": one.label, "when": {"resource": [one.resource]}} for one in app.operations
    ]
    names = dict.fromkeys(one.name for one in app.operations)
    for choice, values in ((resource, resources), (operation, names)):
        choice.json_schema_extra["enum"] = list(values)  # of one value alone, pydantic writes `const`
    return {
        "credential": (str, credential),
        "resource": (Literal[tuple(resources)], resource),
        "operation": (Literal[tuple(names)], operation),
    }


def _base(app: App) -> type[NodeParams]:
    """Return the base of the model, whose schema refuses an operation that the resource does not have."""
    rules: list[Any] = []
    for resource in dict.fromkeys(one.resource for one in app.operations):
        names = [one.name for one in app.operations if one.resource == resource]
        chosen = {"properties": {"resource": {"const": resource}}, "required": ["resource"]}
        rules.append({"if": chosen, "then": {"properties": {"operation": {"enum": names}}}})

    class Base(NodeParams):
        """An operation of the app, and its parameters."""

        model_config = ConfigDict(json_schema_extra={"additionalProperties": False, "allOf": rules})

    return Base


_ERRORS: Final = """\
**Output.** What the provider answers: one item for an object, one for each entry of a list.

**Errors.** They begin with the resource and the operation. `HttpClientError` (4xx), `HttpRateLimited` (too many
requests; the provider's `Retry-After` counts), `HttpServerError` (5xx), `ConnectionFailed`, `RequestTimeout`,
`ResponseInvalid` (an answer that cannot be read), `ResponseTooLarge`, `AddressForbidden`, `TooManyRedirects`,
`CredentialNotForHost`. The second, the third, time-outs and connection failures are retried where the node has retries.
"""


def _docs(app: App, docs: str) -> str:
    operations = "\n".join(f"- **{one.title}** {one.summary}" for one in app.operations)
    return f"{docs.strip()}\n\n**Operations.**\n\n{operations}\n\n{_ERRORS}"
