"""Sends one email for each item over one SMTP connection."""

from functions.nodes.messages.email.spec import CREDENTIALS, Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each message."""
    # Imported here: the mail modules cost 0.04 s, which belongs to the first message and not to the function's start.
    from functions.nodes.messages.email.account import Account
    from functions.nodes.messages.email.message import message_of
    from functions.nodes.messages.email.server import MailServer

    server: MailServer | None = None

    def send(entry: Entry[Params]) -> list[Item]:
        nonlocal server
        id = entry.params.credential
        data = step.credential(id, CREDENTIALS)
        account = Account.of(data)
        message = message_of(entry.params, account.sender, entry.idempotency_key)
        if server is None:
            server = MailServer(
                account, step.remaining, lambda: Account.of(step.credential(id, CREDENTIALS, data)).token
            )
        return [item(server.send(message))]

    try:
        return step.each(send)
    finally:
        if server is not None:
            server.close()
