"""Prepared statements of the MySQL protocol, over PyMySQL's connection, which writes values into the SQL itself.

Values go beside the statement and the server reads what they are: nothing is ever quoted. Rows come in the binary form
and are read from the socket as they are asked for (MySQL documentation, "Prepared Statements", "Binary Protocol").
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pymysql import err
from pymysql.connections import Connection
from pymysql.protocol import FieldDescriptorPacket, MysqlPacket

from functions.nodes.databases.mysql.reading import Read, reader_of

_PREPARE: Final = 0x16
_EXECUTE: Final = 0x17
_CLOSE: Final = 0x19
_MORE_RESULTS: Final = 0x0008
"""SERVER_MORE_RESULTS_EXISTS, of the status flags: another result follows."""
_LOCAL_FILE: Final = 0xFB
_NULL: Final = 6
MOST_VALUES: Final = 65_535


class Packet(MysqlPacket):  # type: ignore[misc]  # PyMySQL has no types
    """A packet whose error keeps its SQLSTATE."""

    def raise_for_error(self) -> None:
        """Raise the error that the packet is, with `sqlstate`."""
        data = self.get_all_data()
        try:
            super().raise_for_error()
        except err.MySQLError as error:
            error.sqlstate = data[4:9].decode("ascii", "replace") if data[3:4] == b"#" else ""
            raise


@dataclass(frozen=True, slots=True)
class Bound:
    """A value as it is sent: the number of its type, whether it is unsigned, and its bytes; None for NULL."""

    type: int
    data: bytes | None
    unsigned: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the server describes it: its name, the number of its type, flags, the number of its characters."""

    name: str
    type: int
    flags: int
    charset: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement that the server knows."""

    id: int
    places: int
    columns: Sequence[Column]


@dataclass(slots=True)
class Outcome:
    """What came of a statement: `rows` must be read to the end before another one is sent."""

    rows: Iterator[tuple[list[str], list[Any]]] | None = None
    affected: int = 0
    insert_id: int = 0


def prepare(connection: Connection, text: str) -> Prepared:
    """Have the server read a statement. Raises pymysql.err.MySQLError, as all here."""
    connection._execute_command(_PREPARE, text.encode())
    data = connection._read_packet(Packet).get_all_data()
    _, id, columns, places = struct.unpack_from("<BIHH", data)
    _fields(connection, places)
    return Prepared(id, places, _fields(connection, columns))


def forget(connection: Connection, prepared: Prepared) -> None:
    """Have the server forget a statement; it does not answer."""
    connection._execute_command(_CLOSE, struct.pack("<I", prepared.id))


def execute(connection: Connection, prepared: Prepared, values: Sequence[Bound]) -> Outcome:
    """Run a statement with values."""
    connection._execute_command(_EXECUTE, struct.pack("<IBI", prepared.id, 0, 1) + _bound(values))
    return _outcome(connection)


def _bound(values: Sequence[Bound]) -> bytes:
    if not values:
        return b""
    nulls = bytearray((len(values) + 7) // 8)
    types, data = bytearray(), bytearray()
    for index, value in enumerate(values):
        if value.data is None:
            nulls[index // 8] |= 1 << (index % 8)
            types += bytes((_NULL, 0))
        else:
            types += bytes((value.type, 0x80 if value.unsigned else 0))
            data += value.data
    return bytes(nulls) + b"\x01" + bytes(types) + bytes(data)


def counted(data: bytes) -> bytes:
    """Return bytes with their length before them."""
    length = len(data)
    if length < 251:
        return bytes((length,)) + data
    if length < 2**16:
        return b"\xfc" + struct.pack("<H", length) + data
    if length < 2**24:
        return b"\xfd" + struct.pack("<I", length)[:3] + data
    return b"\xfe" + struct.pack("<Q", length) + data


def _fields(connection: Connection, count: int) -> list[Column]:
    found = []
    for _ in range(count):
        told = connection._read_packet(FieldDescriptorPacket)
        found.append(Column(told.name, told.type_code, told.flags, told.charsetnr))
    if count:
        connection._read_packet(Packet)  # their end
    return found


def _outcome(connection: Connection) -> Outcome:
    packet = connection._read_packet(Packet)
    kind = packet.read_uint8()
    if kind == _LOCAL_FILE:
        connection._force_close()
        raise err.OperationalError(0, "The server asked for a file of the platform, which it does not get")
    if kind == 0:
        affected, insert_id = packet.read_length_encoded_integer(), packet.read_length_encoded_integer()
        status, _ = packet.read_struct("<HH")
        if not status & _MORE_RESULTS:
            return Outcome(None, affected, insert_id)
        following = _outcome(connection)
        return following if following.rows is not None else Outcome(None, affected + following.affected, insert_id)
    packet.rewind()
    fields = _fields(connection, packet.read_length_encoded_integer())
    return Outcome(_rows(connection, fields))


def _rows(connection: Connection, fields: list[Column]) -> Iterator[tuple[list[str], list[Any]]]:
    """Yield the rows of a result, and of those that follow it: a procedure may give several."""
    names = [one.name for one in fields]
    readers = [reader_of(one.type, one.flags, one.charset) for one in fields]
    while True:
        data = connection._read_packet(Packet).get_all_data()
        if data[0] == 0xFE and len(data) < 9:
            (status,) = struct.unpack_from("<H", data, 3)
            break
        yield names, _row(data, readers)
    if status & _MORE_RESULTS:
        following = _outcome(connection)
        if following.rows is not None:
            yield from following.rows


def _row(data: bytes, readers: Sequence[Read]) -> list[Any]:
    nulls = data[1 : 1 + (len(readers) + 9) // 8]
    place = 1 + len(nulls)
    row: list[Any] = []
    for index, read in enumerate(readers, 2):
        if nulls[index >> 3] >> (index & 7) & 1:
            row.append(None)
        else:
            value, place = read(data, place)
            row.append(value)
    return row
