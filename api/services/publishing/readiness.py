"""What a version needs in an environment: variables, credentials, workflows that it calls. Said before it moves."""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services.tokens import Principal
from stepweave.expressions.variables import variables_read
from stepweave.model.environments import PRODUCTION
from stepweave_data.auditing import seeing
from stepweave_data.models import Workflow

_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
State = Literal["there", "fallback", "missing"]
_CALLS: Final = ("execute_workflow",)


@dataclass(frozen=True)
class Need:
    """Something that a version needs. `fallback`: as in production. `nodes` are the names of those that need it."""

    kind: Literal["variable", "credential", "workflow"]
    name: str
    state: State
    nodes: list[str] = field(default_factory=list)
    id: uuid.UUID | None = None
    stands_in: str | None = None
    """The name of the credential that stands for it there."""


def needs(principal: Principal, workflow: Workflow, document: Mapping[str, Any], environment: str) -> list[Need]:
    """Return what a document needs in an environment: what is missing first."""
    nodes = _active(document)
    # What stands for a credential that is shared with the project is in another, which the caller may not see.
    with seeing(None), rows_of(principal.tenant_id) as everything:
        mapped = everything.environments.mapped(environment)
    with rows_of(principal.tenant_id) as rows:
        found = [
            *_variables(rows, nodes, environment),
            *_credentials(rows, nodes, environment, mapped),
            *_called(rows, nodes, workflow.id, environment),
        ]
    order = ("missing", "fallback", "there")
    return sorted(found, key=lambda need: (order.index(need.state), need.kind, need.name.lower()))


def falling_back(rows: Rows, documents: Iterable[Mapping[str, Any]], environment: str) -> list[Need]:
    """Return what documents have in an environment only because it falls back to production."""
    nodes = [node for document in documents for node in _active(document)]
    found = [
        *_variables(rows, nodes, environment),
        *_credentials(rows, nodes, environment, rows.environments.mapped(environment)),
    ]
    return [need for need in found if need.state == "fallback"]


def check(principal: Principal, workflow: Workflow, document: Mapping[str, Any], environment: str) -> None:
    """Refuse what is not ready for an environment. Raises Refused: `not_ready`, with `needs`."""
    missing = [need for need in needs(principal, workflow, document, environment) if need.state == "missing"]
    if environment == PRODUCTION:
        # Workflows that are called have said so themselves when they run; the editor warns of them.
        missing = [need for need in missing if need.kind == "variable"]
    if missing:
        names = ", ".join(f"the {need.kind} {need.name!r}" for need in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        words = f"The environment {environment!r} lacks what the workflow needs: {names}{more}."
        told = [{"kind": need.kind, "name": need.name, "nodes": need.nodes} for need in missing]
        raise Refused(codes.NOT_READY, words, needs=told)


def _active(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [node for node in document.get("nodes", ()) if not (node.get("settings") or {}).get("disabled")]


def _variables(rows: Rows, nodes: list[dict[str, Any]], environment: str) -> Iterable[Need]:
    users: dict[str, list[str]] = {}
    for node in nodes:
        for name in variables_read([node]).needed:
            users.setdefault(name, []).append(str(node.get("name")))
    own, else_ = rows.environments.variables_in(environment) if users else (set(), set())
    for name, by in users.items():
        state: State = "there" if name in own else "fallback" if name in else_ else "missing"
        yield Need("variable", name, state, by)


def _credentials(
    rows: Rows, nodes: list[dict[str, Any]], environment: str, mapped: Mapping[str, str]
) -> Iterable[Need]:
    users: dict[str, list[str]] = {}
    for node in nodes:
        for id in {found.lower() for found in _ID.findall(json.dumps(node.get("params") or {}))}:
            users.setdefault(id, []).append(str(node.get("name")))
    known = {str(row.id): row.name for row in rows.credentials.by_name()} if users else {}
    known |= {str(row.id): row.name for row in rows.credentials.lent()} if users else {}
    falls_back = environment == PRODUCTION or rows.environments.falls_back(environment)
    for id, by in users.items():
        if id not in known:
            continue  # another id than a credential's, or one that the compiler tells of
        state: State = "there" if id in mapped else "fallback" if falls_back else "missing"
        if environment == PRODUCTION:
            state = "there"
        yield Need("credential", known[id], state, by, uuid.UUID(id), known.get(mapped.get(id, "")))


def _called(rows: Rows, nodes: list[dict[str, Any]], own: uuid.UUID, environment: str) -> Iterable[Need]:
    users: dict[uuid.UUID, list[str]] = {}
    for node in nodes:
        wanted = str((node.get("params") or {}).get("workflowId") or "")
        if node.get("type") in _CALLS and _ID.fullmatch(wanted) and uuid.UUID(wanted) != own:
            users.setdefault(uuid.UUID(wanted), []).append(str(node.get("name")))
    live = rows.environments.live_among(list(users), environment) if users else {}
    for id, by in users.items():
        if id in live:
            name, number = live[id]
            yield Need("workflow", name, "missing" if number is None else "there", by, id)
