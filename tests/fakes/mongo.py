"""A server that speaks MongoDB's wire protocol (OP_MSG, and OP_QUERY for the first hello), so that pymongo talks to it.

No MongoDB can be had here: what the commands do comes from mongomock, whose collections understand filters, updates and
pipelines. Log-ins are SCRAM-SHA-256 (RFC 7677), as MongoDB's own.
"""

import base64
import hashlib
import hmac
import os
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import bson
import mongomock
from bson import Int64
from pymongo import errors

_HEADER = struct.Struct("<iiii")
_QUERY, _REPLY, _MSG = 2004, 1, 2013
_BATCH = 101
_ITERATIONS = 4096
_FREE = {"hello", "ismaster", "isMaster", "saslStart", "saslContinue", "ping", "endSessions"}


@dataclass
class Mongo:
    """The server: what lies in it, and what it was asked."""

    port: int = 0
    client: Any = field(default_factory=mongomock.MongoClient)
    asked: list[dict[str, Any]] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    """Passwords by name; with any, who is not logged in may do nothing."""
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Answers to the next commands of a name, in place of what they would do; `{}` closes the connection."""
    hosts: list[str] = field(default_factory=list)
    """Members of its replica set, as it names them; none for a server by itself."""
    cursors: dict[int, list[Any]] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the names of the commands that it was asked, but those of the connection itself."""
        return [name for command in self.asked if (name := next(iter(command))) not in _FREE]


class _Session(socketserver.BaseRequestHandler):
    """One connection."""

    server: "_Server"

    def setup(self) -> None:
        self.user = ""
        self.login: dict[str, Any] = {}

    def handle(self) -> None:
        while (head := self._read(_HEADER.size)) is not None:
            length, request, _, kind = _HEADER.unpack(head)
            body = self._read(length - _HEADER.size)
            if body is None:
                return
            command = _command(kind, body)
            answer = self._answer(command)
            if answer is None:
                return
            self.request.sendall(_packed(kind, request, answer))

    def _answer(self, command: dict[str, Any]) -> dict[str, Any] | None:
        mongo = self.server.mongo
        name = next(iter(command))
        mongo.asked.append(command)
        if mongo.answers.get(name):
            return mongo.answers[name].pop(0) or None
        if mongo.users and not self.user and name not in _FREE:
            return _refusal(13, "Unauthorized", f"command {name} requires authentication")
        try:
            if name in ("saslStart", "saslContinue"):
                return self._log_in(command)
            return {**_run(mongo, name, command), "ok": 1.0}
        except errors.OperationFailure as error:
            return _refusal(error.code or 1, "Refused", str(error))
        except (NotImplementedError, ValueError, TypeError, KeyError) as error:
            return _refusal(9, "FailedToParse", str(error))

    def _log_in(self, command: dict[str, Any]) -> dict[str, Any]:
        payload = bytes(command["payload"]).decode()
        fields = dict(part.split("=", 1) for part in payload.split(",") if "=" in part)
        if "saslStart" in command:
            salt = os.urandom(16)
            nonce = fields["r"] + base64.b64encode(os.urandom(18)).decode()
            first = f"r={nonce},s={base64.b64encode(salt).decode()},i={_ITERATIONS}"
            bare = payload.removeprefix("n,,")
            self.login = {"user": fields["n"], "salt": salt, "first": first, "bare": bare}
            return {"conversationId": 1, "done": False, "payload": first.encode(), "ok": 1.0}
        if not payload:
            return {"conversationId": 1, "done": True, "payload": b"", "ok": 1.0}
        password = self.server.mongo.users.get(self.login["user"], "")
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), self.login["salt"], _ITERATIONS)
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        without_proof = payload.rpartition(",p=")[0]
        message = f"{self.login['bare']},{self.login['first']},{without_proof}".encode()
        signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        if base64.b64encode(proof).decode() != payload.rpartition(",p=")[2]:
            return _refusal(18, "AuthenticationFailed", "Authentication failed.")
        self.user = self.login["user"]
        server = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), message, "sha256")
        verifier = f"v={base64.b64encode(server).decode()}".encode()
        return {"conversationId": 1, "done": True, "payload": verifier, "ok": 1.0}

    def _read(self, size: int) -> bytes | None:
        made = b""
        while len(made) < size:
            try:
                piece = self.request.recv(size - len(made))
            except OSError:
                return None
            if not piece:
                return None
            made += piece
        return made


def _run(mongo: Mongo, name: str, command: dict[str, Any]) -> dict[str, Any]:
    """Do what a command says. Raises OperationFailure."""
    if name in ("hello", "ismaster", "isMaster"):
        return _hello(mongo)
    if name in ("ping", "endSessions", "killCursors"):
        return {}
    database = mongo.client[command["$db"]]
    if name == "listCollections":
        names = [{"name": one, "type": "collection"} for one in database.list_collection_names()]
        return _cursor(mongo, command, "$cmd.listCollections", names)
    if name == "getMore":
        rows = mongo.cursors.pop(command["getMore"], [])
        return _cursor(mongo, command, command["collection"], rows, key="nextBatch")
    collection = database[command[name]]
    if name == "find":
        found = collection.find(command.get("filter") or {}, command.get("projection"))
        if command.get("sort"):
            found = found.sort(list(command["sort"].items()))
        found = found.skip(command.get("skip", 0))
        rows = list(found.limit(command["limit"]) if command.get("limit") else found)
        return _cursor(mongo, command, command[name], rows)
    if name == "aggregate":
        return _cursor(mongo, command, command[name], list(collection.aggregate(command["pipeline"])))
    if name == "distinct":
        return {"values": collection.distinct(command["key"], command.get("query") or {})}
    return _write(collection, name, command)


def _write(collection: Any, name: str, command: dict[str, Any]) -> dict[str, Any]:
    """Insert, update or delete, and tell of what failed by its place."""
    told: dict[str, Any] = {"n": 0, "nModified": 0}
    failed: list[dict[str, Any]] = []
    for index, one in enumerate(command[{"insert": "documents", "update": "updates", "delete": "deletes"}[name]]):
        try:
            if name == "insert":
                collection.insert_one(one)
                told["n"] += 1
            elif name == "delete":
                delete = collection.delete_one if one["limit"] else collection.delete_many
                told["n"] += delete(one["q"]).deleted_count
            else:
                _update(collection, one, index, told)
        except errors.DuplicateKeyError as error:
            failed.append({"index": index, "code": 11000, "keyPattern": {"_id": 1}, "errmsg": str(error)})
        except errors.WriteError as error:
            failed.append({"index": index, "code": error.code or 9, "errmsg": str(error)})
        if failed and command.get("ordered", True):
            break
    return {**told, "writeErrors": failed} if failed else told


def _update(collection: Any, one: dict[str, Any], index: int, told: dict[str, Any]) -> None:
    changes, upsert = one["u"], one.get("upsert", False)
    is_replacement = isinstance(changes, dict) and not any(key.startswith("$") for key in changes)
    if is_replacement:
        result = collection.replace_one(one["q"], changes, upsert=upsert)
    else:
        change = collection.update_many if one.get("multi") else collection.update_one
        result = change(one["q"], changes, upsert=upsert)
    told["nModified"] += result.modified_count
    told["n"] += result.matched_count
    if result.upserted_id is not None:
        told["n"] += 1
        told.setdefault("upserted", []).append({"index": index, "_id": result.upserted_id})


def _cursor(
    mongo: Mongo, command: dict[str, Any], collection: str, rows: list[Any], key: str = "firstBatch"
) -> dict[str, Any]:
    size = command.get("batchSize") or (command.get("cursor") or {}).get("batchSize") or _BATCH
    id = 0
    if len(rows) > size:
        id = len(mongo.asked) + 1_000_000
        mongo.cursors[id] = rows[size:]
    return {"cursor": {"id": Int64(id), "ns": f"{command['$db']}.{collection}", key: rows[:size]}}


def _hello(mongo: Mongo) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ismaster": True,
        "isWritablePrimary": True,
        "helloOk": True,
        "maxBsonObjectSize": 16 * 1024 * 1024,
        "maxMessageSizeBytes": 48_000_000,
        "maxWriteBatchSize": 100_000,
        "logicalSessionTimeoutMinutes": 30,
        "minWireVersion": 0,
        "maxWireVersion": 25,
        "readOnly": False,
        "ok": 1.0,
    }
    if mongo.users:
        told["saslSupportedMechs"] = ["SCRAM-SHA-256"]
    if mongo.hosts:
        told |= {"setName": "rs0", "hosts": mongo.hosts, "me": mongo.hosts[0], "primary": mongo.hosts[0]}
    return told


def _refusal(code: int, name: str, words: str) -> dict[str, Any]:
    return {"ok": 0.0, "errmsg": words, "code": code, "codeName": name}


def _command(kind: int, body: bytes) -> dict[str, Any]:
    """Return the command of a message: of an OP_QUERY, or the sections of an OP_MSG put together."""
    if kind == _QUERY:
        end = body.index(b"\0", 4)
        return dict(bson.decode_all(body[end + 9 :])[0])
    place, command = 4, {}
    more: dict[str, Any] = {}
    while place < len(body):
        section, place = body[place], place + 1
        size = int.from_bytes(body[place : place + 4], "little")
        if section == 0:
            command = dict(bson.decode(body[place : place + size]))
        else:
            end = body.index(b"\0", place + 4)
            more[body[place + 4 : end].decode()] = bson.decode_all(body[end + 1 : place + size])
        place += size
    return {**command, **more}


def _packed(kind: int, request: int, answer: dict[str, Any]) -> bytes:
    document = bson.encode(answer)
    if kind == _QUERY:
        body, code = struct.pack("<iqii", 8, 0, 0, 1) + document, _REPLY
    else:
        body, code = struct.pack("<i", 0) + b"\0" + document, _MSG
    return _HEADER.pack(_HEADER.size + len(body), 1, request, code) + body


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mongo: Mongo) -> None:
        self.mongo = mongo
        super().__init__(("127.0.0.1", 0), _Session)


@contextmanager
def mongo_server() -> Iterator[Mongo]:
    """Run a server for the block."""
    mongo = Mongo()
    server = _Server(mongo)
    mongo.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield mongo
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
