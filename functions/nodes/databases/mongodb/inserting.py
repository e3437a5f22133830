"""Inserts documents of many items in one call; each hears of its own."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo import errors
from pymongo.collection import Collection

from functions.nodes.databases.mongodb.connection import typed
from functions.nodes.databases.mongodb.documents import shown, stored
from functions.nodes.databases.mongodb.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry
from stepweave.runtime.errors import NodeError, ParameterInvalid

_DUPLICATE = 11000


def insert(
    collection: "Collection[dict[str, Any]]", entries: list[Entry[Params]], started_at: str
) -> Iterator[list[Item] | NodeError]:
    """Yield what came of each item, in their order.

    Args:
        collection: where to.
        entries: of the items.
        started_at: when the execution started, of which ids are made.

    Raises:
        NodeError: of all of them at once.
    """
    made: list[dict[str, Any] | NodeError] = [_document(entry, started_at) for entry in entries]
    good = [one for one in made if not isinstance(one, NodeError)]
    failed: dict[int, NodeError] = {}
    if good:
        try:
            collection.insert_many(good, ordered=False)
        except errors.BulkWriteError as error:
            failed = _failed(error, good, entries)
    for entry, one in zip(entries, made, strict=True):
        if isinstance(one, NodeError):
            yield one
        elif error_of := failed.get(id(one)):
            yield error_of
        else:
            yield [item({"insertedId": shown(one["_id"], entry.params.shape)})]


def _document(entry: Entry[Params], started_at: str) -> dict[str, Any] | NodeError:
    document = entry.params.document
    if not isinstance(document, Mapping):
        words = "The document is no object."
        return ParameterInvalid(words, "Give an object: {{ $json }}.", details={"field": "params.document"})
    try:
        whole: dict[str, Any] = stored(document, "params.document")
    except NodeError as error:
        return error
    return {"_id": _id(entry, started_at), **whole} if "_id" not in whole else whole


def _id(entry: Entry[Params], started_at: str) -> ObjectId:
    """Return an id that is the item's own in all its attempts, and sorts by time as MongoDB's do."""
    seconds = int(datetime.fromisoformat(started_at).timestamp())
    return ObjectId(seconds.to_bytes(4, "big") + hashlib.sha256(entry.idempotency_key.encode()).digest()[:8])


def _failed(
    error: errors.BulkWriteError, good: list[dict[str, Any]], entries: list[Entry[Params]]
) -> dict[int, NodeError]:
    """Return the errors of documents by their identity; one that an attempt before inserted is none."""
    details: dict[str, Any] = dict(error.details or {})
    failed: dict[int, NodeError] = {}
    given = {entry.index for entry in entries if isinstance(entry.params.document, Mapping)}
    own = {entry.idempotency_key for entry in entries if entry.index in given and "_id" not in entry.params.document}
    for told in details.get("writeErrors", []):
        document = good[told["index"]]
        is_own_id = set(told.get("keyPattern") or {"_id": 1}) == {"_id"} and _made_here(document, own)
        if told.get("code") == _DUPLICATE and is_own_id:
            continue
        failed[id(document)] = typed(errors.WriteError(str(told.get("errmsg")), told.get("code"), told))
    if details.get("writeConcernErrors"):
        words = details["writeConcernErrors"][0]
        concern = typed(errors.WriteConcernError(str(words.get("errmsg")), words.get("code"), words))
        failed |= {id(one): concern for one in good if id(one) not in failed}
    return failed


def _made_here(document: Mapping[str, Any], keys: set[str]) -> bool:
    found = document["_id"]
    digests = {hashlib.sha256(key.encode()).digest()[:8] for key in keys}
    return isinstance(found, ObjectId) and found.binary[4:] in digests
