"""A published form, as its function finds it at an address (`stepweave_data.hooks.page_targets`)."""

from typing import Any, Literal, NotRequired, TypedDict

from stepweave.spec.forms import Page
from stepweave_data.hooks.looks import Look


class FormTarget(TypedDict):
    """A published form, as the API stored it (`webhooks.target`). `start` has the fields of `starting.Target`."""

    start: dict[str, Any]
    nodeId: str
    page: Page
    look: Look
    perMinute: int
    mode: NotRequired[Literal["draft", "live"]]
    """`draft` where a person tries the form out."""
    listenId: NotRequired[str]
    """Who listens for it at its test address; nothing is started."""
    paused: NotRequired[bool]
    """The workflow is switched off."""
