"""Reads and writes documents of a collection."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.databases.mongodb.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError, ParameterInvalid

if TYPE_CHECKING:
    from pymongo.collection import Collection

_MOST_INSERTS: Final = 1000


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what came of it, in the order of the input items."""
    # Imported here: the driver costs 0.3 s, which belongs to the first operation, not to the function's start.
    from functions.nodes.databases.mongodb.connection import client_of, database_of
    from functions.nodes.databases.mongodb.inserting import insert

    if not step.items():
        return {}
    account = step.credential(step.constant("credential"), "mongodb")
    name = database_of(account, step.constant("database"))
    client = client_of(account, min(step.constant("seconds"), step.remaining()))
    act = _OPERATIONS.get(step.constant("operation"), _find)

    def collection_of(params: Params) -> "Collection[dict[str, Any]]":
        return client[name][_collection(params)]

    def done(entry: Entry[Params]) -> list[Item]:
        with in_words():
            return [item(row) for row in act(collection_of(entry.params), entry.params)]

    def inserted(entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
        same = [one for one in entries if one.params.collection == entries[0].params.collection]
        alike = entries[: len(same)] if entries[: len(same)] == same else entries[:1]
        with in_words():
            yield from insert(collection_of(alike[0].params), alike, step.context["startedAt"])

    try:
        if step.constant("operation") == "insert":
            return step.each_together(inserted, most=_MOST_INSERTS)
        return step.each(done)
    finally:
        client.close()


@contextmanager
def in_words() -> Iterator[None]:
    """Raise typed errors in place of the driver's."""
    from bson.errors import BSONError
    from pymongo.errors import PyMongoError

    from functions.nodes.databases.mongodb.connection import typed

    try:
        yield
    except (PyMongoError, BSONError, OverflowError) as error:
        raise typed(error) from None
    except (TypeError, ValueError) as error:  # of the driver, for values that it does not take
        words = " ".join(str(error).split())[:300]
        raise ParameterInvalid(f"MongoDB's driver does not take it: {words}.", "Change the parameters.") from None


def _find(collection: "Collection[dict[str, Any]]", params: Params) -> Iterator[dict[str, Any]]:
    from functions.nodes.databases.mongodb.documents import shown

    found = collection.find(
        _filter(params),
        _object(params.projection, "projection") or None,
        sort=list((_object(params.sort, "sort") or {}).items()) or None,
        skip=params.skip,
        limit=params.limit,
    )
    return (shown(one, params.shape) for one in found)


def _aggregate(collection: "Collection[dict[str, Any]]", params: Params) -> Iterator[dict[str, Any]]:
    from functions.nodes.databases.mongodb.documents import shown

    if not isinstance(params.pipeline, list) or not all(isinstance(one, Mapping) for one in params.pipeline):
        raise _wrong("pipeline", "The pipeline is no list of stages.", 'Write [{"$match": {...}}, ...].')
    with collection.aggregate(_stored(params, "pipeline")) as found:
        for count, one in enumerate(found):
            if count == params.limit:
                return
            yield shown(one, params.shape)


def _update(collection: "Collection[dict[str, Any]]", params: Params) -> Iterator[dict[str, Any]]:
    given = params.changes
    has_operators = isinstance(given, Mapping) and bool(given) and all(str(name).startswith("$") for name in given)
    if not has_operators and not (isinstance(given, list) and given):
        raise _wrong("changes", "The changes have no operators.", 'Write {"$set": {...}}, or replace the document.')
    update = collection.update_many if params.many else collection.update_one
    yield _told(update(_filter(params), _stored(params, "changes"), upsert=params.upsert), params)


def _replace(collection: "Collection[dict[str, Any]]", params: Params) -> Iterator[dict[str, Any]]:
    if not isinstance(params.document, Mapping):
        raise _wrong("document", "The document is no object.", "Give an object: {{ $json }}.")
    yield _told(collection.replace_one(_filter(params), _stored(params, "document"), upsert=params.upsert), params)


def _delete(collection: "Collection[dict[str, Any]]", params: Params) -> Iterator[dict[str, Any]]:
    delete = collection.delete_many if params.many else collection.delete_one
    yield {"deleted": delete(_filter(params)).deleted_count}


def _count(collection: "Collection[dict[str, Any]]", params: Params) -> Iterator[dict[str, Any]]:
    yield {"count": collection.count_documents(_filter(params))}


def _distinct(collection: "Collection[dict[str, Any]]", params: Params) -> Iterator[dict[str, Any]]:
    from functions.nodes.databases.mongodb.documents import shown

    if not params.field:
        raise _wrong("field", "The field is empty.", "Write its name.")
    for value in collection.distinct(params.field, _filter(params)):
        yield {"value": shown(value, params.shape)}


_OPERATIONS: Final[dict[str, Callable[["Collection[dict[str, Any]]", Params], Iterator[dict[str, Any]]]]] = {
    "find": _find,
    "aggregate": _aggregate,
    "update": _update,
    "replace": _replace,
    "delete": _delete,
    "count": _count,
    "distinct": _distinct,
}


def _told(result: Any, params: Params) -> dict[str, Any]:
    from functions.nodes.databases.mongodb.documents import shown

    told = {"matched": result.matched_count, "modified": result.modified_count}
    inserted = result.upserted_id
    return told if inserted is None else {**told, "upsertedId": shown(inserted, params.shape)}


def _filter(params: Params) -> Any:
    given = _object(params.filter, "filter")
    if given is None and params.operation in ("update", "replace", "delete"):
        raise _wrong("filter", "The filter is empty.", "Write which documents; {} are all.")
    return {} if given is None else _stored(params, "filter")


def _stored(params: Params, name: str) -> Any:
    from functions.nodes.databases.mongodb.documents import stored

    return stored(getattr(params, name), f"params.{name}", scripts=params.allow_javascript)


def _object(value: Any, name: str) -> Mapping[str, Any] | None:
    if value is None or value == "":
        return None
    if not isinstance(value, Mapping):
        raise _wrong(name, f"The {name} is no object.", "Write an object, or an expression that gives one.")
    return value


def _collection(params: Params) -> str:
    if "\0" in params.collection or "$" in params.collection or params.collection.startswith("system."):
        raise _wrong("collection", f"“{params.collection[:80]}” is no collection for this.", "Write another name.")
    return params.collection


def _wrong(name: str, words: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(words, remedy, details={"field": f"params.{name}"})
