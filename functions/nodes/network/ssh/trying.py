"""Tries a credential out: logs in, and says which key the server shows."""

import asyncio
from typing import Any

from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import CredentialMissing


def try_out(asked: Asked) -> dict[str, Any]:
    """Log in with the credential that is given (`credential`), and return `message`.

    Raises:
        NodeError: what `stepweave.runtime.ssh.SSH_ERRORS` names.
    """
    from stepweave.runtime.ssh import logged_in

    id = asked.given.get("credential")
    if not isinstance(id, str):
        raise CredentialMissing("There is no credential to test.", "Save it first.")
    account = asked.credential(id, "ssh")

    async def entered() -> None:
        async with logged_in(account, asked.remaining()):
            return

    asyncio.run(entered())
    return {"message": f"The server lets {account['user']} in, and shows a key that is known."}
