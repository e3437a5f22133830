"""The errors that steps of several nodes can end with.

A class's name is what Step Functions matches, and what people see. What only one node raises is declared in its folder,
what calls of workflows raise in `stepweave.runtime.calling`.

    NodeError
    ├── every node
    │   ├── ParameterInvalid        a parameter has the wrong type or value
    │   ├── ExpressionFailed        an expression raised, ran too long or refers to nothing
    │   ├── DataTooLarge            more data than the platform carries
    │   ├── ContextRefused          it cannot be proved whose execution the step is of
    │   ├── DataMissing             stored data is gone, or another tenant's
    │   ├── ResultInvalid           a node's result is not items
    │   ├── NodeTimeout             the step's time was up
    │   ├── NodeCrashed             an error nobody foresaw
    │   ├── RetryTooLate            a retry may come only later than a step can wait
    │   ├── StorageUnavailable *    S3 could not be reached
    │   ├── VariablesUnavailable *  the workspace's variables could not be read
    │   └── EventDeliveryError *    what happened could not be told
    ├── credentials
    │   ├── CredentialMissing       not there, or not to be read
    │   ├── CredentialTypeMismatch  of another type than the node takes
    │   └── CredentialUnavailable * the vault could not be asked
    └── values
        ├── ValueMismatch           a value is not of the type asked for
        ├── PatternInvalid          a pattern cannot be read
        └── LoopLimit               a loop went round as often as it may

Those marked * are retryable: the same step may succeed later.
"""

import json
from typing import Any, ClassVar, Final

from stepweave.model.events import ErrorInfo
from stepweave.model.step import StepNode

_MOST_WORDS: Final = 16_000
"""Characters of JSON that an error may have; the cause around it has the function's stack as well."""


def sentences(*parts: str) -> str:
    """Return what was said as whole sentences: a server's own words often end without a full stop."""
    said = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in said)


class NodeError(Exception):
    """A step's failure, for people: what is wrong, where, and what to do.

    Attributes:
        message: names what is wrong, in the remote's own words where a remote said it.
        remedy: what to change.
        details: JSON data that helps (status, SQLSTATE, ...); never a secret.
        item: index of the input item it is about, where it is about one.
        retry_after: seconds before which trying again is of no use, where the remote said so (`Retry-After`).
    """

    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        details: dict[str, Any] | None = None,
        item: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.details = details or {}
        self.item = item
        self.retry_after = retry_after

    def to_json(self) -> ErrorInfo:
        """Return the error as events and error items carry it."""
        info: ErrorInfo = {"type": type(self).__name__, "message": self.message, "retryable": self.retryable}
        if self.remedy:
            info["remedy"] = self.remedy
        if self.item is not None:
            info["item"] = self.item
        if self.details:
            info["details"] = self.details
        return info


def in_words(error: NodeError, node: StepNode | None = None) -> str:
    """Return an error as the text of an exception, which `stepweave.runtime.ending.read_error` reads: JSON.

    It says which node failed, for whoever catches the failures of several (`stepweave.runtime.ending.failed_node`).
    Step Functions cuts a cause at 32,768 characters, so what is long is left out: details, and the message's end.
    """
    info = error.to_json()
    if node is not None:
        info["node"] = {"id": node["id"], "name": node["name"]}
    if len(json.dumps(info)) > _MOST_WORDS:
        info.pop("details", None)
        info["message"] = info["message"][: _MOST_WORDS // 8]
        info["remedy"] = info.get("remedy", "")[: _MOST_WORDS // 8]
    return json.dumps(info)


class ParameterInvalid(NodeError):
    """A parameter has the wrong type or value. `details.field` names it."""


class ExpressionFailed(NodeError):
    """An expression raised, ran too long or refers to nothing. `details.field` names where it stands."""


class DataTooLarge(NodeError):
    """More data than the platform carries."""


class DataMissing(NodeError):
    """Data that a reference names is gone, or not this tenant's."""


class ResultInvalid(NodeError):
    """A node's result is not a list of items of JSON data."""


class NodeTimeout(NodeError):
    """The step's time was up; it ended itself before the platform would have killed it."""


class NodeCrashed(NodeError):
    """An error nobody foresaw. The function's log has the place; the message tells no data."""


class RetryTooLate(NodeError):
    """The remote may be asked again only later than a retry can wait. `details.error` names what it failed with."""


class StorageUnavailable(NodeError):
    """S3 could not be reached."""

    retryable = True


class VariablesUnavailable(NodeError):
    """The workspace's variables that a workflow reads could not be read."""

    retryable = True


class EventDeliveryError(NodeError):
    """The step's events could not be sent, so its history would be lost."""

    retryable = True


class ContextRefused(NodeError):
    """Whose execution the step is of cannot be proved: its context is not signed, was changed, or its run is over."""


class CredentialMissing(NodeError):
    """The credential is not there, or may not be read."""


class CredentialTypeMismatch(NodeError):
    """The credential is of another type than the node takes; the message names both."""


class CredentialUnavailable(NodeError):
    """The vault could not be asked."""

    retryable = True


class ValueMismatch(NodeError):
    """A value is not of the type asked for."""


class PatternInvalid(NodeError):
    """A regular expression cannot be read, or takes too long."""


class LoopLimit(NodeError):
    """A loop went round as often as it may, and what it waits for did not come."""
