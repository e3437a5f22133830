"""Why a trigger was not registered, as the refusal of a publish: at the node, and at the field where it is known."""

from collections.abc import Sequence
from typing import Any, Final

from api import codes
from api.refusals import Refused
from api.services.compiling import catalogue
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.diagnostics import Diagnostic
from stepweave.model.workflow import Node
from stepweave_data.listening.registered import error_of

UNAUTHORIZED: Final = 401
_CREDENTIAL_ERRORS: Final = (
    "CredentialMissing",
    "CredentialTypeMismatch",
    "CredentialUnavailable",
    "CredentialNotForHost",
)


def refused(node: Node, error: AskFailed | AwsError) -> Refused:
    """Return the refusal of a node that its provider does not take."""
    told = error_of(error)
    diagnostic = _diagnostic(node, told["message"], told.get("remedy", ""), _field(node, error))
    return Refused(codes.TRIGGER_REFUSED, f"{node.name!r}: {told['message']}", diagnostics=[diagnostic])


def unavailable(node: Node, message: str, remedy: str) -> Refused:
    """Return the refusal of a node whose provider does not answer."""
    diagnostics = [_diagnostic(node, message, remedy, "")]
    return Refused(codes.TRIGGER_UNAVAILABLE, f"{node.name!r}: {message}", diagnostics=diagnostics)


def not_shown(node: Node, message: str, remedy: str, field: str) -> Refused:
    """Return the refusal of a form that cannot be shown as it is."""
    diagnostics = [_diagnostic(node, message, remedy, field)]
    return Refused(codes.TRIGGER_REFUSED, f"{node.name!r}: {message}", diagnostics=diagnostics)


def together(refusals: Sequence[Refused]) -> Refused:
    """Return one refusal with the diagnostics of all; a plain one before one that may be gone when tried again."""
    first = next((one for one in refusals if one.code is codes.TRIGGER_REFUSED), refusals[0])
    return Refused(
        first.code, first.detail, diagnostics=[found for one in refusals for found in one.more["diagnostics"]]
    )


def _diagnostic(node: Node, message: str, remedy: str, field: str) -> dict[str, Any]:
    found = Diagnostic(
        code="trigger_refused",
        message=message,
        remedy=remedy or "Look at the trigger's parameters and its credential.",
        node_id=node.id,
        field=field or None,
    )
    return dict(found.to_json())


def _field(node: Node, error: AskFailed | AwsError) -> str:
    """Return the field that an error is about, as diagnostics name it; "" where nobody says."""
    if not isinstance(error, AskFailed):
        return ""
    said = str(error.details.get("field") or "")
    if said:
        return said if said.startswith("params.") else f"params.{said}"
    if error.type in _CREDENTIAL_ERRORS or error.details.get("status") == UNAUTHORIZED:
        entry = catalogue().get(node.type, node.version)
        fields = entry.params_schema.get("properties", {}) if entry else {}
        names = [name for name, one in fields.items() if one.get("x-ui", {}).get("kind") == "credential"]
        return f"params.{names[0]}" if len(names) == 1 else ""
    return ""
