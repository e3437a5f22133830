"""Reads and writes keys of a Redis server."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.databases.redis.commands import arguments_of
from functions.nodes.databases.redis.spec import Params
from functions.nodes.databases.redis.values import plain, written
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ParameterInvalid

if TYPE_CHECKING:
    from redis import Redis

_MOST_SECONDS: Final = 30.0
_PAGE: Final = 1000
Rows = Iterator[dict[str, Any]]


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what came of it, in the order of the input items."""
    # Imported here: the client costs 0.2 s, which belongs to the first command, not to the function's start.
    from functions.nodes.databases.redis.connection import Server

    if not step.items():
        return {}
    account = step.credential(step.constant("credential"), "redis")
    seconds = min(_MOST_SECONDS, max(step.remaining() - 1, 1))
    act = _OPERATIONS[step.constant("operation")]

    server = Server(account, seconds)

    def done(entry: Entry[Params]) -> list[Item]:
        with server.asked() as client:
            return [item(row) for row in act(client, entry.params)]

    try:
        return step.each(done)
    finally:
        server.close()


def _get(client: "Redis", params: Params) -> Rows:
    value: Any = client.get(_key(params))
    yield {"key": params.key, "value": plain(value, as_json=params.read_json), "found": value is not None}


def _set(client: "Redis", params: Params) -> Rows:
    stored = client.set(
        _key(params),
        written(params.value),
        px=_milliseconds(params),
        nx=params.only == "absent",
        xx=params.only == "present",
    )
    yield {"key": params.key, "stored": bool(stored)}


def _delete(client: "Redis", params: Params) -> Rows:
    yield {"key": params.key, "deleted": bool(client.unlink(_key(params)))}


def _increment(client: "Redis", params: Params) -> Rows:
    key, by = _key(params), params.by
    with client.pipeline(transaction=True) as both:
        if params.ttl is not None:  # one that is absent begins at 0 with its end, which the increment leaves
            both.set(key, 0, px=_milliseconds(params), nx=True)
        if isinstance(by, int) or by.is_integer():
            both.incrby(key, int(by))
        else:
            both.incrbyfloat(key, by)
        value: Any = both.execute()[-1]
    number = float(value) if isinstance(value, bytes | float) else value
    yield {"key": params.key, "value": number}


def _expire(client: "Redis", params: Params) -> Rows:
    key, ends = _key(params), _milliseconds(params)
    found: Any = client.exists(key) if ends is None else client.pexpire(key, ends)
    if ends is None:
        client.persist(key)
    yield {"key": params.key, "found": bool(found)}


def _keys(client: "Redis", params: Params) -> Rows:
    seen: set[bytes] = set()
    for key in client.scan_iter(match=params.pattern.encode(), count=_PAGE):
        if key not in seen:  # a key may come twice while keys come and go
            seen.add(key)
            yield {"key": plain(key, as_json=False)}
            if len(seen) == params.limit:
                return


def _hash_get(client: "Redis", params: Params) -> Rows:
    key, names = _key(params), params.names
    if names:
        values: Any = client.hmget(key, [name.encode() for name in names])
        found = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    else:
        found = client.hgetall(key)  # type: ignore[assignment]  # the stubs know of the asynchronous client, too
    yield {"key": params.key, "value": plain(found, as_json=params.read_json), "found": bool(found)}


def _hash_set(client: "Redis", params: Params) -> Rows:
    key, fields = _key(params), params.fields
    if not isinstance(fields, dict) or not fields:
        raise _wrong("fields", "The fields are no object with names.", 'Give an object: {"name": "Ada"}.')
    kept = {str(name).encode(): written(value) for name, value in fields.items() if value is not None}
    gone = [str(name).encode() for name, value in fields.items() if value is None]
    with client.pipeline(transaction=True) as both:
        if kept:
            both.hset(key, mapping=kept)  # type: ignore[arg-type]  # the stubs know of text only
        if gone:
            both.hdel(key, *gone)
        _end(both, params)
        added = both.execute()[0] if kept else 0
    yield {"key": params.key, "added": added}


def _list_push(client: "Redis", params: Params) -> Rows:
    with client.pipeline(transaction=True) as both:
        push = both.rpush if params.end == "right" else both.lpush
        push(_key(params), *_several(params))
        _end(both, params)
        length = both.execute()[0]
    yield {"key": params.key, "length": length}


def _list_pop(client: "Redis", params: Params) -> Rows:
    key = _key(params)
    with client.pipeline(transaction=True) as both:  # LPOP takes a count from Redis 6.2 on; this goes with all
        for _ in range(params.count):
            (both.rpop if params.end == "right" else both.lpop)(key)
        values = both.execute()
    for value in values:
        if value is not None:
            yield {"key": params.key, "value": plain(value, as_json=params.read_json)}


def _set_add(client: "Redis", params: Params) -> Rows:
    with client.pipeline(transaction=True) as both:
        both.sadd(_key(params), *_several(params))
        _end(both, params)
        added = both.execute()[0]
    yield {"key": params.key, "added": added}


def _set_members(client: "Redis", params: Params) -> Rows:
    seen: set[bytes] = set()
    for value in client.sscan_iter(_key(params), count=_PAGE):
        if value not in seen:
            seen.add(value)
            yield {"key": params.key, "value": plain(value, as_json=params.read_json)}
            if len(seen) == params.limit:
                return


def _publish(client: "Redis", params: Params) -> Rows:
    if not params.channel:
        raise _wrong("channel", "The channel is empty.", "Write its name.")
    receivers = client.publish(params.channel, written(params.value))
    yield {"channel": params.channel, "receivers": receivers}


def _command(client: "Redis", params: Params) -> Rows:
    arguments = arguments_of(params.command)
    client.response_callbacks.clear()  # the answer as Redis gives it
    result: Any = client.execute_command(*arguments)  # type: ignore[no-untyped-call]
    yield {"result": plain(result, as_json=params.read_json)}


_OPERATIONS: Final[dict[str, Callable[["Redis", Params], Rows]]] = {
    "get": _get,
    "set": _set,
    "delete": _delete,
    "increment": _increment,
    "expire": _expire,
    "keys": _keys,
    "hashGet": _hash_get,
    "hashSet": _hash_set,
    "listPush": _list_push,
    "listPop": _list_pop,
    "setAdd": _set_add,
    "setMembers": _set_members,
    "publish": _publish,
    "command": _command,
}


def _key(params: Params) -> bytes:
    if not params.key:
        raise _wrong("key", "The key is empty.", "Write its name.")
    return written(params.key)


def _several(params: Params) -> list[bytes]:
    values = params.value if isinstance(params.value, list) else [params.value]
    if not values:
        raise _wrong("value", "The list of values is empty.", "Give at least one, or leave the item out before.")
    return [written(value) for value in values]


def _end(both: Any, params: Params) -> None:
    if params.ttl is not None:
        both.pexpire(_key(params), _milliseconds(params))


def _milliseconds(params: Params) -> int | None:
    return None if params.ttl is None else max(round(params.ttl * 1000), 1)


def _wrong(name: str, words: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(words, remedy, details={"field": f"params.{name}"})
