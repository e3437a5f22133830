"""Tries a credential out where no single HTTP request does: Bedrock's requests are signed."""

from typing import Any, Final

from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import CredentialMissing
from stepweave_ai.accounts import account_of

_TYPES: Final = ("bedrock",)


def try_out(asked: Asked) -> dict[str, Any]:
    """List the models of the credential that is given (`credential`), and return `message`.

    Raises:
        CredentialMissing: no credential is given, or it has no keys.
        NodeError: what `stepweave_ai.bedrock_models.models` raises.
    """
    from stepweave_ai.bedrock_models import models  # imported here: a step tries nothing

    id = asked.given.get("credential")
    if not isinstance(id, str):
        raise CredentialMissing("There is no credential to test.", "Save it first.")
    account = account_of(*asked.credential_of(id, _TYPES))
    found = models(account, asked.remaining(), fresh=True)
    place = account.keys.region if account.keys else ""
    return {"message": f"The key works: {len(found)} models and inference profiles in {place}."}
