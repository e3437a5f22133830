"""The operations on a mailbox."""

import re
from collections.abc import Sequence
from functools import partial
from typing import IO, Any, Final

from functions.nodes.messages.read_email.errors import (
    MailboxRenumbered,
    MailMissing,
    MailTooLarge,
    MailUnreadable,
)
from functions.nodes.messages.read_email.searching import found
from functions.nodes.messages.read_email.spec import Params
from stepweave.model.items import BinaryRef, Item, item
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.mailbox.items import Head, Reader, Reading
from stepweave.runtime.mailbox.server import Mailbox, MailServer

_HEADS: Final = 50
"""Mails whose headers are asked for at a time."""
_MOST_UIDS: Final = 5_000
_KEYWORD: Final = re.compile(r"[A-Za-z0-9!#$&'+,./:;=?@^_`|~-]{1,200}")
"""A flag that is none of the system's (RFC 3501, "flag-keyword")."""
_FLAGS: Final = {
    "read": ("\\Seen", True),
    "unread": ("\\Seen", False),
    "flagged": ("\\Flagged", True),
    "unflagged": ("\\Flagged", False),
    "answered": ("\\Answered", True),
}


class Desk:
    """One connection, and the mailbox that is open."""

    def __init__(self, server: MailServer, step: Step[Params]) -> None:
        self._server, self._step = server, step
        self._open: tuple[str, bool, Mailbox] | None = None

    def do(self, params: Params, index: int) -> list[Item]:
        """Return what an operation gives. Raises what `SPEC.errors` names."""
        if params.operation == "folders":
            return [item({"name": one.name, "purpose": one.purpose}) for one in self._server.mailboxes()]
        if params.operation == "search":
            box = self._opened(params, writes=False)
            return self._read(params, box, found(self._server, params), index)
        uids = uids_of(params.uids)
        box = self._opened(params, writes=params.operation in ("mark", "move", "delete"))
        if params.uid_validity is not None and box.validity and params.uid_validity != box.validity:
            raise MailboxRenumbered(
                f"The server has given the mails of {params.mailbox!r} other numbers (UIDVALIDITY {box.validity}, which"
                f" was {params.uid_validity}).",
                "Search for the mails again.",
                details={"uidValidity": box.validity},
            )
        self._check_there(params, uids)
        if params.operation == "get":
            return self._read(params, box, uids, index)
        return self._acted(params, uids)

    def _opened(self, params: Params, *, writes: bool) -> Mailbox:
        # Opened anew for each item: only so the server says how many mails there are now.
        same = self._open is not None and self._open[:2] == (params.mailbox, writes) and params.operation != "search"
        if self._open is None or not same:
            self._open = None
            self._open = (params.mailbox, writes, self._server.open(params.mailbox, writes=writes))
        return self._open[2]

    def _check_there(self, params: Params, uids: Sequence[int]) -> None:
        there = self._server.existing(uids)
        missing = [uid for uid in uids if uid not in there]
        if missing:
            self._open = None
            shown = ", ".join(map(str, missing[:10])) + (", …" if len(missing) > 10 else "")
            raise MailMissing(
                f"There is no mail {shown} in {params.mailbox!r}.",
                "It may have been moved or deleted: search for it again.",
                details={"uids": missing[:100]},
            )

    def _read(self, params: Params, box: Mailbox, uids: Sequence[int], index: int) -> list[Item]:
        made: list[Item] = []
        output = "simple" if params.output == "headers" else params.output
        reading = Reading(params.mailbox, output, params.max_mb)
        reader = Reader(self._server, reading, partial(_stored, self._step), f"{index}")
        for start in range(0, len(uids), _HEADS):
            part = uids[start : start + _HEADS]
            heads = {one.uid: Head(one) for one in self._server.heads(part)}
            labels = self._server.labels(part)
            for head in (heads[uid] for uid in part if uid in heads):  # one that is gone by now is left out
                json: dict[str, Any] = head.json(reading)
                binary: dict[str, BinaryRef] = {}
                if params.output != "headers":
                    read = reader.item(head)
                    if read is None:
                        continue
                    json, binary, _ = read
                if params.operation == "get":
                    _check_whole(json)
                json["uidValidity"] = box.validity
                if head.found.uid in labels:
                    json["labels"] = labels[head.found.uid]
                made.append({"json": json, "binary": binary} if binary else {"json": json})
        return made

    def _acted(self, params: Params, uids: Sequence[int]) -> list[Item]:
        server, told, new = self._server, dict[str, Any](), dict[int, int]()
        if params.operation == "mark":
            self._marked(params, uids)
            told = {"marked": params.mark_as}
        elif params.operation == "copy":
            new, told = server.copy(uids, params.folder), {"copiedTo": params.folder}
        elif params.operation == "move":
            new, told = server.move(uids, params.folder), {"movedTo": params.folder}
        elif params.delete == "trash":
            trash = server.trash()
            if trash == params.mailbox:
                words = "The mail is in the trash already."
                raise ParameterInvalid(words, "Delete it for good.", details={"field": "params.delete"})
            new, told = server.move(uids, trash), {"movedTo": trash}
        else:
            server.delete(uids)
            told = {"deleted": True}
        return [
            item({"uid": uid, "mailbox": params.mailbox, **told} | ({"newUid": new[uid]} if uid in new else {}))
            for uid in uids
        ]

    def _marked(self, params: Params, uids: Sequence[int]) -> None:
        if params.mark_as in _FLAGS:
            flag, on = _FLAGS[params.mark_as]
            self._server.flag(uids, flag, on=on)
            return
        on, label = not params.mark_as.startswith("un"), params.label.strip()
        if params.mark_as.endswith("label"):
            self._server.label(uids, label, on=on)
            return
        if not _KEYWORD.fullmatch(label):
            raise ParameterInvalid(
                f"“{label[:80]}” cannot be a keyword.",
                "Write letters and digits without spaces: Processed, or $Forwarded.",
                details={"field": "params.label"},
            )
        self._server.flag(uids, label, on=on)


def uids_of(value: Any) -> list[int]:
    """Return the numbers of mails that a field names, each once. Raises ParameterInvalid."""
    parts = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else [value]
    made: dict[int, None] = {}
    for part in parts:
        text = part.strip() if isinstance(part, str) else part
        number = int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,10}", text) else text
        if isinstance(number, float) and number.is_integer():
            number = int(number)
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**32:
            raise ParameterInvalid(
                f"“{str(part)[:80]}” is no UID.",
                "Give the number that New email or a search has as uid.",
                details={"field": "params.uids"},
            )
        made[number] = None
    if len(made) > _MOST_UIDS:
        words = f"{len(made)} mails are too many; {_MOST_UIDS} are done at a time."
        raise ParameterInvalid(words, "Take fewer at a time.", details={"field": "params.uids"})
    return list(made)


def _stored(step: Step[Params], key: str, file: IO[bytes], **of: Any) -> BinaryRef:
    return step.store_file(file, **of)


def _check_whole(json: dict[str, Any]) -> None:
    """Raise what keeps a mail from being read; a search tells it in the item."""
    error = json.get("error")
    if error:
        kind = MailTooLarge if error["type"] == "MailTooLarge" else MailUnreadable
        remedy = "Take the largest mail higher, or only its headers." if kind is MailTooLarge else "Take it as a file."
        raise kind(error["message"], remedy, details={"uid": json["uid"], "size": json["size"]})
