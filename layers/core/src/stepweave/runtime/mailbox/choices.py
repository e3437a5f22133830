"""An account's mailboxes, for the editor to choose from."""

from stepweave.runtime.asks import Asked
from stepweave.runtime.options import Option, Options, Wanted


def mailboxes(asked: Asked, wanted: Wanted) -> Options:
    """Return the mailboxes that can be opened, INBOX first, with what each is for where the server says so."""
    # Imported here: imaplib brings ssl, which belongs to the first connection and not to the function's start.
    from stepweave.runtime.mailbox.connecting import connected

    with connected(asked, str(asked.param("credential"))) as server:
        found = server.mailboxes()
    ordered = sorted(found, key=lambda one: (one.name.upper() != "INBOX", one.name.casefold()))
    return Options([Option(one.name, detail=one.purpose) for one in ordered])
