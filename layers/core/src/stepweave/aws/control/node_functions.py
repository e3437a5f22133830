"""Asking node functions: what the control plane wants of a node beside running its steps (ADR 20)."""

from collections.abc import Mapping
from typing import Any, Final

from stepweave.aws.client import Aws
from stepweave.aws.errors import AwsError
from stepweave.aws.passes import ask_pass, ids_in

_START_SECONDS: Final = 8.0
"""For a function that is yet to start, beside the seconds that it may take to answer."""


class AskFailed(Exception):
    """A node function answered with an error: fields as of `stepweave.runtime.errors.NodeError.to_json`.

    Attributes:
        type: the error's class name.
        message: what is wrong.
        remedy: what to do; "" where nobody knows.
        details: JSON data that helps.
        retryable: whether the same ask may be answered later.
        retry_after: seconds to wait before; None where nobody said.
    """

    def __init__(self, error: Mapping[str, Any]) -> None:
        self.type = str(error.get("type", "NodeCrashed"))
        self.message = str(error.get("message", "The node's function failed."))
        super().__init__(f"{self.type}: {self.message}")
        self.remedy = str(error.get("remedy", ""))
        details = error.get("details")
        self.details: dict[str, Any] = dict(details) if isinstance(details, Mapping) else {}
        self.retryable = bool(error.get("retryable", False))
        after = error.get("retryAfter")
        self.retry_after = float(after) if isinstance(after, int | float) else None


class NodeFunctions:
    """The node functions of one deployment.

    Args:
        prefix: of the deployment's resources.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def ask(
        self, type: str, version: int, payload: Mapping[str, Any], seconds: float, *, repeatable: bool = False
    ) -> Any:
        """Ask the function of a node type, and return its answer.

        Args:
            type: of the node; known to the catalogue, with a function.
            version: of the type.
            payload: `stepweave.runtime.asks.AskPayload`, without `seconds`.
            seconds: how long the function may take, and with its start at most 8 seconds more.
            repeatable: whether it may be asked twice where it is unknown whether it ran.

        Raises:
            AskFailed: it answered with an error.
            AwsError: it could not be asked, or died.
        """
        name = f"{self._prefix}-node-{type}-v{version}"
        timeout = seconds + _START_SECONDS
        functions = Aws.shared().functions
        # What strangers send (`given`) names nothing: only which credential a person has tested.
        opens = ids_in(payload.get("params"), (payload.get("given") or {}).get("credential"))
        proof = ask_pass(str(payload.get("tenantId") or ""), str(payload.get("workflowId") or ""), timeout, opens)
        given = {**payload, "seconds": seconds} | ({"pass": proof} if proof else {})
        result = functions.invoke(name, given, timeout=timeout, repeatable=repeatable)
        if isinstance(result, dict) and isinstance(result.get("error"), dict):
            raise AskFailed(result["error"])
        if not isinstance(result, dict) or "answer" not in result:
            raise AwsError("AnswerInvalid", f"{name} answered with neither an answer nor an error.")
        return result["answer"]
