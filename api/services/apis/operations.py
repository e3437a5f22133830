"""What an OpenAPI document (2.0, called Swagger, 3.0 or 3.1) says can be done, as operations for a node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from pydantic import ValidationError

from api.services.apis.reader import Reader
from api.services.apis.references import ReferenceInvalid, followed
from api.services.apis.servers import schemes_of, servers_of
from api.services.apis.texts import wrong
from api.services.apis.values import object_of, words_of
from stepweave.spec.api_operations import ApiOperation

MOST_OPERATIONS: Final = 1000
MOST_PROBLEMS: Final = 100
METHODS: Final = tuple(method.lower() for method in get_args(ApiOperation.model_fields["method"].annotation))


@dataclass
class Found:
    """What a document says.

    Attributes:
        title: of the API.
        version: of the document, as its authors count.
        words: its description.
        servers: the URLs that its paths follow, the first of which counts; those that are relative stay so.
        operations: what can be done.
        schemes: how it wants to know who asks, in words.
        problems: what of it is left out, and why.
    """

    title: str
    version: str
    words: str
    servers: list[str]
    operations: list[ApiOperation] = field(default_factory=list)
    schemes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        """Write down what is left out."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(words)


def found_in(document: Mapping[str, Any]) -> Found:
    """Return what a document says. Raises Refused (`api_invalid`) for one that says nothing that can be used."""
    version = str(document.get("openapi") or document.get("swagger") or "")
    if not version.startswith(("2.", "3.")):
        known = '`openapi: 3.0.x`, `openapi: 3.1.x` or `swagger: "2.0"`'
        raise wrong(
            f"The document says {version!r} of its version; it has to begin with {known}."
            if version
            else f"The document does not say which version of OpenAPI it is; it has to have {known}."
        )
    paths = document.get("paths")
    if not isinstance(paths, Mapping) or not paths:
        raise wrong("The document has no `paths`, so nothing can be asked of the API.")
    info = object_of(document.get("info"))
    title = " ".join(str(info.get("title") or "").split())[:100] or "API"
    found = Found(title, str(info.get("version") or "")[:50], words_of(info.get("description")), servers_of(document))
    found.schemes = list(schemes_of(document))
    ids: set[str] = set()
    for path, method, item, told in _each(document, paths, found):
        where = f"{method.upper()} {path}"
        if len(found.operations) == MOST_OPERATIONS:
            found.note(f"{where} and what follows is left out: {MOST_OPERATIONS} operations are the most.")
            break
        try:
            operation = Reader(document, where, found.note).operation(path, method, item, told, ids)
        except ReferenceInvalid as error:
            found.note(f"{where} is left out: {error}")
        except ValidationError as error:
            first = error.errors()[0]
            found.note(f"{where} is left out: {'.'.join(map(str, first['loc']))}: {first['msg']}.")
        else:
            ids.add(operation.id)
            found.operations.append(operation)
    if not found.operations:
        raise wrong("No operation of the document can be used. " + " ".join(found.problems[:3]))
    return found


def _each(
    document: Mapping[str, Any], paths: Mapping[str, Any], found: Found
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    for named, item in paths.items():
        path = str(named)  # YAML's names may be numbers
        if not path.startswith("/"):
            if not path.startswith("x-"):
                found.note(f"The path {path[:200]!r} is left out: it does not begin with /.")
            continue
        try:
            item = followed(document, item)
        except ReferenceInvalid as error:
            found.note(f"{path} is left out: {error}")
            continue
        for method in METHODS:
            told = object_of(item).get(method)
            if isinstance(told, Mapping):
                yield path, method, item, told
