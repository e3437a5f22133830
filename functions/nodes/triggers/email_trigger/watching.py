"""Looks through a mailbox from where the last poll stood."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from functions.nodes.triggers.email_trigger.cursor import Cursor
from functions.nodes.triggers.email_trigger.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.mailbox.items import Head, Reader, Reading, weight
from stepweave.runtime.mailbox.server import Mailbox, MailServer
from stepweave.runtime.polling import Poll, watched_of

_HEADS: Final = 50
"""Mails whose headers are asked for at a time."""
_REMEMBERED: Final = 200
"""Mails that were there at first, and are remembered by more than their numbers."""
_LOOKED_AT: Final = 500
"""The newest mails, in which somebody who tries the trigger out sees some."""
_SECONDS: Final = 25.0
"""After which no other mail is begun: what is left comes with the next poll."""
_MOST_BYTES: Final = 2_500_000
"""Of an answer's items, of which 4 MB may be sent."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Watch:
    """One poll of one mailbox."""

    def __init__(self, server: MailServer, params: Params, asked: Asked) -> None:
        self._server, self._params, self._asked = server, params, asked
        self._watched = watched_of(params.credential, params.mailbox)
        self._ends = time.monotonic() + min(_SECONDS, asked.remaining() / 2)

    def poll(self, given: Poll) -> dict[str, Any]:
        """Return the answer to the platform (contracts.md, "Triggers that poll")."""
        criteria = self._criteria()
        known = given.known(self._watched)
        cursor = Cursor.of(known) if known is not None else None
        acts = cursor is not None and bool(cursor.to_do) and self._params.afterwards != "nothing"
        if self._params.afterwards == "move" and self._params.folder.strip() == self._params.mailbox.strip():
            raise ParameterInvalid(
                "The folder is the mailbox that is watched.", "Choose another.", details={"field": "params.folder"}
            )
        if given.first and self._params.afterwards == "move":
            self._server.open(self._params.folder, writes=False, field="folder")  # publishing says that it is missing
        box = self._server.open(self._params.mailbox, writes=acts)
        if given.is_sample:
            return self._sample(criteria, given.limit, box)
        if cursor is None:
            return _answer(self._begun(box))
        if box.validity != cursor.validity:
            cursor = cursor.numbered_anew(box.validity, self._server.newest())
        if given.first:
            return _answer(cursor)
        failure: NodeError | None = None
        if acts and cursor.to_do:
            cursor, failure = self._done(cursor)
        return self._new(cursor, criteria, given.limit, box, failure)

    def _begun(self, box: Mailbox) -> Cursor:
        """Return where a mailbox is read from that was never read before."""
        cursor = Cursor(self._watched, box.validity)
        if self._params.start_with == "all":
            return cursor
        newest = self._server.newest()
        last = self._server.search("UID", f"{max(1, newest - _REMEMBERED)}:{newest}")[-_REMEMBERED:] if newest else []
        return cursor.behind(list(self._heads(last)), newest)

    def _done(self, cursor: Cursor) -> tuple[Cursor, NodeError | None]:
        """Do with the mails that have started the workflow what is to be done; what fails is tried again."""
        uids = cursor.to_do
        try:
            if self._params.afterwards == "read":
                self._server.mark_read(uids)
            elif self._params.afterwards == "delete":
                self._server.delete(uids)
            else:
                self._server.move(uids, self._params.folder)
        except NodeError as error:
            return cursor, error
        return Cursor.of({**cursor.to_json(), "toDo": []}), None

    def _new(
        self, cursor: Cursor, criteria: Sequence[str], limit: int, box: Mailbox, failure: NodeError | None
    ) -> dict[str, Any]:
        newest = self._server.newest()  # before the search: what comes between is the next poll's
        found = self._server.search("UID", f"{cursor.last + 1}:*", *criteria) if newest > cursor.last else []
        uids = [uid for uid in found if cursor.last < uid <= newest]
        reader = self._reader(box)
        items: list[dict[str, Any]] = []
        files: list[dict[str, Any]] = []
        whole: list[int] = []
        passed: list[Head] = []
        last, size, is_all = cursor.last, 0, True
        for head in self._heads(uids):
            if time.monotonic() > self._ends and passed:
                is_all = False
                break
            if head.meets(self._params.sender, self._params.subject) and not cursor.was_there(head):
                if len(items) == limit:
                    is_all = False
                    break
                read = reader.item(head)
                if read is not None:
                    json, binary, is_whole = read
                    size += weight(json)
                    if size > _MOST_BYTES and items:
                        is_all = False
                        break
                    items.append(json)
                    files.append(binary)
                    whole += [head.found.uid] if is_whole else []
            passed.append(head)
            last = head.found.uid
        if failure is not None and not items:
            raise failure
        to_do = whole if self._params.afterwards != "nothing" else []
        moved = cursor.behind(passed, newest if is_all else last, to_do)
        return _answer(moved, items, files, more=not is_all or bool(to_do))

    def _sample(self, criteria: Sequence[str], limit: int, box: Mailbox) -> dict[str, Any]:
        reader, found = self._reader(box), list[tuple[dict[str, Any], dict[str, Any]]]()
        newest = self._server.search(*(criteria or ("ALL",)))[-_LOOKED_AT:] if box.count else []
        for start in range(len(newest), 0, -_HEADS):
            for head in reversed(list(self._heads(newest[max(0, start - _HEADS) : start]))):
                if len(found) == limit or (time.monotonic() > self._ends and found):
                    break
                read = reader.item(head) if head.meets(self._params.sender, self._params.subject) else None
                if read is not None:
                    found.append(read[:2])
        ordered = found[::-1]
        return _answer(Cursor(self._watched, box.validity), [one for one, _ in ordered], [two for _, two in ordered])

    def _heads(self, uids: Sequence[int]) -> Iterator[Head]:
        for start in range(0, len(uids), _HEADS):
            for one in self._server.heads(uids[start : start + _HEADS]):
                yield Head(one)

    def _reader(self, box: Mailbox) -> Reader:
        asked = self._asked
        place = uuid5(NAMESPACE_OID, f"{asked.workflow_id} {asked.node['id']} {self._watched} {box.validity}")
        reading = Reading(self._params.mailbox, self._params.output, self._params.max_mb)
        return Reader(self._server, reading, asked.store_file, f"{place}/{asked.node['id'] or 'mail'}")

    def _criteria(self) -> list[str]:
        """Return what the server is asked to look for: what it knows better than we do."""
        found = ["UNSEEN"] if self._params.which == "unread" else []
        if self._params.since.strip():
            try:
                day = date.fromisoformat(self._params.since.strip())
            except ValueError:
                raise ParameterInvalid(
                    f"“{self._params.since[:40]}” is no day.",
                    "Write a day as 2026-11-29.",
                    details={"field": "params.since"},
                ) from None
            found += ["SINCE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year:04d}"]
        return found


def _answer(
    cursor: Cursor,
    items: Sequence[dict[str, Any]] = (),
    files: Sequence[dict[str, Any]] = (),
    *,
    more: bool = False,
) -> dict[str, Any]:
    answer: dict[str, Any] = {"items": list(items), "cursor": cursor.to_json(), "more": more}
    return {**answer, "files": list(files)} if any(files) else answer
