"""The text of a document, JSON or YAML, as data; nothing of YAML that is more than data."""

import json
import re
from typing import Any, Final

import yaml

from api import codes
from api.refusals import Refused, refused_field

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of a document: a request to the API has 6 MB at most (Lambda quotas), in which quotes are escaped."""
DEEPEST: Final = 100
_MOST_VALUES: Final = 500_000


def read(text: str) -> dict[str, Any]:
    """Return a document's data. Raises Refused (`api_invalid`), which says where the text is wrong."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise wrong(f"The document has {size:,} bytes; {MOST_BYTES:,} are the most.")
    stripped = text.lstrip("\ufeff \t\r\n")
    data = _json(stripped) if stripped.startswith("{") else _yaml(text.lstrip("\ufeff"))
    if not isinstance(data, dict):
        raise wrong("The text is no OpenAPI document: it has to be an object with `openapi`, `info` and `paths`.")
    _count(data)
    return data


def wrong(words: str) -> Refused:
    """Return the refusal of a document."""
    return refused_field(codes.API_INVALID, "document", words)


class _Loader(yaml.CSafeLoader):
    """YAML's data without what it makes of texts: `2024-01-01`, `no`, `1.10` and `200` stay text, `<<` is a name."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own attribute


for _tag, _pattern, _first in (
    ("bool", "true|True|false|False", "tTfF"),
    ("null", "~|null|Null|", "~nN\0"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))
_Loader.yaml_implicit_resolvers[""] = _Loader.yaml_implicit_resolvers.pop("\0")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise wrong(f"The JSON is wrong at line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise wrong(f"The document is nested more than {DEEPEST} deep.") from None


def _yaml(text: str) -> Any:
    try:
        _check_depth(text)
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise wrong(f"The YAML is wrong{place}: {error.problem or 'it cannot be read'}.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise wrong(f"The YAML cannot be read: {str(error)[:200]}.") from None
    except RecursionError:
        raise wrong(f"The document is nested more than {DEEPEST} deep.") from None


def _check_depth(text: str) -> None:
    """Refuse what is nested so deeply that reading it would end the process: PyYAML goes down without looking."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise wrong(f"The document is nested more than {DEEPEST} deep.")


def _count(data: Any) -> None:
    """Refuse what is too deep, or would be too large written out: aliases of YAML name one thing many times."""
    left = _MOST_VALUES
    todo: list[tuple[Any, int]] = [(data, 1)]
    while todo:
        value, depth = todo.pop()
        left -= 1
        if left < 0:
            raise wrong(f"The document has more than {_MOST_VALUES:,} values.")
        if depth > DEEPEST:
            raise wrong(f"The document is nested more than {DEEPEST} deep.")
        if isinstance(value, dict):
            todo.extend((one, depth + 1) for one in value.values())
        elif isinstance(value, list):
            todo.extend((one, depth + 1) for one in value)
