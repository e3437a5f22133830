"""A mail server: logged in, asked, and its refusals turned into typed errors."""

import imaplib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.mailbox.answers import Fetched, Listed, copied, fetched, labelled, listed, numbers
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

    @property
    def is_gmail(self) -> bool:
        """Whether it has labels and searches as Gmail does."""
        return "X-GM-EXT-1" in self._client.capabilities

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
        for window in self._windows():
            found.update(self._uids(window, *criteria))
        return sorted(found)

    def _windows(self) -> Iterator[str]:
        for start in range(1, self._count + 1, _SEARCHED):
            end = start + _SEARCHED - 1
            yield f"{start}:{end}" if end < self._count else f"{start}:*"

    def search_for(self, name: str, text: str) -> list[int]:
        """Return the UIDs of the mails in which a text is, whatever its script, where a criterion looks (`SUBJECT`)."""
        if text.isascii():
            return self.search(name, quoted(text))
        found: set[int] = set()
        for window in self._windows():
            # What is beyond ASCII goes as a literal, of which imaplib sends one, behind everything else.
            self._client.literal = text.encode()  # type: ignore[assignment]  # typeshed says str
            found.update(self._uids("CHARSET", "UTF-8", window, name))
        return sorted(found)

    def labels(self, uids: Sequence[int]) -> dict[int, list[str]]:
        """Return the labels of mails at Gmail; nothing elsewhere."""
        if not self.is_gmail or not uids:
            return {}
        data = self._asked("the labels", self._client.uid, "FETCH", _set(uids), "(UID X-GM-LABELS)")
        return labelled(data)

    def trash(self) -> str:
        """Return the folder that deleted mails go to. Raises MailboxMissing where the server names none."""
        data = self._asked("the list of mailboxes", self._client.list, '""', "*")
        found = next((one.name for one in listed(data) if "\\trash" in one.flags), "")
        if not found:
            raise MailboxMissing(
                f"{self._where} does not say which folder is the trash.",
                "Delete the mail for good, or move it to a folder that you name.",
                details={"field": "params.delete"},
            )
        return found

    def existing(self, uids: Sequence[int]) -> set[int]:
        """Return those of some UIDs that mails have."""
        return {uid for part in _parts(uids) for uid in self._uids("UID", _set(part))} & set(uids)

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
        self.flag(uids, "\\Seen", on=True)

    def flag(self, uids: Sequence[int], flag: str, *, on: bool) -> None:
        """Set a flag of mails, or take it away; those that are gone do not matter."""
        for part in _parts(uids):
            kind = f"{'+' if on else '-'}FLAGS.SILENT"
            self._asked("marking mails", self._client.uid, "STORE", _set(part), kind, f"({flag})")

    def label(self, uids: Sequence[int], label: str, *, on: bool) -> None:
        """Put a label on mails at Gmail, or take it off. Raises MailServerRefused elsewhere."""
        if not self.is_gmail:
            words = f"{self._where} has no labels: they are Gmail's."
            raise MailServerRefused(words, "Move or copy the mail to a folder instead.")
        for part in _parts(uids):
            kind = f"{'+' if on else '-'}X-GM-LABELS.SILENT"
            self._asked("marking mails", self._client.uid, "STORE", _set(part), kind, f"({_wire(label, 'label')})")

    def delete(self, uids: Sequence[int]) -> None:
        """Delete mails.

        A server without UIDPLUS can only delete all that is marked as deleted (RFC 3501, EXPUNGE): where somebody else
        has marked mails, ours stay marked, too.
        """
        self.flag(uids, "\\Deleted", on=True)
        if "UIDPLUS" in self._client.capabilities:
            for part in _parts(uids):
                self._asked("the deletion", self._client.uid, "EXPUNGE", _set(part))
        elif set(self.search("DELETED")) <= set(uids):
            self._asked("the deletion", self._client.expunge)

    def move(self, uids: Sequence[int], name: str) -> dict[int, int]:
        """Move mails to another mailbox. Returns and raises as `copy`."""
        moves = "MOVE" in self._client.capabilities
        made = self._transfer("MOVE" if moves else "COPY", uids, name)
        if not moves:
            self.delete(uids)
        return made

    def copy(self, uids: Sequence[int], name: str) -> dict[int, int]:
        """Copy mails to another mailbox, and return what their numbers are there, where the server tells (UIDPLUS).

        Raises:
            MailboxMissing, ParameterInvalid: there is no such mailbox.
        """
        return self._transfer("COPY", uids, name)

    def _transfer(self, command: str, uids: Sequence[int], name: str) -> dict[int, int]:
        wire, what = _wire(name, "folder"), f"{'moving' if command == 'MOVE' else 'copying'} mails to {name!r}"
        made: dict[int, int] = {}
        for part in _parts(uids):
            try:
                kind, data = self._client.uid(command, _set(part), wire)
            except (imaplib.IMAP4.error, OSError) as error:
                raise self._typed(error, what) from None
            words = line_of(data)
            if kind != "OK" and (passes(words) or "[OVERQUOTA]" in words.upper()):
                raise self._refusal(what, words)
            if kind != "OK":
                raise _missing(self._where, name, words, "folder")
            told = self._client.response("COPYUID")[1] or []
            made |= copied(f"{words} [COPYUID {line_of(told)}]")
        return made

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
        remedy = "It is tried again." if kind.retryable else "Read the server's words; change what the node asks for."
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


def quoted(text: str) -> str:
    """Return a text as a quoted string for a command (RFC 3501, section 4.3)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _parts(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), _MOST_IN_SET):
        yield uids[start : start + _MOST_IN_SET]


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))
