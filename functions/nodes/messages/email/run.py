"""Sends one email for each item, with the account that the credential names."""

from functions.nodes.messages.email.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each message."""
    # Imported here: the mail modules cost 0.05 s, which belongs to the first message and not to the function's start.
    from functions.nodes.messages.email.writing import written_of
    from stepweave.runtime.mail.message import message_of
    from stepweave.runtime.mail.sender import Sender
    from stepweave.runtime.mail.sending import sender_of, sent

    sender: Sender | None = None

    def send(entry: Entry[Params]) -> list[Item]:
        nonlocal sender
        if sender is None:
            sender = sender_of(step, entry.params.credential)
        written = written_of(entry.params, entry.item, step.open_file, step.log)
        return [item(sent(sender, message_of(entry.params, written, sender.address, entry.idempotency_key)))]

    try:
        return step.each(send)
    finally:
        if sender is not None:
            sender.close()
