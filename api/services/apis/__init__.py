"""APIs that a workspace knows by their OpenAPI documents: kept, shown, and given to the nodes that ask them.

No code of a document runs: what is read out of it says how a request is written, and nothing more.
"""

import uuid
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from api import codes
from api.permissions import Permission
from api.refusals import Refused, refused_field
from api.repositories.rows import Duplicate, rows_of
from api.services import projects
from api.services.apis.operations import Found, found_in
from api.services.apis.servers import base_url_of
from api.services.apis.texts import read
from api.services.tokens import Principal
from stepweave.spec.api_operations import ApiOperation
from stepweave_data.models import Api

MOST: Final = 100
"""APIs of a workspace."""


def apis(principal: Principal) -> list[tuple[Api, list[dict[str, Any]]]]:
    """Return all, by name, without their documents, and of their operations what one finds them by."""
    with rows_of(principal.tenant_id) as rows:
        return rows.apis.listed()


def api(principal: Principal, id: uuid.UUID) -> Api:
    """Return one. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        return _known(rows.apis.find(id))


def operation(principal: Principal, id: uuid.UUID, name: str) -> ApiOperation:
    """Return an operation of an API. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        known = _known(rows.apis.some([id]).get(id))
        found = next((one for one in known.operations if one["id"] == name), None)
    if found is None:
        raise codes.not_found("operation")
    return ApiOperation.model_validate(found)


def add(principal: Principal, document: str, name: str, base_url: str, project_id: uuid.UUID | None = None) -> Api:
    """Read a document, and keep what it says.

    Args:
        principal: who adds it.
        document: its text, JSON or YAML.
        name: what the API is called; "" for its title.
        base_url: what its paths follow; "" for its first server.
        project_id: where; None for the default project, or the only one where the caller may.

    Raises:
        Refused: `not_found`, `not_allowed`, `project_needed`; `api_invalid` with what is wrong of the document,
            `invalid_request` (the URL), `name_taken`, `too_many`.
    """
    found = found_in(read(document))
    made = Api(tenant_id=principal.tenant_id, name=name or found.title)
    _fill(made, document, found, base_url)
    named = made.name
    try:
        with rows_of(principal.tenant_id) as rows:
            if rows.apis.count() >= MOST:
                raise Refused(codes.TOO_MANY, f"There are {MOST} APIs already; delete one.")
            made.project_id = projects.place(rows, principal, project_id, Permission.WORKFLOWS_WRITE)
            made = rows.put(made)
            rows.note(principal.user_id, "api.added", made.id, name=named, operations=made.operation_count)
            return made
    except Duplicate:
        raise _taken(named) from None


def change(principal: Principal, id: uuid.UUID, document: str | None, name: str, base_url: str) -> Api:
    """Give an API another document (None: the one that it has), name or URL.

    What is published goes on with what it was published with.

    Raises:
        Refused: as `add`, and `not_found`.
    """
    found = found_in(read(document)) if document is not None else None
    try:
        with rows_of(principal.tenant_id) as rows:
            known = _known(rows.apis.find(id))
            text = known.document if document is None else document
            _fill(known, text, found or found_in(read(text)), base_url)
            known.name = name or known.name
            known.updated_at = datetime.now(UTC)
            known = rows.put(known)
            rows.note(principal.user_id, "api.changed", id, name=known.name, operations=known.operation_count)
            return known
    except Duplicate:
        raise _taken(name) from None


def delete(principal: Principal, id: uuid.UUID) -> None:
    """Delete an API; what is published goes on with what it was published with. Raises Refused (`not_found`)."""
    with rows_of(principal.tenant_id) as rows:
        known = _known(rows.apis.find(id))
        rows.delete(known)
        rows.note(principal.user_id, "api.deleted", id, name=known.name)


def _fill(row: Api, document: str, found: Found, base_url: str) -> None:
    row.version, row.words, row.document = found.version, found.words, document
    row.servers, row.schemes, row.problems = found.servers, found.schemes, found.problems
    row.operations = [operation.to_json() for operation in found.operations]
    row.base_url = _url(base_url.strip().rstrip("/")) or base_url_of(found.servers)
    if not row.base_url and not all(operation.base_url for operation in found.operations):
        words = "The document does not say where the API is: give the URL that its paths follow."
        raise refused_field(codes.INVALID_REQUEST, "baseUrl", words)


def _url(text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.username
        whole = whole and not parts.query and not parts.fragment and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if not whole:
        raise refused_field(codes.INVALID_REQUEST, "baseUrl", "Write a URL as https://api.example.com/v1.")
    return text


def _known(found: Api | None) -> Api:
    if found is None:
        raise codes.not_found("API")
    return found


def _taken(name: str) -> Refused:
    return refused_field(codes.NAME_TAKEN, "name", f"There is an API called {name!r} already.")
