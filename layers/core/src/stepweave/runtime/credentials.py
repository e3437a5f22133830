"""Credentials for a step: asked of the vault function, which alone may decrypt them. Never in a log or an event."""

import os
import time
from collections.abc import Callable
from typing import Any, Final

from stepweave.aws import Aws, AwsError
from stepweave.runtime.errors import CredentialMissing, CredentialUnavailable

KEPT_SECONDS: Final = 30.0
"""How long a worker keeps a credential: a list of items asks once, and a changed credential counts soon."""

Invoke = Callable[[dict[str, str]], Any]
"""Asks the vault: request to answer. Raises AwsError."""


def vault_function() -> Invoke:
    """Return the call of the vault function that the environment names.

    Raises:
        CredentialUnavailable: when called, where the variable is not set.
    """

    def invoke(request: dict[str, str]) -> Any:
        name = os.environ.get("STEPWEAVE_VAULT_FUNCTION")
        if not name:
            raise CredentialUnavailable("STEPWEAVE_VAULT_FUNCTION is not set.", "Deploy the node with credentials.")
        return Aws.shared().functions.invoke(name, request)

    return invoke


class Vault:
    """Asks for credentials, and remembers them for a short while by tenant and id."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._kept: dict[tuple[str, str, str], tuple[float, dict[str, Any]]] = {}

    def get(self, tenant_id: str, credential_id: str, type: str) -> dict[str, Any]:
        """Return a credential's data (contracts.md, "Credential types").

        Args:
            tenant_id: whose execution asks.
            credential_id: as the node's parameter names it.
            type: the credential type the node needs.

        Raises:
            CredentialMissing: none is chosen, it is not there, or it is of another type.
            CredentialUnavailable: the vault could not be asked.
        """
        if not credential_id:
            raise CredentialMissing("No credential is chosen.", f"Choose a credential of type {type} in the node.")
        key = (tenant_id, credential_id, type)
        kept = self._kept.get(key)
        if kept and kept[0] > time.monotonic():
            return kept[1]
        self._kept.pop(key, None)
        request = {"tenantId": tenant_id, "credentialId": credential_id, "type": type}
        try:
            answer = self._invoke(request)
        except AwsError as error:
            # The service's words may quote the function's, so only the code goes on.
            raise CredentialUnavailable(
                f"The credential could not be read ({error.code}).",
                "Try again; if it stays so, the platform's operator must look at the vault function.",
            ) from error
        data = self._data(answer, type)
        self._kept[key] = (time.monotonic() + KEPT_SECONDS, data)
        return data

    @staticmethod
    def _data(answer: Any, type: str) -> dict[str, Any]:
        if isinstance(answer, dict) and isinstance(answer.get("data"), dict):
            if answer.get("type", type) != type:
                raise CredentialMissing(
                    f"The credential is of type {answer['type']}, but the node needs {type}.",
                    "Choose another credential in the node.",
                )
            data: dict[str, Any] = answer["data"]
            return data
        error = answer.get("error") if isinstance(answer, dict) else None
        words = error.get("message") if isinstance(error, dict) else None
        raise CredentialMissing(
            str(words or "The credential is not there."), "Choose an existing credential in the node."
        )
