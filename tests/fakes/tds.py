"""A server that speaks SQL Server's protocol (MS-TDS 7.4): log-ins, calls of sp_executesql, batches, rows, errors, TLS.

It has no SQL: a test gives it a function that answers statements. No server that has both is to be had on this machine
(SQL Server itself is for x86 images of its own, Babelfish is not in Debian).
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

_BATCH, _RPC, _REPLY, _ATTENTION, _LOGIN, _PRELOGIN = 1, 3, 4, 6, 16, 18
_COLLATION: Final = bytes.fromhex("0904d00034")
_MORE, _ERROR, _COUNT, _ATTENDED = 1, 2, 16, 32


@dataclass(frozen=True)
class Refusal(Exception):
    """An error of the server."""

    number: int
    words: str
    severity: int = 16


@dataclass(frozen=True)
class Rows:
    """A result: columns with their types, and rows. Types: int, bigint, bit, float, real, decimal, nvarchar, ..."""

    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]] = ()


Told = list[Rows | int | Refusal]
"""What a statement answers: results, counts of changed rows, an error."""


@dataclass
class Call:
    """A statement that came: its text, how its values are declared, and the values."""

    text: str
    declared: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class TdsServer:
    """A server.

    Attributes:
        answer: gives what a statement answers; a list, or Refusal raised; None closes the connection.
        calls: what came.
        certificates: the folder with key.pem and cert.pem; None for no TLS.
        route: another server that clients are sent to.
    """

    answer: Callable[[Call], Told | None]
    certificates: Path | None = None
    user: str = "sa"
    password: str = "S3cret'ü"
    route: tuple[str, int] | None = None
    calls: list[Call] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def serving(self) -> Iterator["TdsServer"]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
            thread.start()
            yield self
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                threading.Thread(target=_Client(self, plain).serve, daemon=True).start()


class _Client:
    def __init__(self, server: TdsServer, plain: socket.socket) -> None:
        self._server, self._plain = server, plain
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()

    def serve(self) -> None:
        with self._plain, suppress(OSError, ssl.SSLError, EOFError):
            kind, data = self._packet()
            assert kind == _PRELOGIN
            wants = data[_option(data, 1)] if _option(data, 1) else 2
            on = self._server.certificates is not None
            if (wants == 2 and on) or (wants != 2 and not on):
                self._send(_REPLY, _prelogin(3 if on else 2))
                return
            self._send(_REPLY, _prelogin(1 if on else 2))
            if self._server.certificates is not None:
                self._handshake(self._server.certificates)
            kind, data = self._packet()
            assert kind == _LOGIN
            if not self._logged_in(data):
                return
            while True:
                kind, data = self._packet()
                if kind == _ATTENTION:
                    self._send(_REPLY, _done(0xFD, _ATTENDED, 0))
                    continue
                call = _rpc(data) if kind == _RPC else Call(_after_headers(data).decode("utf-16-le"))
                self._server.calls.append(call)
                told = self._told(call)
                if told is None:
                    return
                self._send(_REPLY, _reply(told, 0xFE if kind == _RPC else 0xFD))

    def _told(self, call: Call) -> Told | None:
        if not call.declared and call.text.split(" ")[0] in ("BEGIN", "COMMIT", "SAVE", "ROLLBACK", "IF"):
            return [0]
        try:
            return self._server.answer(call)
        except Refusal as refusal:
            return [refusal]

    def _logged_in(self, data: bytes) -> bool:
        def text(place: int) -> bytes:
            offset, length = struct.unpack_from("<HH", data, place)
            return data[offset : offset + 2 * length]

        password = bytes(((byte ^ 0xA5) << 4 | (byte ^ 0xA5) >> 4) & 0xFF for byte in text(44)).decode("utf-16-le")
        user = text(40).decode("utf-16-le")
        if (user, password) != (self._server.user, self._server.password):
            self._send(_REPLY, _error(Refusal(18456, f"Login failed for user '{user}'.", 14)) + _done(0xFD, _ERROR, 0))
            return False
        name = "Fake SQL Server".encode("utf-16-le")
        ack = b"\x01\x74\x00\x00\x04" + bytes([len(name) // 2]) + name + b"\x10\x00\x00\x00"
        reply = b"\xad" + struct.pack("<H", len(ack)) + ack
        if self._server.route is not None:
            host, port = self._server.route
            there = b"\x00" + struct.pack("<HH", port, len(host)) + host.encode("utf-16-le")
            change = b"\x14" + struct.pack("<H", len(there)) + there + b"\x00\x00"
            reply += b"\xe3" + struct.pack("<H", len(change)) + change
        self._send(_REPLY, reply + _done(0xFD, 0, 0))
        return True

    def _handshake(self, folder: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        tls = context.wrap_bio(self._in, self._out, server_side=True)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if self._out.pending:
                    self._send(_PRELOGIN, self._out.read())
                self._in.write(self._packet()[1])
        if self._out.pending:
            self._send(_PRELOGIN, self._out.read())
        self._tls = tls

    def _packet(self) -> tuple[int, bytes]:
        data = b""
        while True:
            head = self._read(8)
            kind, status, length = struct.unpack_from(">BBH", head)
            data += self._read(length - 8)
            if status & 1:
                return kind, data

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            if self._tls is None:
                part = self._plain.recv(count - len(data))
            else:
                try:
                    part = self._tls.read(count - len(data))
                except ssl.SSLWantReadError:
                    came = self._plain.recv(65536)
                    if not came:
                        raise EOFError from None
                    self._in.write(came)
                    continue
            if not part:
                raise EOFError
            data += part
        return data

    def _send(self, kind: int, data: bytes) -> None:
        parts = [data[place : place + 4000] for place in range(0, len(data), 4000)] or [b""]
        for number, part in enumerate(parts, 1):
            packet = struct.pack(">BBHHBB", kind, number == len(parts), len(part) + 8, 0, number % 256, 0) + part
            if self._tls is not None:
                self._tls.write(packet)
                packet = self._out.read()
            self._plain.sendall(packet)


def _option(data: bytes, wanted: int) -> int:
    place = 0
    while data[place] != 0xFF:
        kind, offset, _ = struct.unpack_from(">BHH", data, place)
        if kind == wanted:
            return int(offset)
        place += 5
    return 0


def _prelogin(encryption: int) -> bytes:
    return struct.pack(">BHHBHHB", 0, 11, 6, 1, 17, 1, 0xFF) + b"\x10\x00\x00\x00\x00\x00" + bytes([encryption])


def _after_headers(data: bytes) -> bytes:
    return data[struct.unpack_from("<I", data)[0] :]


def _rpc(data: bytes) -> Call:
    """Read a call of sp_executesql, procedure 10."""
    data = _after_headers(data)
    assert struct.unpack_from("<hhH", data) == (-1, 10, 0)
    place, found = 6, []
    while place < len(data):
        length = data[place]
        name = data[place + 1 : place + 1 + 2 * length].decode("utf-16-le")
        value, place = _value(data, place + 2 + 2 * length)
        found.append((name, value))
    text, *more = found
    return Call(text[1], more[0][1] if more else "", dict(more[1:]))


def _value(data: bytes, place: int) -> tuple[Any, int]:
    kind = data[place]
    if kind in (0xE7, 0xA5):  # nvarchar, varbinary; of any length
        place += 8 if kind == 0xE7 else 3
        (total,) = struct.unpack_from("<q", data, place)
        place += 8
        if total == -1:
            return None, place
        content = b""
        while length := struct.unpack_from("<I", data, place)[0]:
            content += data[place + 4 : place + 4 + length]
            place += 4 + length
        return content.decode("utf-16-le") if kind == 0xE7 else content, place + 4
    size = data[place + 2]
    part = data[place + 3 : place + 3 + size]
    end = place + 3 + size
    if not size:
        return None, end
    if kind == 0x68:
        return bool(part[0]), end
    return struct.unpack("<d", part)[0] if kind == 0x6D else int.from_bytes(part, "little", signed=True), end


def _reply(told: Told, last: int) -> bytes:
    reply, failed = b"", False
    inner = 0xFF if last == 0xFE else 0xFD  # DONEINPROC within a call
    for number, one in enumerate(told, 1):
        more = _MORE if last == 0xFE or number < len(told) else 0
        match one:
            case Rows():
                reply += _metadata(one) + b"".join(_row(one, row) for row in one.rows)
                reply += _done(inner, more | _COUNT, len(one.rows))
            case int():
                reply += _done(inner, more | _COUNT, one)
            case _:
                failed = True
                reply += _error(one) + (_done(inner, more | _ERROR, 0))
    if last == 0xFE:
        reply += b"\x79\x00\x00\x00\x00" + _done(0xFE, _ERROR if failed else 0, 0)
    return reply


def _done(token: int, status: int, count: int) -> bytes:
    return struct.pack("<BHHQ", token, status, 0, count)


def _error(refusal: Refusal) -> bytes:
    words = refusal.words.encode("utf-16-le")
    body = (
        struct.pack("<iBBH", refusal.number, 1, refusal.severity, len(words) // 2) + words + b"\x00\x00\x01\x00\x00\x00"
    )
    return b"\xaa" + struct.pack("<H", len(body)) + body


_TYPES: Final[dict[str, tuple[bytes, Callable[[Any], bytes]]]] = {
    "int": (b"\x26\x04", lambda value: struct.pack("<Bi", 4, value)),
    "bigint": (b"\x26\x08", lambda value: struct.pack("<Bq", 8, value)),
    "bit": (b"\x68\x01", lambda value: struct.pack("<BB", 1, value)),
    "float": (b"\x6d\x08", lambda value: struct.pack("<Bd", 8, value)),
    "real": (b"\x6d\x04", lambda value: struct.pack("<Bf", 4, value)),
    "decimal": (b"\x6a\x11\x26\x0a", lambda value: _decimal(value)),
    "nvarchar": (b"\xe7\xa0\x0f" + _COLLATION, lambda value: _long(value.encode("utf-16-le"))),
    "varbinary": (b"\xa5\xa0\x0f", lambda value: _long(value)),
    "date": (b"\x28", lambda value: b"\x03" + _days(value)),
    "datetime2": (b"\x2a\x06", lambda value: b"\x08" + _moment(value)),
    "datetimeoffset": (b"\x2b\x06", lambda value: _with_offset(value)),
    "uniqueidentifier": (b"\x24\x10", lambda value: b"\x10" + value.bytes_le),
}


def _long(data: bytes) -> bytes:
    return struct.pack("<H", len(data)) + data


def _decimal(value: Decimal) -> bytes:
    digits = int(abs(value).scaleb(10))
    return b"\x11" + bytes([value >= 0]) + digits.to_bytes(16, "little")


def _days(value: date) -> bytes:
    return (value.toordinal() - 1).to_bytes(3, "little")


def _moment(value: datetime) -> bytes:
    micro = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    return micro.to_bytes(5, "little") + _days(value.date())


def _with_offset(value: datetime) -> bytes:
    offset = value.utcoffset()
    assert offset is not None
    utc = (value - offset).replace(tzinfo=None)
    return b"\x0a" + _moment(utc) + struct.pack("<h", int(offset.total_seconds() // 60))


def _metadata(result: Rows) -> bytes:
    made = struct.pack("<BH", 0x81, len(result.columns))
    for name, kind in result.columns:
        made += struct.pack("<IH", 0, 1) + _TYPES[kind][0] + bytes([len(name)]) + name.encode("utf-16-le")
    return made


def _row(result: Rows, row: Sequence[Any]) -> bytes:
    made = b"\xd1"
    for (_, kind), value in zip(result.columns, row, strict=True):
        if value is None:
            made += b"\xff\xff" if kind in ("nvarchar", "varbinary") else b"\x00"
        else:
            made += _TYPES[kind][1](value)
    return made
