"""What messages say, as Discord takes it, and how they are sent (docs.discord.com/developers/resources/message)."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.apps.discord.fields import Content, Posted
from stepweave.runtime.errors import DataTooLarge, ParameterInvalid
from stepweave.spec.operations import Call, RequestSpec

MOST_TEXT: Final = 2000
MOST_PARTS: Final = 20
MOST_EMBEDS: Final = 10
MOST_EMBEDDED: Final = 6000
"""Characters of all embeds of a message."""
MOST_FILES: Final = 10
MOST_MB: Final = 10
"""What servers without boosts take; Discord refuses more by itself where they take more."""
_MB: Final = 1024 * 1024
_MENTIONS: Final = {"none": [], "users": ["users"], "all": ["users", "roles", "everyone"]}
_NO_PREVIEWS, _SILENT = 1 << 2, 1 << 12
_TEXTS: Final = ("title", "description")


def content_of(params: Content) -> dict[str, Any]:
    """Return a message without its text. Raises ParameterInvalid, DataTooLarge."""
    made: dict[str, Any] = {"allowed_mentions": {"parse": _MENTIONS[params.mentions]}}
    embeds = _objects(params.embeds, "embeds")
    if len(embeds) > MOST_EMBEDS:
        raise _wrong("embeds", f"There are {len(embeds)} embeds; Discord takes {MOST_EMBEDS}.", "Send fewer.")
    size = sum(map(_size, embeds))
    if size > MOST_EMBEDDED:
        words = f"The embeds have {size} characters; Discord takes {MOST_EMBEDDED} in all of them."
        raise DataTooLarge(words, "Shorten them, or send them in several messages.", details={"field": "params.embeds"})
    components = _objects(params.components, "components")
    return made | ({"embeds": embeds} if embeds else {}) | ({"components": components} if components else {})


def messages_of(call: Call, params: Posted) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the messages that are to be sent, with their files by the form's names: several of a long text.

    Embeds, components and files go with the last. Raises as `content_of` does.
    """
    files = _files(call, params)
    rest = content_of(params)
    texts = parts_of(params.text, splits=params.long == "split")
    if not texts and not files and not {"embeds", "components"} & set(rest):
        raise _wrong("text", "The message is empty.", "Write a text, or send embeds or files.")
    flags = (0 if params.previews else _NO_PREVIEWS) | (_SILENT if params.silent else 0)
    more = {"flags": flags} if flags else {}
    for text in texts[:-1]:
        yield {"content": text, "allowed_mentions": rest["allowed_mentions"], **more}, {}
    yield {**({"content": texts[-1]} if texts else {}), **rest, **more}, files


def send(
    call: Call, request: RequestSpec, message: dict[str, Any], files: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Send a message, with its files as a form, and return it as Discord has it; `more` as of `Call.ask`."""
    if files:
        rows = tuple((f"files[{place}]", f"{{{name}}}") for place, name in enumerate(files))
        body: Any = {"payload_json": "{message}"}
    else:
        rows, body = (), "{message}"
    made = RequestSpec(request.method, request.path, request.query, request.headers, body, files=rows)
    answer: dict[str, Any] = call.ask(made, message=message, **files, **more)
    return answer


def nonce(call: Call, place: int) -> str:
    """Return what Discord knows a message by for some minutes: one that is sent again is not made again."""
    return hashlib.sha256(f"{call.idempotency_key}/{place}".encode()).hexdigest()[:25]


def parts_of(text: str, *, splits: bool) -> list[str]:
    """Return a text in parts that Discord takes; none of an empty one. Raises DataTooLarge."""
    text = text.strip()
    if len(text) > MOST_TEXT and not splits:
        raise _too_long(text, "Shorten it, or send it in several messages.")
    parts: list[str] = []
    fence = ""
    while text:
        room = MOST_TEXT - len(fence) - 4
        end = len(text) if len(fence) + len(text) <= MOST_TEXT else _end(text, room)
        part, text = fence + text[:end].rstrip(), text[end:].lstrip("\n")
        # Code that goes on is closed here, and opened again in the next part.
        fence = _open_fence(part) if text else ""
        parts.append(f"{part}\n```" if fence else part)
    if len(parts) > MOST_PARTS:
        raise _too_long("".join(parts), f"Send it as a file: {MOST_PARTS} messages are sent of one text at most.")
    return parts


def _end(text: str, room: int) -> int:
    for mark in ("\n\n", "\n", " "):
        place = text.rfind(mark, room // 2, room)
        if place > 0:
            return place + len(mark)
    return room


def _open_fence(text: str) -> str:
    """Return the line that opens the code that a text ends in; "" where it does not end in code."""
    fences = [line.strip() for line in text.split("\n") if line.strip().startswith("```")]
    lone = [line for line in fences if line.count("```") == 1]
    return f"{lone[-1][:50]}\n" if len(lone) % 2 else ""


def _files(call: Call, params: Posted) -> dict[str, Any]:
    given = params.files
    if isinstance(given, str):
        given = [part.strip() for part in given.split(",") if part.strip()]
    values = given if isinstance(given, list) else [given] if given else []
    if len(values) > MOST_FILES:
        raise _wrong("files", f"There are {len(values)} files; Discord takes {MOST_FILES}.", "Send fewer.")
    for value in values:
        file = call.file("files", value)
        if file.size > MOST_MB * _MB:
            words = f"The file {file.name!r} has {file.size / _MB:.1f} MB; Discord takes {MOST_MB} MB."
            raise DataTooLarge(words, "Send a smaller one, or a link to it.", details={"field": "params.files"})
    return {f"file{place}": value for place, value in enumerate(values)}


def _objects(value: Any, name: str) -> list[dict[str, Any]]:
    if value is None or value == "":
        return []
    found = [value] if isinstance(value, dict) else value
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _wrong(name, f"The {name} are no objects.", "Write them as Discord's API has them.")
    return found


def _size(embed: dict[str, Any]) -> int:
    texts = [embed.get(name) for name in _TEXTS]
    for name, inner in (("footer", "text"), ("author", "name")):
        part = embed.get(name)
        texts.append(part.get(inner) if isinstance(part, dict) else None)
    fields = embed.get("fields")
    for field in fields if isinstance(fields, list) else []:
        texts += [field.get("name"), field.get("value")] if isinstance(field, dict) else []
    return sum(len(text) for text in texts if isinstance(text, str))


def _too_long(text: str, remedy: str) -> DataTooLarge:
    words = f"The text has {len(text)} characters; Discord takes {MOST_TEXT}."
    return DataTooLarge(words, remedy, details={"field": "params.text"})


def _wrong(field: str, words: str, remedy: str) -> ParameterInvalid:
    return ParameterInvalid(words, remedy, details={"field": f"params.{field}"})
