"""Options: the choices of a field, asked of the node's function (ADR 20).

A node's `options.py` has `LOADERS`, its handler `lambda_node(SPEC, run, {"options": options(LOADERS)})`. An app's
loaders are data (`OptionsRequest`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stepweave.runtime.asks import Ask, Asked
from stepweave.runtime.errors import ResultInvalid

MOST_OPTIONS: Final = 1000
"""Of one page; an answer that has more says so (`cut`)."""

_LONGEST_VALUE: Final = 1000
_LONGEST_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: what is saved, what people read ("" for the value), and what is said beside it.

    `required` is of choices that get a row each (`Kind.MAPPING`): whether the row must be filled in.
    """

    value: str
    label: str = ""
    detail: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which choices are wanted.

    Attributes:
        search: what somebody typed; "" for all.
        page: what `Options.next` said; "" for the first page.
    """

    search: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """A page of choices. `next` is there where more follow: what `Wanted.page` then is."""

    options: Iterable[Option]
    next: str = ""


LoadOptions = Callable[[Asked, Wanted], Options]
"""Gives the choices of a field; uses of the parameters only what the field's `OptionsFrom.needs` names."""


def options(loaders: Mapping[str, LoadOptions]) -> Ask:
    """Return the ask `options` of a node, whose `given` is `{"loader", "search", "page"}`."""

    def ask(asked: Asked) -> Any:
        load = loaders.get(str(asked.given.get("loader")))
        if load is None:
            raise ResultInvalid("The node has no such loader.", "This is a mistake in the node: report it.")
        return written(load(asked, _wanted(asked)))

    return ask


def _wanted(asked: Asked) -> Wanted:
    """Return which choices an ask wants."""
    return Wanted(str(asked.given.get("search") or ""), str(asked.given.get("page") or ""))


def written(found: Options) -> dict[str, Any]:
    """Return a page of choices as the ask's answer: each value once, texts cut, at most `MOST_OPTIONS`.

    A choice without a value, or whose value is longer than a field takes, is none.
    """
    kept: dict[str, dict[str, Any]] = {}
    cut = False
    for option in found.options:
        if not option.value or len(option.value) > _LONGEST_VALUE or option.value in kept:
            continue
        if len(kept) == MOST_OPTIONS:
            cut = True
            break
        one: dict[str, Any] = {"value": option.value, "label": _short(option.label or option.value)}
        if option.detail:
            one["detail"] = _short(option.detail)
        if option.required:
            one["required"] = True
        kept[option.value] = one
    answer: dict[str, Any] = {"options": list(kept.values())}
    if found.next:
        answer["next"] = found.next
    if cut:
        answer["cut"] = True
    return answer


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else f"{line[: _LONGEST_TEXT - 1]}…"
