"""The credential's secret as bytes."""

from collections.abc import Mapping
from typing import Any

from functions.nodes.data.crypto.encodings import decoded
from functions.nodes.data.crypto.errors import KeyInvalid


def secret_of(account: Mapping[str, Any]) -> tuple[bytes, bool]:
    """Return the secret, and whether it is a text. Raises KeyInvalid where there is none that can be read."""
    secret, form = str(account.get("secret") or ""), str(account.get("secretFormat") or "text")
    if not secret:
        raise KeyInvalid("The credential has no secret.", "Complete the credential.")
    if form == "text":
        return secret.encode(), True
    data = decoded(secret, form)
    if not data:
        raise KeyInvalid(f"The secret is not in the format {form}.", "Change the secret, or what it is.")
    return data, False
