"""Why a secret cannot be had of a store. A class's name is the error's code in the vault's answer.

    CredentialError
    ├── SecretMissing            a field refers to a secret that its store does not have
    ├── SecretRefused            the store does not let us read it
    └── CredentialUnavailable *  the store does not answer

That marked * may be gone when tried again. The vault has further ones (`functions.system.vault.errors`).
"""

from typing import Any, Final

LIST: Final = "Open it under Credentials"


class CredentialError(Exception):
    """A credential that the caller cannot have."""

    remedy = "Choose an existing credential in the node."

    def to_json(self) -> dict[str, Any]:
        """Return the error as the vault answers it."""
        return {"code": type(self).__name__, "message": str(self), "remedy": self.remedy}


class SecretMissing(CredentialError):
    """A field refers to a secret that is not there."""

    remedy = f"{LIST} and correct what its field refers to, or mend the secret in the store."


class SecretRefused(CredentialError):
    """A store does not give a secret away."""

    remedy = f"{LIST}, open the store's and check its token or role."


class CredentialUnavailable(CredentialError):
    """Nobody could be asked for it."""

    remedy = "Try again in a moment."
