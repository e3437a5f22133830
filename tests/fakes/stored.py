"""Files of items, as nodes before would have stored them."""

import hashlib
import io

from stepweave.model.items import BinaryRef
from tests.fakes.steps import TENANT, Outside


def stored(outside: Outside, content: bytes, name: str = "a.pdf", mime_type: str = "application/pdf") -> BinaryRef:
    """Store a file of the tenant's, and return the reference to it."""
    digest = hashlib.sha256(content).hexdigest()
    return outside.claims.store_file(
        f"{TENANT}/{digest}",
        io.BytesIO(content),
        size=len(content),
        sha256=digest,
        mime_type=mime_type,
        file_name=name,
    )
