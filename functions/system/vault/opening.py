"""Opens a credential for a node of its own tenant. Nothing here may reach a log."""

from typing import Any
from uuid import UUID

from stepweave_data.database import tenant_session
from stepweave_data.models import Credential
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, unseal


class NotOpened(Exception):
    """The credential may not or cannot be opened; `code` is stable and `str()` is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def open_credential(tenant_id: str, credential_id: str, kind: str, keys: KeyService) -> dict[str, Any]:
    """Return `{"type", "data"}`.

    Raises:
        NotOpened: `not_found`, `type_mismatch` or `broken`.
        AwsError: KMS refused, or could not be reached.
    """
    found = _find(tenant_id, credential_id)
    if found is None:
        raise NotOpened("not_found", "The credential is not there; it may have been deleted.")
    if found.type != kind:
        raise NotOpened("type_mismatch", f"The credential {found.name!r} is of type {found.type}, not {kind}.")
    sealed = Sealed(found.wrapped_key, found.nonce, found.ciphertext)
    try:
        return {"type": found.type, "data": unseal(sealed, tenant_id, credential_id, keys)}
    except CannotOpen:
        raise NotOpened("broken", f"The credential {found.name!r} cannot be decrypted; enter it again.") from None


def _find(tenant_id: str, credential_id: str) -> Credential | None:
    try:
        id = UUID(credential_id)
    except ValueError:
        return None
    with tenant_session(tenant_id) as session:
        return session.get(Credential, id)
