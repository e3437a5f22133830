"""Why a credential cannot be had. A class's name is the error's code in the vault's answer.

    CredentialError
    ├── ContextRefused           nobody knows whose execution asks, or it has ended
    ├── CredentialNotFound       the tenant has no such credential
    ├── CredentialNotShared      it is of another project, and not shared with the workflow's
    ├── CredentialNotNamed       the workflow that runs does not name it
    ├── CredentialTypeMismatch   the node needs another type
    ├── CredentialNotConnected   a person must connect it, or connect it again
    ├── CredentialRefused        the provider gives it no token
    ├── SecretMissing            a field refers to a secret that its store does not have
    ├── SecretRefused            the store does not let us read it
    └── CredentialUnavailable *  the provider, or whoever renews the token, does not answer

That marked * may be gone when tried again.
"""

from stepweave_data.secrets.errors import LIST, CredentialError, CredentialUnavailable, SecretMissing, SecretRefused

__all__ = [
    "ContextRefused",
    "CredentialError",
    "CredentialNotConnected",
    "CredentialNotFound",
    "CredentialNotNamed",
    "CredentialNotShared",
    "CredentialRefused",
    "CredentialTypeMismatch",
    "CredentialUnavailable",
    "SecretMissing",
    "SecretRefused",
]


class ContextRefused(CredentialError):
    """The request does not prove whose it is."""

    remedy = "Run the workflow again."


class CredentialNotFound(CredentialError):
    """The tenant has no such credential."""


class CredentialNotShared(CredentialError):
    """It belongs to another project than the workflow, and is not, or no longer, shared with that of the workflow."""

    remedy = "Have it shared with the workflow's project, or choose another credential in the node."


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
        self.remedy = f"{LIST} and connect it{' again' if again else ''}."


class CredentialRefused(CredentialError):
    """The provider gives the credential no token."""

    remedy = f"{LIST} and check the client and its secret."

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"The credential “{name}” got no token. {words}")
