"""Triggers whose address people write into a provider's settings (`TriggerCode.fixed`)."""

import uuid

from api.services.compiling import catalogue
from stepweave.aws.secrets import secret
from stepweave.model.environments import PRODUCTION
from stepweave.model.workflow import Node
from stepweave.runtime.callbacks import SECRET
from stepweave_data.listening.registered import Registered, kept_address, new_address


def keeps_address(one: Node | Registered) -> bool:
    """Whether a trigger's address is the same for good."""
    entry = catalogue().get(one.type, one.version)
    return bool(entry and entry.listens and entry.listens.fixed)


def address_of(workflow_id: uuid.UUID, node: Node, environment: str = PRODUCTION) -> str:
    """Return where a trigger is to be called."""
    if not keeps_address(node):
        return new_address()
    place = str(workflow_id) if environment == PRODUCTION else f"{workflow_id} {environment}"
    return kept_address(secret(SECRET), place, node.id)
