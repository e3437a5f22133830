"""Lambda handler of the vault: `{"tenantId", "credentialId", "type"}`, or with `turn` in place of `type`.

It answers `{"type", "data", "request", "hosts", "token", "rate"}`, of a turn `{"given", "wait"}`, or `{"error"}`
(contracts.md, "The vault").
"""

from functools import cache
from typing import Any

from functions.system.vault.errors import CredentialError
from functions.system.vault.opening import open_credential
from functions.system.vault.types import types
from stepweave.aws.control.keys import KmsKeys
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Return a credential's data, or `{"error": {"code", "message", "remedy"}}` for a mistake of the asking node."""
    about(tenant_id=str(event.get("tenantId")))
    try:
        if "turn" in event:
            from functions.system.vault.pacing import turn_of  # with Redis's client, which opening does without

            opened = turn_of(event)
        else:
            opened = open_credential(event, types(), link(), KmsKeys())
    except CredentialError as error:
        count(Metric.REFUSED)
        return {"error": error.to_json()}
    count(Metric.DONE)
    return opened


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
