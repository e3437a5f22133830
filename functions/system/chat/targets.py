"""A published chat, as its function finds it at an address (`stepweave_data.hooks.page_targets`)."""

from typing import Any, Literal, NotRequired, TypedDict

from stepweave_data.hooks.looks import Look


class Says(TypedDict):
    """What the author has the page say."""

    title: str
    greeting: str
    placeholder: str
    suggestions: list[str]


class Files(TypedDict):
    """Which files a message may have. `accept` is in lower case; empty for any kind."""

    accept: list[str]
    most: int


class View(TypedDict):
    """Whose output the answer is, in which field, and which nodes visitors see at work, by their names."""

    answers: list[str]
    field: str
    steps: dict[str, str]


class ChatTarget(TypedDict):
    """A published chat, as the API stored it (`webhooks.target`). `start` has the fields of `starting.Target`."""

    start: dict[str, Any]
    nodeId: str
    look: Look
    says: Says
    access: Literal["public", "password", "members"]
    credentialId: str
    files: Files | None
    mostCharacters: int
    perMinute: int
    keepDays: int
    view: View
    paused: NotRequired[bool]
    """The workflow is switched off."""


def chat_id(target: ChatTarget) -> str:
    """Return what tells a chat from others, whatever is published of it."""
    return f"{target['start']['workflow_id']} {target['nodeId']}"
