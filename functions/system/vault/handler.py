"""Lambda handler of the vault: `{"tenantId", "credentialId", "type"}` -> `{"type", "data"}` or `{"error"}`."""

from functools import cache
from typing import Any

from functions.system.vault.opening import NotOpened, open_credential
from stepweave.aws.control.keys import KmsKeys


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Return a credential's data, or `{"error": {"code", "message"}}` where it may not or cannot be opened."""
    try:
        return open_credential(event["tenantId"], event["credentialId"], event["type"], keys())
    except NotOpened as error:
        return {"error": {"code": error.code, "message": str(error)}}


@cache
def keys() -> KmsKeys:
    """Return this worker's."""
    return KmsKeys()
