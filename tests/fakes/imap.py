"""A small IMAP server on loopback (RFC 3501, UIDPLUS, MOVE, STARTTLS), as well or as badly behaved as a test wants."""

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

USER, PASSWORD = "ada@example.com", 'se"cr\\et'
CAPABILITIES = ("IMAP4rev1", "UIDPLUS", "MOVE")
BEGUN = datetime(2026, 11, 29, 9, tzinfo=UTC)
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\([^)]*\)|(?:[^\s\[(]|\[[^\]]*\]|\([^)]*\))+)')


@dataclass
class Mail:
    """A mail as it lies in a mailbox."""

    uid: int
    content: bytes
    received: datetime
    flags: set[str] = field(default_factory=set)
    size: int | None = None
    """What the server says of its size; None for the truth."""


@dataclass
class Box:
    """A mailbox. Its name is as it goes over the wire."""

    mails: list[Mail] = field(default_factory=list)
    validity: int = 1
    next: int = 1
    attributes: str = "\\HasNoChildren"


@dataclass
class Imap:
    """The server: its mailboxes, what it can do, and what was said.

    `answers` are by command (`"LOGIN"`, `"UID MOVE"`): a line in the place of what it would say (`NO [ALERT] ...`), or
    a function that is given the session and the tag.
    """

    port: int = 0
    boxes: dict[str, Box] = field(default_factory=lambda: {"INBOX": Box()})
    capabilities: Sequence[str] = CAPABILITIES
    greeting: bytes = b"* OK ready\r\n"
    answers: dict[str, "str | Callable[[Session, bytes], None]"] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    """Access tokens that it takes (XOAUTH2, OAUTHBEARER)."""
    bearers: list[tuple[str, str]] = field(default_factory=list)
    """User and token of each such log-in."""
    token_refusal: str = '{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}'
    literals: bool = False
    """Names in LIST are literals."""
    knows_parts: bool = True
    context: ssl.SSLContext | None = None
    tls: bool = False
    _open: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def inbox(self) -> Box:
        return self.boxes["INBOX"]

    def comes(self, content: bytes | str, box: str = "INBOX", *flags: str, at: datetime | None = None) -> Mail:
        """Put a mail into a mailbox; each comes a minute after the one before unless it says when."""
        into = self.boxes[box]
        raw = content.encode() if isinstance(content, str) else content
        whole = re.sub(rb"\r?\n", b"\r\n", raw)
        mail = Mail(into.next, whole, at or BEGUN + timedelta(minutes=into.next), set(flags))
        into.mails.append(mail)
        into.next += 1
        return mail

    def renumbers(self, box: str = "INBOX") -> None:
        """Give all mails other numbers, as a mailbox has that was restored."""
        it = self.boxes[box]
        it.validity += 1
        for number, mail in enumerate(it.mails, 1):
            mail.uid = number
        it.next = len(it.mails) + 1

    def counts(self, change: int) -> None:
        """Count a connection that begins (1) or ends (-1)."""
        with self._changed:
            self._open += change
            self._changed.notify_all()

    def is_left(self) -> bool:
        """Wait until no connection is open; False when one still is after half a minute."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open == 0, 30)

    def commands(self) -> list[str]:
        """Return the names of the commands that were given."""
        return [re.sub(r"^(UID \w+|\w+).*", r"\1", line, flags=re.DOTALL) for line in self.said]


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def setup(self) -> None:
        self.imap: Imap = self.server.imap  # type: ignore[attr-defined]
        self.box: Box | None = None
        self.is_writable = False
        if self.imap.tls and self.imap.context is not None:
            self.request = self.imap.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.request.close()  # with TLS another socket than the one that the server knows

    def handle(self) -> None:
        self.imap.counts(1)
        try:
            self.send(self.imap.greeting)
            while line := self.rfile.readline():
                if not self._served(line):
                    break
        except (OSError, ValueError):
            return
        finally:
            self.imap.counts(-1)

    def send(self, *lines: bytes) -> None:
        """Send lines as they are."""
        for line in lines:
            self.wfile.write(line)

    def hang(self) -> None:
        """Say nothing until the client goes."""
        while self.rfile.read(1):
            pass

    def _served(self, line: bytes) -> bool:
        tag, _, rest = line.strip().partition(b" ")
        while found := re.search(rb"\{(\d+)\}$", rest):
            self.send(b"+ go on\r\n")
            literal = self.rfile.read(int(found[1]))
            escaped = literal.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            rest = rest[: found.start()] + b'"' + escaped + b'"' + self.rfile.readline().rstrip(b"\r\n")
        words = [self._word(one) for one in _TOKEN.finditer(rest)]
        name = words[0].upper()
        name, words = (f"UID {words[1].upper()}", words[2:]) if name == "UID" else (name, words[1:])
        self.imap.said.append(f"{name} {' '.join(words)}".strip())
        scripted = self.imap.answers.get(name)
        if callable(scripted):
            scripted(self, tag)
            return not self.wfile.closed
        if scripted:
            self.send(tag + b" " + scripted.encode() + b"\r\n")
            return True
        done = getattr(self, "_" + name.lower().replace(" ", "_"))(*words)
        if name == "STARTTLS":
            self.send(tag + b" OK begin\r\n")
            assert self.imap.context is not None
            self.request = self.connection = self.imap.context.wrap_socket(self.request, server_side=True)
            stream: Any = self.connection
            self.rfile, self.wfile = stream.makefile("rb"), stream.makefile("wb", 0)
            return True
        self.send(tag + b" " + (done or b"OK done") + b"\r\n")
        return name != "LOGOUT"

    @staticmethod
    def _word(found: re.Match[bytes]) -> str:
        if found[2] is not None:
            return found[2].decode()
        return re.sub(r"\\(.)", r"\1", found[1].decode())

    def _capability(self) -> None:
        self.send(f"* CAPABILITY {' '.join(self.imap.capabilities)}\r\n".encode())

    def _starttls(self) -> None: ...

    def _noop(self) -> None: ...

    def _id(self, *_: str) -> None:
        self.send(b"* ID NIL\r\n")

    def _logout(self) -> None:
        self.send(b"* BYE bye\r\n")

    def _login(self, user: str, password: str) -> bytes | None:
        return None if (user, password) == (USER, PASSWORD) else b"NO [AUTHENTICATIONFAILED] wrong"

    def _authenticate(self, mechanism: str) -> bytes | None:
        self.send(b"+ \r\n")
        given = base64.b64decode(self.rfile.readline()).decode()
        if mechanism == "PLAIN":
            return self._login(*given.split("\0")[1:])
        fields = given.rstrip("\x01").split("\x01")
        user = fields[0].removeprefix("user=") if mechanism == "XOAUTH2" else fields[0].split(",")[1].removeprefix("a=")
        token = next(one for one in fields if one.startswith("auth=")).removeprefix("auth=Bearer ")
        self.imap.bearers.append((user.replace("=2C", ",").replace("=3D", "="), token))
        if token in self.imap.tokens:
            return None
        self.send(b"+ " + base64.b64encode(self.imap.token_refusal.encode()) + b"\r\n")
        said = base64.b64decode(self.rfile.readline())
        assert said == (b"" if mechanism == "XOAUTH2" else b"\x01")
        return b"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"

    def _list(self, *_: str) -> None:
        for name, box in self.imap.boxes.items():
            self.send(f'* LIST ({box.attributes}) "/" '.encode())
            raw = name.encode()
            self.send(b"{%d}\r\n%b\r\n" % (len(raw), raw) if self.imap.literals else b'"%b"\r\n' % raw)

    def _select(self, name: str, writable: bool = True) -> bytes | None:
        self.box = self.imap.boxes.get("INBOX" if name.upper() == "INBOX" else name)
        if self.box is None:
            return b"NO [NONEXISTENT] no such mailbox"
        self.is_writable = writable
        self.send(b"* FLAGS (\\Seen \\Deleted)\r\n* %d EXISTS\r\n* 0 RECENT\r\n" % len(self.box.mails))
        if self.box.validity:
            self.send(b"* OK [UIDVALIDITY %d] UIDs\r\n* OK [UIDNEXT %d] next\r\n" % (self.box.validity, self.box.next))
        return b"OK [READ-WRITE] opened" if writable else b"OK [READ-ONLY] opened"

    def _examine(self, name: str) -> bytes | None:
        return self._select(name, False)

    def _expunge(self) -> None:
        assert self.is_writable
        self._gone({mail.uid for mail in self._mails() if "\\Deleted" in mail.flags})

    def _uid_expunge(self, which: str) -> None:
        assert self.is_writable
        chosen = self._chosen(which)
        self._gone({mail.uid for mail in chosen if "\\Deleted" in mail.flags})

    def _uid_store(self, which: str, how: str, flags: str) -> None:
        assert self.is_writable
        assert how == "+FLAGS.SILENT"
        for mail in self._chosen(which):
            mail.flags.add(flags.strip("()"))

    def _uid_move(self, which: str, name: str) -> bytes | None:
        refused = self._uid_copy(which, name)
        if refused is None:
            self._gone({mail.uid for mail in self._chosen(which)})
        return refused

    def _uid_copy(self, which: str, name: str) -> bytes | None:
        if name not in self.imap.boxes:
            return b"NO [TRYCREATE] no such mailbox"
        for mail in self._chosen(which):
            self.imap.comes(mail.content, name, *mail.flags, at=mail.received)
        return None

    def _uid_search(self, *criteria: str) -> None:
        found, words = self._mails(), list(criteria)
        while words:
            word = words.pop(0).upper()
            if word == "UID":
                chosen = self._chosen(words.pop(0))
                found = [mail for mail in found if mail in chosen]
            elif word == "UNSEEN":
                found = [mail for mail in found if "\\Seen" not in mail.flags]
            elif word == "DELETED":
                found = [mail for mail in found if "\\Deleted" in mail.flags]
            elif word == "SINCE":
                day = datetime.strptime(words.pop(0), "%d-%b-%Y").replace(tzinfo=UTC)
                found = [mail for mail in found if mail.received >= day]
            elif word != "ALL":
                start, _, end = word.partition(":")
                found = found[int(start) - 1 : None if end == "*" else int(end)]
        self.send(b"* SEARCH" + b"".join(b" %d" % mail.uid for mail in found) + b"\r\n")

    def _uid_fetch(self, which: str, items: str) -> None:
        for mail in self._chosen(which):
            number = self._mails().index(mail) + 1
            moment = mail.received.strftime("%d-%b-%Y %H:%M:%S +0000")
            head, _, _ = mail.content.partition(b"\r\n\r\n")
            content = head + b"\r\n\r\n" if "BODY.PEEK[HEADER]" in items else mail.content
            part = re.search(r"<(\d+)\.(\d+)>", items)
            name = b"BODY[HEADER]" if "HEADER" in items else b"BODY[]"
            if part and self.imap.knows_parts:
                content = content[int(part[1]) : int(part[1]) + int(part[2])]
                name += f"<{part[1]}>".encode()
            size = len(mail.content) if mail.size is None else mail.size
            told = f'RFC822.SIZE {size} INTERNALDATE "{moment}" FLAGS ({" ".join(sorted(mail.flags))}) '
            self.send(b"* %d FETCH (" % number, told.encode() if "HEADER" in items else b"")
            # The UID behind the literal, where the standard has it as well as before.
            self.send(name + b" {%d}\r\n" % len(content) + content, b" UID %d)\r\n" % mail.uid)

    def _mails(self) -> list[Mail]:
        assert self.box is not None
        return self.box.mails

    def _chosen(self, which: str) -> list[Mail]:
        mails, chosen = self._mails(), set[int]()
        most = max((mail.uid for mail in mails), default=0)
        for part in which.split(","):
            start, _, end = part.partition(":")
            low, high = (most if one == "*" else int(one) for one in (start, end or start))
            chosen.update(mail.uid for mail in mails if min(low, high) <= mail.uid <= max(low, high))
        return [mail for mail in mails if mail.uid in chosen]

    def _gone(self, uids: set[int]) -> None:
        for mail in [mail for mail in self._mails() if mail.uid in uids]:
            self.send(b"* %d EXPUNGE\r\n" % (self._mails().index(mail) + 1))
            self._mails().remove(mail)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that break: tests break them."""


@contextmanager
def imap_server() -> Iterator[Imap]:
    """Serve on a free port until the block ends."""
    imap = Imap()
    with _Server(("127.0.0.1", 0), Session) as server:
        server.imap = imap  # type: ignore[attr-defined]
        imap.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield imap
        server.shutdown()
        thread.join()
