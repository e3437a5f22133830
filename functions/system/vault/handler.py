"""Lambda handler of the vault: `{"tenantId", "credentialId", "type"}`, or with `turn` or `registrationId`.

It answers `{"type", "data", "request", "hosts", "token", "rate"}`, of a turn `{"given", "wait"}`, of a trigger's
registration `{"kept"}`, or `{"error"}` (contracts.md, "The vault").
"""

from functools import cache
from typing import Any

from functions.system.vault.errors import CredentialError
from functions.system.vault.opening import open_credential, open_registration
from functions.system.vault.types import types
from stepweave.aws.control.keys import KmsKeys
from stepweave_data.link import Link
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Return what is asked for, or `{"error": {"code", "message", "remedy"}}` for a mistake of the asking node."""
    about(tenant_id=str(event.get("tenantId")))
    try:
        if "turn" in event:
            from functions.system.vault.pacing import turn_of  # with Redis's client, which opening does without

            opened = turn_of(event)
        elif "registrationId" in event:
            opened = open_registration(event, link(), KmsKeys())
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
