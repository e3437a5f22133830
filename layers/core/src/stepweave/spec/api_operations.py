"""Operations of an API that a workspace knows by its OpenAPI document: what a node needs to ask for one.

The API reads them out of the document; a published machine carries the one that its node does, so that a document that
changes later changes no version that runs.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from stepweave.model.base import Document

Place = Literal["path", "query", "header", "cookie"]
BodyKind = Literal["json", "form", "multipart", "text", "file"]

Words = Annotated[str, StringConstraints(max_length=2000)]


class ApiField(Document):
    """A value that an operation takes.

    Attributes:
        name: as it is sent.
        place: where it goes: a place of the request, or the body.
        required: whether a request without it is refused.
        type: of its JSON schema (`string`, `integer`, `array`...); "" for anything.
        words: what people read of it: its description, its format, the values that there are.
        explode: whether a list repeats its name, or an object's fields stand by themselves; else they are joined.
        style: how it is written (OpenAPI 3.1, "Style Values").
        file: whether it is a file: of bodies of kind `multipart` only.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    place: Place | Literal["body"]
    required: bool = False
    type: str = ""
    words: Words = ""
    explode: bool = False
    style: str = "simple"
    file: bool = False


class ApiBody(Document):
    """What an operation takes as its body."""

    kind: BodyKind
    media_type: Annotated[str, StringConstraints(max_length=200)]
    required: bool = False
    whole: bool = False
    """Whether it is one value rather than an object with fields: a list, a text, anything."""


class ApiAnswer(Document):
    """What an operation may answer: for people, nothing reads it."""

    status: Annotated[str, StringConstraints(max_length=20)]
    """HTTP's: `200`, `4XX`, `default` for all others."""
    words: Words = ""
    media_type: Annotated[str, StringConstraints(max_length=200)] = ""
    gives: Words = ""
    """The fields of its data, with their types."""


class ApiOperation(Document):
    """An operation: one request.

    Attributes:
        id: its name in the document (`operationId`), else method and path.
        label: what people read: its summary, else its id.
        words: its description.
        group: its first tag; "" for none.
        method: in upper case.
        path: with `{name}` for fields of place `path`.
        base_url: what its path follows; "" for the API's own.
        fields: what it takes.
        body: how the fields of place `body` are sent; None for no body.
        answers: what it may answer.
        deprecated: whether the document calls it so.
    """

    id: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    label: Annotated[str, StringConstraints(max_length=300)] = ""
    words: Words = ""
    group: Annotated[str, StringConstraints(max_length=200)] = ""
    method: Literal["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]
    path: Annotated[str, StringConstraints(max_length=2000)]
    base_url: Annotated[str, StringConstraints(max_length=2000)] = ""
    fields: list[ApiField] = Field(default_factory=list, max_length=500)
    body: ApiBody | None = None
    answers: list[ApiAnswer] = Field(default_factory=list, max_length=50)
    deprecated: bool = False

    def in_body(self) -> list[ApiField]:
        """Return the fields of its body."""
        return [field for field in self.fields if field.place == "body"]

    def beside_body(self) -> list[ApiField]:
        """Return those of path, query, headers and cookies."""
        return [field for field in self.fields if field.place != "body"]


class ApiCall(Document):
    """An operation as a published machine carries it (`params.operation` of the node `api_operation`)."""

    api: str
    """The API's name."""
    base_url: str
    operation: ApiOperation


def call_of(value: Any) -> ApiCall | None:
    """Return the operation that a published machine carries; None for anything else, as the name that is saved."""
    return ApiCall.model_validate(value) if isinstance(value, dict) else None
