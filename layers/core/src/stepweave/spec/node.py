"""`NodeSpec`: one node type as a value. Catalogue, forms, compiler checks, Lambda function and docs come of it."""

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from stepweave.spec.fields import NodeParams
from stepweave.spec.upgrades import Upgrade

if TYPE_CHECKING:
    from stepweave.spec.operations import App

COMMON_ERRORS: Final = (
    "ParameterInvalid",
    "ExpressionFailed",
    "DataTooLarge",
    "DataMissing",
    "ResultInvalid",
    "NodeTimeout",
    "NodeCrashed",
    "RetryTooLate",
    "StorageUnavailable",
    "EventDeliveryError",
)
"""Class names of the errors every node with a function can raise."""

COMMON_RETRYABLE: Final = ("StorageUnavailable", "EventDeliveryError")
"""Those of `COMMON_ERRORS` that a retry can help."""

ASK_ERRORS: Final = ("ParameterInvalid", "NodeTimeout", "NodeCrashed")
"""What a trigger with code can answer besides its own errors."""

CREDENTIAL_ERRORS: Final = (
    "CredentialMissing",
    "CredentialTypeMismatch",
    "CredentialUnavailable",
    "CredentialNotForHost",
)
"""What a node with credentials can raise besides."""

CREDENTIAL_RETRYABLE: Final = ("CredentialUnavailable",)

HTTP_ERRORS: Final = (
    "HttpClientError",
    "HttpRateLimited",
    "HttpServerError",
    "ConnectionFailed",
    "RequestTimeout",
    "ResponseInvalid",
    "ResponseTooLarge",
    "AddressForbidden",
    "TooManyRedirects",
)
"""What a node that asks HTTP servers through `stepweave.runtime.http` can raise."""

HTTP_RETRYABLE: Final = ("HttpRateLimited", "HttpServerError", "ConnectionFailed", "RequestTimeout")


class Category(StrEnum):
    """Where the palette puts a node."""

    TRIGGER = "trigger"
    FLOW = "flow"
    DATA = "data"
    NETWORK = "network"
    MESSAGE = "message"
    APP = "app"
    """Nodes that talk to one provider (`app_node`)."""
    AI = "ai"


class Emits(StrEnum):
    """What a port is known to emit when its node succeeds: lets the compiler leave out liveness checks."""

    ALWAYS = "always"
    """At least one item whenever the node runs."""
    MAYBE = "maybe"
    """Perhaps none, so what follows is guarded."""


class TriggerKind(StrEnum):
    """What starts a workflow at a trigger node."""

    MANUAL = "manual"
    WEBHOOK = "webhook"
    SCHEDULE = "schedule"
    ERROR = "error"
    """An execution of another workflow failed, which names this one as its error workflow."""
    WORKFLOW = "workflow"
    """A node of another workflow."""
    CHAT = "chat"
    """A visitor writes on a page that the platform shows, and reads the answer there."""
    FORM = "form"
    """A visitor sends a page that the platform shows."""
    APP = "app"
    """Something happened at a provider, which the node's own code hears of (`NodeSpec.listens`)."""


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a node."""

    name: str = "main"
    label: str = ""
    emits: Emits = Emits.MAYBE
    show_when: Sequence[Mapping[str, Sequence[Any]]] = ()
    """Where it is not always in use: rules as a form's `show_when`, any of which uses it; else nothing comes out."""
    below: bool = False
    """Whether it is drawn below the node: what hangs there works for it, rather than after it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """That a node waits for somebody outside to give its result: its step gets a task token and holds no compute.

    Attributes:
        when: the parameters' values with which it does (as a form's `show_when`); empty for always.
        seconds: the parameter that holds the longest waiting in seconds; "" or no value for a year, the longest there
            is.
        timeout_port: the output port that gets the input items when the time is over; "" where that is a failure.
    """

    when: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    seconds: str = ""
    timeout_port: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the steps of a node that takes several (`NodeSpec.control`).

    Attributes:
        name: `StepPayload.phase` of the step.
        begins: whether the node starts with it; a step that does not goes on with what began.
        read_on: whether later states of the machine read its result, so that error items in its place would not do.
    """

    name: str
    begins: bool = False
    read_on: bool = False


@dataclass(frozen=True, slots=True)
class TriggerCode:
    """What the code of a trigger does (`trigger.py` in its folder, contracts.md "Triggers with code").

    Attributes:
        receives: the provider calls an address: `activate` registers it there, `receive` reads a call of it, and
            `deactivate` takes it away there.
        polls: the provider is asked again and again: `poll` says what is new.
        every: the parameter that says how often to poll; "" for one that does not.
        fixed: people write the address into the provider's settings. It follows from workflow and node, and
            is the same after every publish; other parameters are taken over without `activate`.
    """

    receives: bool = False
    polls: bool = False
    every: str = ""
    fixed: bool = False

    @property
    def asks(self) -> tuple[str, ...]:
        """The functions that the code has."""
        receiving = ("activate", "deactivate", "receive") if self.receives else ()
        return receiving + (("poll",) if self.polls else ())


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """A node type: identity, ports, parameters, needs and docs, all pure data.

    A node with `trigger` set has no input, and the execution starts with its items. It has no Lambda function unless
    it `listens`; every other node has exactly one, in its own folder beside its spec.
    """

    type: str
    name: str
    category: Category
    icon: str
    """A Lucide icon name."""
    summary: str
    docs: str
    """Markdown: what it does, its output, its errors, an example."""
    params: builtins.type[NodeParams]
    version: int = 1
    upgrade: Upgrade | None = None
    """How a node saved with the version before becomes one of this; None for the first version only."""
    inputs: tuple[Port, ...] = (Port("main"),)
    inputs_counted: str = ""
    """A number parameter (its JSON name) that says how many of `inputs` a node has, the first ones; "" for all."""
    outputs: tuple[Port, ...] = (Port("main"),)
    outputs_from: tuple[str, ...] = ()
    """Collection parameters each row of which names, in `output`, an output port that comes before `outputs`. Of a list
    that the form does not show, the ports are not in use."""
    waiting: Waiting | None = None
    control: str = ""
    """The kind of control that nodes of the type are (`stepweave.compiler.kinds`); "" for a step that runs once."""
    control_when: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Parameters, by JSON name, and the values with which nodes are of that kind; with others they run once."""
    phases: tuple[Phase, ...] = ()
    """The steps that a node with `control` takes."""
    lowering: str = ""
    """How the state machine itself can do what the node does (`stepweave.compiler.lowerings`); "" where it cannot."""
    subtitle: str = ""
    """What is shown below the name on the canvas: `{method} {url}` over params; `{amount:unit}` says "1 day"."""
    trigger: TriggerKind | None = None
    listens: TriggerCode | None = None
    """What the code of a trigger of kind `app` does; None for all other nodes."""
    is_response: bool = False
    """The node answers the webhook's caller."""
    credentials: tuple[str, ...] = ()
    """Credential types it can use; any makes its role allow calling the vault."""
    network: bool = False
    """It talks to servers outside: its role and environment allow for that."""
    network_when: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """The parameters' values with which it does (as a form's `show_when`); empty for always. With others it runs in
    tests, which have no network."""
    streams_when: Mapping[str, Sequence[Any]] | None = None
    """The parameters' values with which its steps take many items one after another (`Step.stream`) rather than all at
    once (as a form's `show_when`; empty for always); None for never."""
    starts_workflows: bool = False
    """It starts other workflows: its role allows calling the starter."""
    uses_store: bool = False
    """It reads or writes the tenant's store."""
    layers: tuple[str, ...] = ()
    """Lambda layers it needs besides `core`: `pg` (psycopg with libpq), `crypto` (cryptography, PyJWT), `locales`
    (Babel), `markup` (HTML and Markdown), `schemas` (JSON Schema), `feeds` (feedparser), `office` (spreadsheets), `pdf`
    (pypdf), `pdf-pages` (fpdf2), `images` (Pillow), `ssh` (asyncssh), `redis` (redis-py), `mongo`
    (pymongo), `ai` (stepweave_ai with the providers' SDKs). Lambda takes five."""
    timeout_seconds: int = 60
    memory_mb: int = 256
    errors: tuple[str, ...] = ()
    """Class names of the typed errors it raises besides those every node has (`all_errors` has both)."""
    retryable: tuple[str, ...] = ()
    """Those of `errors` that a retry can help (`all_retryable` adds those every node has)."""
    output_example: tuple[dict[str, Any], ...] = ()
    """Example `json` of output items on the first port, for completion in the editor before any run."""
    app: "App | None" = None
    """The operations that the node is made of (`stepweave.spec.operation_forms.app_node`); None for other nodes."""

    @property
    def has_function(self) -> bool:
        """Whether the node runs code: all but triggers that listen to nothing."""
        return self.trigger is None or self.listens is not None

    @property
    def reaches_store(self) -> bool:
        """Whether its role allows calling the store's function, which also keeps what models may cost."""
        return self.uses_store or "ai" in self.layers

    @property
    def all_errors(self) -> tuple[str, ...]:
        """Class names of all errors the node can raise; empty for triggers without code."""
        return self._with(self.errors, ASK_ERRORS if self.listens else COMMON_ERRORS, CREDENTIAL_ERRORS)

    @property
    def all_retryable(self) -> tuple[str, ...]:
        """Class names of all its errors that a retry can help."""
        return self._with(self.retryable, () if self.listens else COMMON_RETRYABLE, CREDENTIAL_RETRYABLE)

    def streams(self, params: Mapping[str, Any]) -> bool:
        """Return whether steps with these parameters (JSON names) take many items one after another."""
        if self.streams_when is None:
            return False
        return all(params.get(name, self.form_of(name)[1]) in values for name, values in self.streams_when.items())

    def begins(self, phase: str) -> bool:
        """Return whether a node starts with a step of this phase ("" for the only one)."""
        return not phase or any(one.begins for one in self.phases if one.name == phase)

    def is_read_on(self, phase: str) -> bool:
        """Return whether later states of the machine read the result of a step of this phase."""
        return any(one.read_on for one in self.phases if one.name == phase)

    def form_of(self, name: str) -> tuple[Mapping[str, Any], Any]:
        """Return a parameter's form (`x-ui`) and its default, by its JSON name; an empty form where there is none."""
        for info in self.params.model_fields.values():
            if info.alias == name and isinstance(info.json_schema_extra, dict):
                form: Any = info.json_schema_extra.get("x-ui", {})
                return form, info.default
        return {}, None

    def _with(self, own: tuple[str, ...], common: tuple[str, ...], credential: tuple[str, ...]) -> tuple[str, ...]:
        if not self.has_function:
            return ()
        return own + common + (credential if self.credentials else ())
