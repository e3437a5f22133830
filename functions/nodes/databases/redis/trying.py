"""Tries a credential out: logs in and asks for an echo."""

from typing import Any

from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import CredentialMissing


def try_out(asked: Asked) -> dict[str, Any]:
    """Log in with the credential that is given (`credential`), and return `message`.

    Raises:
        NodeError: what the node's commands raise.
    """
    from functions.nodes.databases.redis.connection import Server

    id = asked.given.get("credential")
    if not isinstance(id, str):
        raise CredentialMissing("There is no credential to test.", "Save it first.")
    server = Server(asked.credential(id, "redis"), asked.remaining())
    try:
        with server.asked() as client:
            client.ping()
    finally:
        server.close()
    return {"message": "The server answers."}
