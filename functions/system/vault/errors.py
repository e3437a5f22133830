"""Why a credential cannot be had. A class's name is the error's code in the vault's answer.

    CredentialError
    ├── ContextRefused           nobody knows whose execution asks, or it has ended
    ├── CredentialNotFound       the tenant has no such credential
    ├── CredentialNotNamed       the workflow that runs does not name it
    ├── CredentialTypeMismatch   the node needs another type
    ├── CredentialNotConnected   a person must connect it, or connect it again
    ├── CredentialRefused        the provider gives it no token
    ├── SecretMissing            a field refers to a secret that its store does not have
    ├── SecretRefused            the store does not let us read it
    └── CredentialUnavailable *  the provider, or whoever renews the token, does not answer

That marked * may be gone when tried again.
"""

from typing import Any, Final

_LIST: Final = "Open it under Credentials"


class CredentialError(Exception):
    """A credential that the caller cannot have."""

    remedy = "Choose an existing credential in the node."

    def to_json(self) -> dict[str, Any]:
        """Return the error as the vault answers it."""
        return {"code": type(self).__name__, "message": str(self), "remedy": self.remedy}


class ContextRefused(CredentialError):
    """The request does not prove whose it is."""

    remedy = "Run the workflow again."


class CredentialNotFound(CredentialError):
    """The tenant has no such credential."""


class CredentialNotNamed(CredentialError):
    """Neither the version that runs nor the ask names the credential."""

    remedy = "Choose the credential in a node of this workflow, and publish it."


class CredentialTypeMismatch(CredentialError):
    """The credential is of another type than the node can use."""

    remedy = "Choose another credential in the node."


class CredentialNotConnected(CredentialError):
    """A person must connect the credential."""

    def __init__(self, name: str, *, again: bool) -> None:
        words = "is no longer connected: the provider ended its access" if again else "is not connected yet"
        super().__init__(f"The credential “{name}” {words}.")
        self.remedy = f"{_LIST} and connect it{' again' if again else ''}."


class CredentialRefused(CredentialError):
    """The provider gives the credential no token."""

    remedy = f"{_LIST} and check the client and its secret."

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"The credential “{name}” got no token. {words}")


class SecretMissing(CredentialError):
    """A field refers to a secret that is not there."""

    remedy = f"{_LIST} and correct what its field refers to, or mend the secret in the store."


class SecretRefused(CredentialError):
    """A store does not give a secret away."""

    remedy = f"{_LIST}, open the store's and check its token or role."


class CredentialUnavailable(CredentialError):
    """Nobody could be asked for a token."""

    remedy = "Try again in a moment."
