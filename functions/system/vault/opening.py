"""Opens a credential for a node of its own tenant. Nothing here may reach a log."""

from typing import Any, Final
from uuid import UUID

from functions.system.vault.applying import hosts_of, request_of
from functions.system.vault.types import CredentialType, Types
from stepweave_data.link import Link
from stepweave_data.vaulting import KeyService, Sealed, unseal

_CREDENTIAL: Final = "SELECT type, wrapped_key, nonce, ciphertext FROM credentials WHERE id = %s"


class CredentialError(Exception):
    """A credential that the caller cannot have. The class name is the error's code."""


class CredentialNotFound(CredentialError):
    """The tenant has no such credential."""


class CredentialTypeMismatch(CredentialError):
    """The credential is of another type than the node can use."""


def open_credential(request: dict[str, Any], types: Types, link: Link, keys: KeyService) -> dict[str, Any]:
    """Return `{"type", "data", "request", "hosts"}` (contracts.md, "The vault").

    Args:
        request: `tenantId`, `credentialId`, `type`.
        types: what is known of credential types; one of another type goes on no request.
        link: Postgres.
        keys: unwraps data keys.

    Raises:
        CredentialError: it is not there, or not of that type.
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
    kind, *sealed = row
    if kind != request.get("type"):
        raise CredentialTypeMismatch(f"The credential is of type {kind}, but the node needs {request.get('type')}.")
    data = unseal(Sealed(*map(bytes, sealed)), tenant_id, id, keys)
    type = types.get(kind, CredentialType())
    return {"type": kind, "data": data, "request": request_of(type, data), "hosts": hosts_of(type, data)}
