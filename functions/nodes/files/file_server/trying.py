"""Tries a credential out: logs in, and looks into the user's folder."""

from typing import Any

from functions.nodes.files.file_server.run import connected
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import CredentialMissing


def try_out(asked: Asked) -> dict[str, Any]:
    """Log in with the credential that is given (`credential`), and return `message`. Raises NodeError."""
    id = asked.given.get("credential")
    if not isinstance(id, str):
        raise CredentialMissing("There is no credential to test.", "Save it first.")
    server = connected(("ftp", asked.credential(id, "ftp")), asked.remaining)
    try:
        return {"message": f"The server lets the user in, whose folder has {len(server.folder('.'))} entries."}
    finally:
        server.close()
