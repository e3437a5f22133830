"""Does what is asked with a mailbox for each item, over one connection."""

import contextlib
from collections.abc import Iterator

from functions.nodes.messages.read_email.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items of all operations, in the order of the input items."""
    # Imported here: imaplib and the mail parser cost 0.1 s, which belongs to the first mail and not to the start.
    from functions.nodes.messages.read_email.operations import Desk
    from stepweave.runtime.mailbox.connecting import connected
    from stepweave.runtime.mailbox.errors import MailServerUnavailable

    with contextlib.ExitStack() as open_:
        desk: Desk | None = None

        def do(entry: Entry[Params]) -> Iterator[Item]:
            nonlocal desk
            if desk is None:
                desk = Desk(open_.enter_context(connected(step, entry.params.credential)), step)
            try:
                return iter(desk.do(entry.params, entry.index))
            except MailServerUnavailable:  # the next item gets another connection
                desk = None
                open_.close()
                raise

        return step.each(do)
