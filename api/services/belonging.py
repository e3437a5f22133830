"""A workflow uses the credentials of its own project, and no others."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final

from api import codes
from api.refusals import Refused
from api.repositories.rows import Rows, rows_of
from api.services.tokens import Principal
from stepweave_data.models import Workflow

_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_own(principal: Principal, workflow: Workflow, document: Mapping[str, Any]) -> None:
    """Refuse to run or publish a document with credentials of other projects. Raises Refused (`credential_elsewhere`).

    The vault refuses them, too: here people learn it before anything runs.
    """
    with rows_of(principal.tenant_id) as rows:
        check_credentials(rows, document, workflow.project_id)


def check_credentials(rows: Rows, document: Mapping[str, Any], project_id: uuid.UUID) -> None:
    """Refuse a workflow that uses credentials of other projects than one. Raises Refused (`credential_elsewhere`)."""
    named = {id: uuid.UUID(id) for id in _ID.findall(json.dumps(document.get("nodes", [])))}
    elsewhere = rows.projects.credentials_elsewhere(set(named.values()), project_id)
    if not elsewhere:
        return
    errors = []
    for index, node in enumerate(document.get("nodes", [])):
        if any(named[id] in elsewhere for id in _ID.findall(json.dumps(node))):
            message = f"{node.get('name')!r} uses a credential of another project."
            errors.append({"field": f"nodes.{index}.params", "message": message, "nodeId": str(node.get("id"))})
    words = "The workflow uses credentials of another project: choose credentials of its own, or move them there first."
    raise Refused(codes.CREDENTIAL_ELSEWHERE, words, errors)
