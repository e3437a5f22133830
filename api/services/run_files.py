"""Files that a run by hand starts with: stored before it, as those are that come with a message to a chat."""

import hashlib
import io
import uuid
from collections.abc import Callable

from api import codes
from api.refusals import Refused
from api.services import workflows
from api.services.tokens import Principal
from stepweave.model.items import BinaryRef
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError


def store(
    principal: Principal,
    workflow_id: uuid.UUID,
    claims: Callable[[], Claims],
    file_name: str,
    mime_type: str,
    content: bytes,
) -> BinaryRef:
    """Store a file and return what stands for it in an item. It goes when the data of executions goes.

    Args:
        principal: whose it is.
        workflow_id: that is to run with it.
        claims: stores it.
        file_name: what it is called.
        mime_type: what it is.
        content: its bytes.

    Raises:
        Refused: `not_found`; `aws_unavailable`, where it could not be stored.
    """
    workflow = workflows.get_workflow(principal, workflow_id)
    key = f"{principal.tenant_id}/{uuid.uuid4()}/{workflow.id}/file"
    digest = hashlib.sha256(content).hexdigest()
    try:
        return claims().store_file(
            key, io.BytesIO(content), size=len(content), sha256=digest, mime_type=mime_type, file_name=file_name
        )
    except NodeError as error:
        raise Refused(codes.AWS_UNAVAILABLE, error.message) from error
