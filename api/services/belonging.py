"""A workflow uses credentials of its own project, and what the whole workspace shares where one may (ADR 58, 62)."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services import projects
from api.services.tokens import Principal
from stepweave.spec.kept import WITHIN, WORKSPACE
from stepweave_data.auditing import seeing
from stepweave_data.models import Workflow

_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_own(
    principal: Principal, workflow: Workflow, document: Mapping[str, Any], *, published: bool = False
) -> None:
    """Refuse to run or publish a document that reaches beyond its project.

    The vault refuses credentials, too: here people learn it before anything runs.

    Args:
        principal: who asks.
        workflow: the workflow.
        document: its draft, or a version of it.
        published: whether the document is live already, by somebody who could publish it.

    Raises:
        Refused: `credential_elsewhere`; `not_allowed` where it uses what the whole workspace shares, which the caller
            may not change.
    """
    with rows_of(principal.tenant_id) as rows:
        check_credentials(rows, document, workflow.project_id)
        if not published:
            check_shared(principal, document, workflow.project_id)


def check_shared(principal: Principal, document: Mapping[str, Any], project_id: uuid.UUID) -> None:
    """Refuse a workflow of a project that uses the workspace's stores, tables, files or memories, for whom may not.

    A project's editors would else change by a workflow what they may not change themselves.

    Raises:
        Refused: `not_allowed`, with the nodes.
    """
    errors = []
    for index, node in enumerate(document.get("nodes", [])):
        params = node.get("params")
        if isinstance(params, Mapping) and params.get(WITHIN) == WORKSPACE:
            message = f"{node.get('name')!r} uses what the whole workspace shares."
            errors.append({"field": f"nodes.{index}.params.within", "message": message, "nodeId": str(node.get("id"))})
    if not errors or principal.everywhere:
        return
    with seeing(None), rows_of(principal.tenant_id) as whole:
        default = whole.projects.default()
    if project_id != default and Permission.STORE_WRITE not in projects.permissions_in(principal, default):
        words = (
            "This workflow uses data that the whole workspace shares, which you may not change: ask somebody who may "
        )
        raise Refused(codes.NOT_ALLOWED, f"{words}(store.write), or share the data with its project only.", errors)


def check_credentials(rows: Rows, document: Mapping[str, Any], project_id: uuid.UUID) -> None:
    """Refuse a workflow that uses credentials of other projects than one. Raises Refused (`credential_elsewhere`)."""
    named = {id: uuid.UUID(id) for id in _ID.findall(json.dumps(document.get("nodes", [])))}
    elsewhere = rows.projects.credentials_elsewhere(set(named.values()), project_id)
    if not elsewhere:
        return
    errors, names = [], []
    for index, node in enumerate(document.get("nodes", [])):
        if any(named[id] in elsewhere for id in _ID.findall(json.dumps(node))):
            message = f"{node.get('name')!r} uses a credential of another project."
            names.append(repr(str(node.get("name"))))
            errors.append({"field": f"nodes.{index}.params", "message": message, "nodeId": str(node.get("id"))})
    told = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    words = (
        f"The workflow uses credentials of another project in {told}: choose credentials of its own, have them shared "
        "with its project, or move them there first."
    )
    raise Refused(codes.CREDENTIAL_ELSEWHERE, words, errors)
