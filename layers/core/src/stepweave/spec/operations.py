"""`App`: a node type that is resources x operations, as values. A small file says one operation, or the few of a thing.

An operation is a request as data (`RequestSpec`), with paging where it lists things, or a function where that is not
enough. Its texts are templates over its parameters (JSON names): `/repos/{owner}/{repo}/issues/{number}`.

    {name}    the value; a text that is nothing else keeps the value's type in a body
    {name?}   in a body: the whole entry is left out where the value is null, "" or an empty list
    {name#}   in a body: rows of name and value become one object; a row whose value is null is left out
    {name*}   in a path: slashes in the value stay; everything else is escaped as ever
    {credential}   in a path: what the credential's type has for it (`OnRequest.path`)

`stepweave.spec.operation_forms` makes the node's form of it, `stepweave.runtime.http.operations` runs it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.operation_files import SentFile, WithFiles
from stepweave.spec.refusals import ReadRefusal

PLACE: Final = re.compile(r"\{([A-Za-z]\w*)([?*#]?)\}")
"""A parameter's place in a template: its name, and how it is put there."""

Pairs = tuple[tuple[str, str], ...]
"""Names with templates."""


@dataclass(frozen=True, slots=True)
class RequestSpec:
    """A request as data.

    Attributes:
        method: HTTP's.
        path: a template below the app's base URL. Values are escaped: none can change the path.
        query: rows; one whose value is null, "" or an empty list is left out, a list repeats its name.
        headers: likewise.
        body: JSON data whose texts are templates; None for none. An object in a list of which all is left out is left
            out, too.
        form: whether the body, then an object, is sent as a form (`application/x-www-form-urlencoded`).
        files: rows of a form with files (`multipart/form-data`), whose fields are the body's entries; objects and lists
            among them are sent as JSON. A value is a name in the item's `binary` or a reference; empty ones are left
            out, and with no file at all the body is sent as it would be without.
    """

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: Any = None
    form: bool = False
    files: Pairs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How the pages of a list follow each other.

    Attributes:
        size_query: the query parameter that says how many items a page has; "" where there is none.
        size: the most that the provider gives.
        most_pages: after so many the list counts as endless, which is an error.
    """

    size_query: str = ""
    size: int = 100
    most_pages: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumber(Paging):
    """Pages are counted in a query parameter; one that is shorter than the one before it is the last."""

    query: str = "page"
    first: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset(Paging):
    """A query parameter says how many items to skip; a page that is shorter than the one before it is the last."""

    query: str = "offset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor(Paging):
    """An answer has the next request's query parameter at the path `at`; none, null or "" is the end."""

    query: str = "cursor"
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyCursor(Paging):
    """An answer has at the path `at` what the next request's body has; none, null or "" is the end.

    The body's templates are `{cursor?}` and `{size}`, which are no parameters.
    """

    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHeader(Paging):
    """An answer's header `Link` names the next page's URL with `rel="next"` (RFC 8288)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextUrl(Paging):
    """An answer has the next page's URL at the path `at`; none, null or "" is the end."""

    at: str


class Listed(NodeParams):
    """All items of a list, or at most so many: what every operation with paging extends."""

    return_all: bool = ui(False, title="Return all", kind=Kind.BOOLEAN, expression=False)
    limit: int = ui(
        50,
        title="Limit",
        kind=Kind.NUMBER,
        help="At most so many items.",
        show_when={"returnAll": [False]},
        ge=1,
        le=100_000,
    )


class Call(Protocol):
    """What an operation that is a function asks the provider with: the app's URL, headers and credential are on it."""

    @property
    def idempotency_key(self) -> str:
        """The item's: the same in every attempt."""

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1: in a later one, the provider may have done already what is asked for."""

    @property
    def json(self) -> Mapping[str, Any]:
        """The input item's JSON."""

    @property
    def shared(self) -> dict[str, Any]:
        """What operations keep for the step's other items, so that it is asked for once; empty at first."""

    def ask(self, request: RequestSpec, **more: Any) -> Any:
        """Return the answer's JSON; None where it has no body. Raises what `HTTP_ERRORS` names.

        Args:
            request: its templates are over the operation's parameters (JSON names).
            more: further values for them.
        """

    def find(self, request: RequestSpec, **more: Any) -> Any:
        """Return the answer's JSON as `ask` does, and None where the provider answers 404."""

    def pages(self, request: RequestSpec, paging: Paging, items: str = "", **more: Any) -> Iterator[dict[str, Any]]:
        """Yield the items of all pages, at most `limit` where the operation has that parameter."""

    def file(self, name: str, value: Any = None) -> SentFile:
        """Return the item's file that a parameter names, or that `value` does. Raises ParameterInvalid."""

    def files(self, name: str) -> Sequence[SentFile]:
        """Return the item's files that a parameter names: with commas between them, `*` for all, or by references.

        Raises ParameterInvalid.
        """

    def keep(self, content: bytes, file_name: str, mime_type: str) -> Mapping[str, Any]:
        """Store bytes as a file. Return the reference to it, for `WithFiles`."""

    def at(self, base_url: str) -> "Call":
        """Return a call to another of the provider's servers, to which the credential may be sent, too."""

    def located(self, request: RequestSpec, **more: Any) -> str:
        """Return where the answer says that something was made (its header `Location`); "" where it does not."""

    def transfer(self, url: str, name: str, method: str = "POST", file: SentFile | None = None) -> Any:
        """Send the file that a parameter names to a URL of the provider's, without the credential. Return the text.

        Args:
            url: the whole of it.
            name: the parameter's JSON name.
            method: HTTP's.
            file: another file, which is sent in place of the parameter's.
        """

    def download(self, request: RequestSpec, most_mb: int, file_name: str = "", **more: Any) -> Mapping[str, Any]:
        """Store what is answered as a file, never whole in memory. Return the reference to it, for `WithFiles`.

        Args:
            request: its path may be one parameter that has a whole URL of the provider's (`{url*}`).
            most_mb: how large it may be.
            file_name: what it is called; "" for what the answer says.
            more: further values for the request's templates.
        """

    def log(self, message: str) -> None:
        """Write a line to the execution's log."""


OperationFunction = Callable[[Call, Any], Iterable[dict[str, Any] | WithFiles]]
"""An operation's own behaviour: asks through the call, with its parameters; gives items, by their `json` alone or with
files."""

TogetherFunction = Callable[[Sequence[tuple[Call, Any]]], Iterable[list[dict[str, Any]] | Exception]]
"""Does an operation for several items with one request: gives what each gives, or the NodeError it failed with, in
their order. It may end early, and is asked again for the others; an error that it raises is that of the next item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What can be done with a resource.

    It lies in `operations/<resource>_<name>.py` as `OPERATION`; small ones of a resource lie together in
    `operations/<resource>.py` as `OPERATIONS`.

    Attributes:
        resource: what it is done with (`issue`).
        name: what is done (`create`).
        label: for people (`Create`).
        summary: one sentence.
        params: its parameters. Those of a class that its file calls `Params` are its own, and the node's
            `<resource><Operation><Name>`; those of any other class, inherited or given here, are shared with the
            operations that have them, too, and keep their names in the node.
        request: what is sent; None where `run` says it.
        run: its behaviour, where a request as data is not enough. Imports of its own stand inside it.
        together: its behaviour where the provider takes several items in one request.
        most: how many it takes at most.
        items: the path in the answer where the items are (`data.items`); "" for the whole. A list is one item each.
        paging: of a list; its parameters extend `Listed`.
        output_example: example `json` of its items.
    """

    resource: str
    name: str
    label: str
    summary: str
    params: type[NodeParams]
    request: RequestSpec | None = None
    run: OperationFunction | None = None
    together: TogetherFunction | None = None
    most: int = 1
    items: str = ""
    paging: Paging | None = None
    output_example: tuple[Mapping[str, Any], ...] = ()

    @property
    def id(self) -> str:
        """What its file is called: `issue_create`."""
        return f"{self.resource}_{self.name}"

    @property
    def title(self) -> str:
        """What it is called in errors and in the docs: `Issue: Create`."""
        return f"{label_of(self.resource)}: {self.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsRequest:
    """A loader of choices as data: what is asked, and where in each item of the answer value and label are.

    Attributes:
        name: what fields call it (`OptionsFrom.loader`).
        request: its templates are over the fields that it needs (JSON names in the node), and `{search}`.
        items: the path in the answer where the items are; "" for the whole.
        paging: how further pages follow.
        value: the path in an item of what is saved; "" for the item itself.
        label: the path of what people read; "" for the value.
        detail: the path of what is said beside it; "" for nothing.
    """

    name: str
    request: RequestSpec
    items: str = ""
    paging: Paging | None = None
    value: str
    label: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How a provider says that too much was asked where it does not answer 429 alone.

    Attributes:
        statuses: those that may mean it.
        remaining: the header that is then `0`; the header `Retry-After` says it as well.
        reset: the header with the second, since 1970, from which on may be asked again.
    """

    statuses: tuple[int, ...]
    remaining: str
    reset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A provider's operations, and what all of its requests have in common.

    Attributes:
        base_url: what paths come behind (`https://api.example.com/v2`).
        credential: the credential type that goes with each request, or several: people choose a credential of any.
        operations: `stepweave.spec.operation_forms.operations_in` finds them.
        options: loaders of choices for fields (`OptionsFrom`).
        headers: names and values that are sent with each request.
        rate_limit: where 429 with `Retry-After` is not all.
        fine_when: a field of the answer that is false where it is a refusal though its status says 200 (`ok`).
        errors_at: the path of a list in the answer that makes it a refusal, whatever its status, where it is not empty.
        words_at: the path of what then says why (`error`, `errors[0].message`).
        refusal: reads refusals whose words or waits stand where only this provider has them; None for none such.
        wait_seconds: how long a request waits in its step, five times at most, where too much was asked and the answer
            says when to ask again; a longer wait is the node's retries'.
        timeout_seconds: how long one request may take.
        most_mb: the largest answer.
    """

    base_url: str
    credential: str | tuple[str, ...]
    operations: tuple[Operation, ...]
    options: tuple[OptionsRequest, ...] = ()
    headers: Pairs = ()
    rate_limit: RateLimit | None = None
    fine_when: str = ""
    errors_at: str = ""
    words_at: str = ""
    refusal: ReadRefusal | None = None
    wait_seconds: float = 0
    timeout_seconds: int = 30
    most_mb: int = 20

    @property
    def credentials(self) -> tuple[str, ...]:
        """The credential types that go with its requests."""
        return (self.credential,) if isinstance(self.credential, str) else self.credential

    def operation(self, resource: str, name: str) -> Operation | None:
        """Return an operation, or None where the resource has none of this name."""
        return next((one for one in self.operations if (one.resource, one.name) == (resource, name)), None)


def label_of(resource: str) -> str:
    """Return a resource's name for people: `pull_request` is `Pull request`."""
    return resource.replace("_", " ").capitalize()
