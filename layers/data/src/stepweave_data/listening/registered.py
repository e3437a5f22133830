"""A registration as a value, and what the function of its node type is asked about it.

The API registers and takes away, the sweeper takes away what stayed, the webhook receives, the starter polls: all ask
through these payloads (contracts.md, "Triggers with code").
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed

ROOM: Final = "~"
"""The first part of every address below a tenant's slug. No webhook's path has it: the trigger's pattern forbids it."""
TOKEN_BYTES: Final = 24
LEAVE_SECONDS: Final = 5.0
"""For a provider to forget a registration."""
GONE: Final = (404, 410)
"""Statuses with which a provider says that there is nothing to forget."""
UNSURE: Final = ("NodeTimeout", "NodeCrashed")
"""Errors that leave open what the function did before, though trying again may not help."""
_LONGEST_PAUSE: Final = 24 * 3600
MOST_TRIES: Final = 14
"""Of taking away a registration, over about six days; then a person must."""


class Functions(Protocol):
    """The node functions. As `stepweave.aws.control.node_functions.NodeFunctions`."""

    def ask(
        self, type: str, version: int, payload: Mapping[str, Any], seconds: float, *, repeatable: bool = False
    ) -> Any:
        """Ask the function of a node type and return its answer. Raises AskFailed, AwsError."""


@dataclass(frozen=True)
class Registered:
    """A registration. `address` is its token; what `activate` gave, `kept`, is a secret."""

    id: str
    tenant_id: str
    workflow_id: str
    node_id: str
    type: str
    version: int
    params: dict[str, Any]
    address: str
    kept: dict[str, Any] | None = field(default=None, repr=False)
    """None where `activate` did not answer, or gives nothing."""

    def payload(self, ask: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the node's function is invoked with (`stepweave.runtime.asks.AskPayload`)."""
        return {
            "ask": ask,
            "tenantId": self.tenant_id,
            "workflowId": self.workflow_id,
            "node": {"id": self.node_id, "name": "", "type": self.type, "version": self.version},
            "params": self.params,
            "given": dict(given),
        }

    def url(self, content_url: str, slug: str) -> str:
        """Return where the provider calls it."""
        return f"{content_url.rstrip('/')}/hooks/{slug}/{ROOM}/{self.address}"


def new_address() -> str:
    """Return an address that nobody guesses: 192 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def kept_address(secret: str, workflow_id: str, node_id: str) -> str:
    """Return the address of a trigger whose type keeps it: the same each time, and nobody guesses it.

    Args:
        secret: that of callback URLs.
        workflow_id: whose.
        node_id: of the trigger.
    """
    digest = hmac.new(secret.encode(), f"trigger\n{workflow_id}\n{node_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def take_away(
    functions: Functions, it: Registered, url: str, seconds: float = LEAVE_SECONDS, *, active: str = ""
) -> dict[str, Any] | None:
    """Have the provider forget a registration.

    Args:
        functions: of the deployment.
        it: with what is kept of it, where that is known.
        url: where it is called; a node finds it at the provider by that, where nothing is kept.
        seconds: how long the function may take.
        active: where what is live of the same node is called, where something is: a provider with one place for all
            may have to be told of it again.

    Returns:
        None where it is gone, whoever took it away; else the error: `type`, `message`, and what else is known.
    """
    try:
        given = {"address": url, "kept": it.kept, "active": active}
        functions.ask(it.type, it.version, it.payload("deactivate", given), seconds, repeatable=True)
    except AskFailed as error:
        return None if _is_gone(error) else error_of(error)
    except AwsError as error:
        return error_of(error)
    return None


def _is_gone(error: AskFailed) -> bool:
    """Whether there is nothing to forget: the provider says so, or the type registers nothing (it polls)."""
    return error.details.get("status") in GONE or error.details.get("unknownAsk") == "deactivate"


def error_of(error: AskFailed | AwsError) -> dict[str, Any]:
    """Return an error as `registrations.last_error` has it."""
    if isinstance(error, AwsError):
        words = f"The trigger's function could not be asked ({error.code})."
        return {"type": "FunctionUnavailable", "message": words, "retryable": True}
    told = {"type": error.type, "message": error.message, "retryable": error.retryable}
    return told | ({"remedy": error.remedy} if error.remedy else {})


def is_unsure(error: AskFailed | AwsError) -> bool:
    """Whether something may be registered though `activate` failed: it did not say that it refuses."""
    return isinstance(error, AwsError) or error.retryable or error.type in UNSURE


def pause_after(tries: int) -> int:
    """Return the seconds to wait before a provider is asked again to forget a registration."""
    return min(60 << min(tries, 16), _LONGEST_PAUSE)
