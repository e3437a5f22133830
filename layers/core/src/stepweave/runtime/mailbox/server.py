"""A mail server: logged in, asked, and its refusals turned into typed errors."""

import imaplib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.mailbox.answers import Fetched, Listed, fetched, listed, numbers
from stepweave.runtime.mailbox.client import Client
from stepweave.runtime.mailbox.errors import (
    MailboxMissing,
    MailServerRefused,
    MailServerUnavailable,
)
from stepweave.runtime.mailbox.names import wire_name
from stepweave.runtime.mailbox.saying import broken, line_of, passes

_PIECE: Final = 1024 * 1024
_MOST_HEADER: Final = 64 * 1024
_SEARCHED: Final = 50_000
"""Mails of one SEARCH, whose answer is one line, of which imaplib reads a million bytes."""
_MOST_IN_SET: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An open mailbox: its UIDVALIDITY (0 where the server has none), and how many mails it has."""

    validity: int
    count: int


class MailServer:
    """One connection, logged in. Each method raises MailServerRefused, MailServerUnavailable."""

    def __init__(self, client: Client, where: str) -> None:
        self._client, self._where, self._count = client, where, 0

    def mailboxes(self) -> list[Listed]:
        """Return the mailboxes that can be opened."""
        return list(listed(self._asked("the list of mailboxes", self._client.list, '""', "*")))

    def open(self, name: str, *, writes: bool, field: str = "mailbox") -> Mailbox:
        """Open a mailbox. Raises MailboxMissing, ParameterInvalid.

        Args:
            name: as people write it.
            writes: whether mails will be marked, moved or deleted; without it the server lets nothing change.
            field: the parameter that names it.
        """
        wire = _wire(name, field)
        try:
            kind, data = self._client.select(wire, readonly=not writes)
        except imaplib.IMAP4.readonly:
            raise MailServerRefused(
                f"{self._where} lets nobody change mails in {name!r}.", "Choose to do nothing with mails afterwards."
            ) from None
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._typed(error, f"the mailbox {name!r}") from None
        if kind != "OK":
            words = line_of(data)
            if passes(words):
                raise self._refusal(f"the mailbox {name!r}", words)
            raise _missing(self._where, name, words, field)
        self._count = int(data[0]) if data and data[0] and data[0].isdigit() else 0
        found = self._client.response("UIDVALIDITY")[1]
        validity = numbers(found or [])
        return Mailbox(validity[0] if validity else 0, self._count)

    def newest(self) -> int:
        """Return the highest UID that there is; 0 in an empty mailbox."""
        return max(self._uids("UID", "*"), default=0) if self._count else 0

    def search(self, *criteria: str) -> list[int]:
        """Return the UIDs of the mails that meet criteria (RFC 3501, section 6.4.4), in order."""
        found: set[int] = set()
        for start in range(1, self._count + 1, _SEARCHED):
            end = start + _SEARCHED - 1
            window = f"{start}:{end}" if end < self._count else f"{start}:*"
            found.update(self._uids(window, *criteria))
        return sorted(found)

    def heads(self, uids: Sequence[int]) -> list[Fetched]:
        """Return size, date, flags and header of mails, in order; those that are gone are left out."""
        asked = f"(UID RFC822.SIZE INTERNALDATE FLAGS BODY.PEEK[HEADER]<0.{_MOST_HEADER}>)"
        data = self._asked("the headers", self._client.uid, "FETCH", _set(uids), asked)
        return [one for one in fetched(data) if one.uid in uids]

    def download(self, uid: int, file: IO[bytes], most: int) -> int | None:
        """Write a mail to a file, piece by piece. Return how many bytes it has; None where it is gone.

        One that has more than `most` is not read to its end: the answer is more than `most` then.
        """
        offset = 0
        while offset <= most:
            asked = f"(UID BODY.PEEK[]<{offset}.{_PIECE}>)"
            data = self._asked("a mail", self._client.uid, "FETCH", str(uid), asked)
            piece = next((one.literal for one in fetched(data) if one.uid == uid), None)
            if piece is None:
                return None if offset == 0 else offset
            file.write(piece)
            offset += len(piece)
            if len(piece) != _PIECE:  # its end; or all of it, from a server that knows no parts
                break
        return offset

    def mark_read(self, uids: Sequence[int]) -> None:
        """Mark mails as read; those that are gone do not matter."""
        self._flag(uids, "\\Seen")

    def delete(self, uids: Sequence[int]) -> None:
        """Delete mails.

        A server without UIDPLUS can only delete all that is marked as deleted (RFC 3501, EXPUNGE): where somebody else
        has marked mails, ours stay marked, too.
        """
        self._flag(uids, "\\Deleted")
        if "UIDPLUS" in self._client.capabilities:
            for part in _parts(uids):
                self._asked("the deletion", self._client.uid, "EXPUNGE", _set(part))
        elif set(self.search("DELETED")) <= set(uids):
            self._asked("the deletion", self._client.expunge)

    def move(self, uids: Sequence[int], name: str) -> None:
        """Move mails to another mailbox. Raises MailboxMissing, ParameterInvalid."""
        wire = _wire(name, "folder")
        moves = "MOVE" in self._client.capabilities
        for part in _parts(uids):
            try:
                kind, data = self._client.uid("MOVE" if moves else "COPY", _set(part), wire)
            except (imaplib.IMAP4.error, OSError) as error:
                raise self._typed(error, f"moving mails to {name!r}") from None
            words = line_of(data)
            if kind != "OK" and (passes(words) or "[OVERQUOTA]" in words.upper()):
                raise self._refusal(f"moving mails to {name!r}", words)
            if kind != "OK":
                raise _missing(self._where, name, words, "folder")
        if not moves:
            self.delete(uids)

    def _flag(self, uids: Sequence[int], flag: str) -> None:
        for part in _parts(uids):
            self._asked("marking mails", self._client.uid, "STORE", _set(part), "+FLAGS.SILENT", f"({flag})")

    def _uids(self, *criteria: str) -> list[int]:
        return numbers(self._asked("the search", self._client.uid, "SEARCH", *criteria))

    def _asked(self, what: str, command: Callable[..., tuple[str, list[Any]]], *values: str) -> list[Any]:
        try:
            kind, data = command(*values)
        except (imaplib.IMAP4.error, OSError) as error:
            raise self._typed(error, what) from None
        if kind != "OK":
            raise self._refusal(what, line_of(data))
        return data

    def _refusal(self, what: str, words: str) -> NodeError:
        kind = MailServerUnavailable if passes(words) else MailServerRefused
        remedy = "It is tried again." if kind.retryable else "Read the server's words; change the trigger."
        return kind(f"{self._where} refused {what}: {words}", remedy, details={"answer": words})

    def _typed(self, error: Exception, what: str) -> NodeError:
        if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort):
            return self._refusal(what, line_of(error.args))
        return broken(self._where, error)


def _missing(where: str, name: str, words: str, field: str) -> NodeError:
    return MailboxMissing(
        f"{where} does not open the mailbox {name!r}: {words}",
        "Choose one from the list.",
        details={"field": f"params.{field}", "answer": words},
    )


def _wire(name: str, field: str) -> str:
    if not name.strip() or _CONTROL.search(name):
        raise ParameterInvalid(
            "A mailbox's name is empty, or holds a control character.",
            "Choose a mailbox from the list.",
            details={"field": f"params.{field}"},
        )
    return wire_name(name)


def _parts(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), _MOST_IN_SET):
        yield uids[start : start + _MOST_IN_SET]


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))
