"""Asks a mailbox, and says which mails are new.

What is to be done with a mail afterwards is done by the next poll, which comes at once: only then has the platform
started the workflow with it (ADR 33).
"""

from typing import Any

from functions.nodes.triggers.email_trigger.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.polling import Poll, params_of


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the mailbox. Raises what `SPEC.errors` names."""
    # Imported here: imaplib and the mail parser cost 0.1 s, which belongs to the first poll and not to the start.
    from functions.nodes.triggers.email_trigger.watching import Watch
    from stepweave.runtime.mailbox.connecting import connected

    params = params_of(asked, Params)
    with connected(asked, params.credential) as server:
        return Watch(server, params, asked).poll(Poll.of(asked.given))


def try_out(asked: Asked) -> dict[str, Any]:
    """Log in with the credential that is given (`credential`), and return `message`. Raises as `poll`."""
    from stepweave.runtime.mailbox.connecting import connected

    id = asked.given.get("credential")
    if not isinstance(id, str):
        raise CredentialMissing("There is no credential to test.", "Save it first.")
    with connected(asked, id) as server:
        count = len(server.mailboxes())
    return {"message": f"The log-in works; there {'is 1 mailbox' if count == 1 else f'are {count} mailboxes'}."}
