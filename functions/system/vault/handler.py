"""Lambda handler of the vault: `{"pass", "credentialId", "type"}`, or with `turn` or `registrationId`.

It answers `{"type", "data", "request", "hosts", "token", "rate"}`, of a turn `{"given", "wait"}`, of a trigger's
registration `{"kept"}`, or `{"error"}` (contracts.md, "The vault").
"""

from functools import cache
from typing import Any

from functions.system.vault.errors import ContextRefused, CredentialError
from functions.system.vault.mapping import mapped
from functions.system.vault.naming import Naming
from functions.system.vault.opening import open_credential, open_registration
from functions.system.vault.types import types
from stepweave.aws.control.keys import KmsKeys
from stepweave.aws.passes import PassRefused
from stepweave.model.environments import PRODUCTION
from stepweave_data.link import Link
from stepweave_data.passes import Passes
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Return what is asked for, or `{"error": {"code", "message", "remedy"}}` for a mistake of the asking node."""
    try:
        opened = _opened(event)
    except CredentialError as error:
        count(Metric.REFUSED)
        return {"error": error.to_json()}
    count(Metric.DONE)
    return opened


def _opened(event: dict[str, Any]) -> dict[str, Any]:
    try:
        bearer = passes().bearer(event.get("pass"))
    except PassRefused as error:
        raise ContextRefused(str(error)) from None
    about(tenant_id=bearer.tenant_id)
    # Whose the credential is says the pass alone.
    about_it = {"executionId": bearer.execution_id, "workflowId": bearer.workflow_id}
    request = {**event, "tenantId": bearer.tenant_id, **about_it}
    if "registrationId" in event and bearer.execution_id:
        raise ContextRefused("What a trigger keeps is not for executions.")
    # What is looked at is what is opened: a turn is a credential's, whatever else the request names.
    opened = "registrationId" if "registrationId" in event and "turn" not in event else "credentialId"
    naming().check(bearer, event.get(opened), event.get("nodeId"))
    if "credentialId" in event:
        request["named"] = event["credentialId"]
    if "credentialId" in event and bearer.environment != PRODUCTION:
        request["credentialId"] = mapped(bearer, str(event["credentialId"]), link())
    if "turn" in event:
        from functions.system.vault.pacing import turn_of  # with Redis's client, which opening does without

        return turn_of(request)
    if "registrationId" in event:
        return open_registration(request, link(), KmsKeys())
    return open_credential(request, types(), link(), KmsKeys())


@cache
def passes() -> Passes:
    """Return what checks passes in this worker."""
    return Passes(link)


@cache
def naming() -> Naming:
    """Return what knows in this worker what may be opened."""
    return Naming(link())


@cache
def link() -> Link:
    """Return this worker's connection."""
    return Link()
