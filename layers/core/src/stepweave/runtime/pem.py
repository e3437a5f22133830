"""Keys in PEM, as people paste them. Needs the layer `crypto`; nothing of a key stands in any error."""

from typing import Any


def private_key(text: str, passphrase: str = "") -> Any:
    """Return the private key of a text, one of `cryptography`. Raises ValueError where it cannot be read."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(_mended(text), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("The private key cannot be read, or its passphrase is another.") from None


def public_key(text: str) -> Any:
    """Return the public key of a text, or that of its certificate. Raises ValueError where it cannot be read."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from cryptography.x509 import load_pem_x509_certificate

    try:
        pem = _mended(text)
        return load_pem_x509_certificate(pem).public_key() if b"CERTIFICATE" in pem else load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("The public key cannot be read.") from None


def _mended(text: str) -> bytes:
    """Return PEM as it was before a form or a variable made its line breaks `\\n` or spaces."""
    text = text.strip().replace("\\n", "\n").replace("\r\n", "\n")
    if "\n" not in text and text.count("-----") == 4:
        _, begin, body, end, _ = text.split("-----")
        text = "\n".join((f"-----{begin}-----", *body.split(), f"-----{end}-----"))
    return text.encode()
