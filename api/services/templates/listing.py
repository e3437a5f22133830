"""What templates there are: our own, and those of the caller's workspace."""

import uuid
from dataclasses import dataclass
from typing import Literal

from api import codes
from api.gallery import Template, ready
from api.services.templates import forms, own
from api.services.tokens import Principal


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Each that is empty lets all through."""

    search: str = ""
    use: str = ""
    app: str = ""
    source: Literal["", "ready", "own"] = ""


@dataclass(frozen=True)
class Shelf:
    """What is found, and how many of all there are of each use and app (with its name)."""

    found: list[Template]
    uses: dict[str, int]
    apps: dict[str, tuple[str, int]]


def listed(principal: Principal, wanted: Wanted) -> Shelf:
    """Return the templates that fit, by name."""
    every = list(_all(principal))
    uses: dict[str, int] = {}
    apps: dict[str, tuple[str, int]] = {}
    for one in every:
        for use in one.uses:
            uses[use] = uses.get(use, 0) + 1
        for key, name in forms.apps_of(one.workflow).items():
            apps[key] = (name, apps.get(key, (name, 0))[1] + 1)
    return Shelf([one for one in every if _fits(one, wanted)], uses, apps)


def find(principal: Principal, template_id: str, number: int | None = None) -> Template:
    """Return a template, of the workspace's own in a version or the latest. Raises Refused (`not_found`)."""
    id = own_id(template_id)
    template = own.find(principal, id, number) if id else ready().get(template_id)
    if template is None:
        raise codes.not_found("template")
    return template


def own_id(template_id: str) -> uuid.UUID | None:
    """Return the id of a template of the workspace's own; None for the name of one of ours."""
    try:
        return uuid.UUID(template_id)
    except ValueError:
        return None


def _all(principal: Principal) -> list[Template]:
    every = [*ready().values(), *own.every(principal)]
    return sorted(every, key=lambda one: one.name.lower())


def _fits(template: Template, wanted: Wanted) -> bool:
    apps = forms.apps_of(template.workflow)
    if wanted.source and (wanted.source == "own") is (own_id(template.id) is None):
        return False
    if wanted.use and wanted.use not in template.uses:
        return False
    if wanted.app and wanted.app not in apps:
        return False
    entries = [entry.name for node in template.workflow["nodes"] if (entry := forms.entry_of(node))]
    words = " ".join((template.name, template.summary, *template.uses, *apps.values(), *entries)).casefold()
    return all(word in words for word in wanted.search.casefold().split())
