"""Lambda handler of the vault: `{"tenantId", "credentialId", "type"}` -> `{"type", "data"}` or `{"error"}`."""

from functools import cache
from typing import Any

from functions.system.vault.opening import CredentialError, open_credential
from stepweave.aws.control.keys import KmsKeys
from stepweave_data.link import Link


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Return a credential's data, or `{"error": {"code", "message"}}` for a mistake of the asking node."""
    try:
        return open_credential(event, link(), KmsKeys())
    except CredentialError as error:
        return {"error": {"code": type(error).__name__, "message": str(error)}}


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
