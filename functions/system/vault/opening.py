"""Opens a credential for a node of its own tenant. Nothing here may reach a log."""

from typing import Any, Final
from uuid import UUID

from stepweave_data.link import Link
from stepweave_data.vaulting import KeyService, Sealed, unseal

_CREDENTIAL: Final = "SELECT type, wrapped_key, nonce, ciphertext FROM credentials WHERE id = %s"


class CredentialError(Exception):
    """A credential that the caller cannot have. The class name is the error's code."""


class CredentialNotFound(CredentialError):
    """The tenant has no such credential."""


class CredentialTypeMismatch(CredentialError):
    """The credential is of another type than the node can use."""


def open_credential(request: dict[str, Any], link: Link, keys: KeyService) -> dict[str, Any]:
    """Return `{"type", "data"}`.

    Args:
        request: `tenantId`, `credentialId`, `type`.
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
    return {"type": kind, "data": unseal(Sealed(*map(bytes, sealed)), tenant_id, id, keys)}
