"""What is kept for providers that give people a token to copy."""

from stepweave.spec.credentials import CredentialData
from stepweave.spec.fields import Kind, ui


class TokenData(CredentialData):
    """A token (`token`), and whose it is (`label`)."""

    label: str = ui("", title="Account", kind=Kind.TEXT, help="Whose token it is; for you only.", max_length=200)
    token: str = ui(..., title="Token", kind=Kind.SECRET, min_length=1, max_length=1000, pattern=r"^[!-~]+$")
