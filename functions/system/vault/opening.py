"""Opens a credential for a node of its own tenant. Nothing here may reach a log."""

from typing import Any, Final
from uuid import UUID

from functions.system.vault.applying import bound_hosts, hosts_of, rate_of, request_of
from functions.system.vault.errors import CredentialNotFound, CredentialTypeMismatch
from functions.system.vault.renewing import Owner, Renewal
from functions.system.vault.types import CredentialType, Types
from stepweave.spec.credential_parts import ANY
from stepweave_data.link import Link
from stepweave_data.oauth2.tokens import parted
from stepweave_data.vaulting import KeyService, Sealed, unseal

_CREDENTIAL: Final = """
SELECT type, name, connection,
  (SELECT json_object_agg(model, rates) FROM model_prices WHERE provider = credentials.type),
  wrapped_key, nonce, ciphertext
FROM credentials WHERE id = %s
"""

_REGISTRATION: Final = (
    "SELECT wrapped_key, nonce, ciphertext FROM registrations WHERE id = %s AND ciphertext IS NOT NULL"
)


def open_registration(request: dict[str, Any], link: Link, keys: KeyService) -> dict[str, Any]:
    """Return `{"kept"}`: what `activate` of a trigger with code gave (contracts.md, "Triggers with code").

    Args:
        request: `tenantId`, `registrationId`.
        link: Postgres.
        keys: unwraps data keys.

    Raises:
        CredentialNotFound: the tenant has no such registration, or nothing is kept of it.
        vaulting.CannotOpen: it was altered.
        psycopg.Error, AwsError: Postgres or KMS cannot be reached; trying again may help.
    """
    try:
        tenant_id, id = str(UUID(request["tenantId"])), str(UUID(request["registrationId"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise CredentialNotFound("There is no such registration.") from None
    row = link.tenant(tenant_id, lambda it: it.execute(_REGISTRATION, (id,), prepare=True).fetchone())
    if row is None:
        raise CredentialNotFound("There is no such registration.")
    return {"kept": unseal(Sealed(*map(bytes, row)), tenant_id, id, keys)}


def open_credential(request: dict[str, Any], types: Types, link: Link, keys: KeyService) -> dict[str, Any]:
    """Return `{"type", "data", "request", "hosts", "token", "rate"}` (contracts.md, "The vault").

    Args:
        request: `tenantId`, `credentialId`, `type` (or `types`, any of which it may be of), and `refused`: the
            `token` that a server would not take.
        types: what is known of credential types; one of another type goes on no request.
        link: Postgres.
        keys: wraps and unwraps data keys.

    Raises:
        CredentialError: it cannot be had.
        vaulting.CannotOpen: it was altered.
        psycopg.Error, AwsError: Postgres or KMS cannot be reached; trying again may help.
    """
    try:
        tenant_id, id = str(UUID(request["tenantId"])), str(UUID(request["credentialId"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise CredentialNotFound("There is no such credential.") from None
    row = link.tenant(tenant_id, lambda it: it.execute(_CREDENTIAL, (id,), prepare=True).fetchone())
    if row is None:
        raise CredentialNotFound("There is no such credential.")
    kind, name, connection, prices, *sealed = row
    wanted = request["types"] if "types" in request else [request.get("type")]
    type = types.get(kind, CredentialType())
    if ANY in wanted:
        _check_http(type, kind, name, types)
    elif kind not in wanted:
        needs = " or ".join(_called(str(one), types) for one in wanted)
        raise CredentialTypeMismatch(
            f"The credential “{name}” is of type {_called(kind, types)}, but the node needs {needs}."
        )
    data, tokens = parted(unseal(Sealed(*map(bytes, sealed)), tenant_id, id, keys))
    token = ""
    if type.oauth2:
        renewal = Renewal(Owner(tenant_id, id, name, connection), type.oauth2, link, keys)
        tokens = renewal.current(tokens, str(request.get("refused", "")))
        # What renews the token stays here: a node needs the token only.
        data = {name: value for name, value in data.items() if name not in type.secrets} | {
            "accessToken": tokens.access
        }
        token = tokens.digest
    if prices:
        # Nothing of the credential's: what the tenant says that models of such an account cost.
        data = {**data, "prices": prices}
    hosts = bound_hosts(type, data) if ANY in wanted else hosts_of(type, data)
    if hosts is None:
        raise CredentialTypeMismatch(
            f"The credential “{name}” of type {_called(kind, types)} does not say to which hosts it belongs."
        )
    return {
        "type": kind,
        "data": {} if ANY in wanted else data,
        "request": request_of(type, data),
        "hosts": hosts,
        "token": token,
        "rate": rate_of(type, data),
    }


def _check_http(type: CredentialType, kind: str, name: str, types: Types) -> None:
    """Refuse a credential that goes with no HTTP request."""
    if type.on_request is None:
        raise CredentialTypeMismatch(
            f"The credential “{name}” is of type {_called(kind, types)}, which cannot be sent with an HTTP request."
        )


def _called(type: str, types: Types) -> str:
    """Return a type as people see it: what the editor calls it, and its name in documents."""
    known = types.get(type)
    return f"“{known.name}” ({type})" if known and known.name else type
