"""Making pages: the page first, then its content, in as many requests as it takes."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.notion.blocks.reading import blocks_of
from functions.nodes.apps.notion.blocks.sending import append
from functions.nodes.apps.notion.errors import ContentIncomplete
from functions.nodes.apps.notion.pages import given
from stepweave.runtime.errors import NodeError
from stepweave.spec.operations import Call, RequestSpec

CREATE: Final = RequestSpec("POST", "/pages", body={"parent": "{within}", "properties": "{made}", "icon": "{icon?}"})


def created(
    call: Call, parent: Mapping[str, str], properties: Mapping[str, Any], content: str, emoji: str, *, raw: bool
) -> dict[str, Any]:
    """Make a page with content (Markdown), and return it as an item has it.

    Raises:
        ContentIncomplete: the page is there, and its content was refused.
    """
    blocks = blocks_of(content)
    icon = {"type": "emoji", "emoji": emoji.strip()} if emoji.strip() else None
    page = call.ask(CREATE, within=dict(parent), made=dict(properties), icon=icon)
    try:
        append(call, str(page["id"]), blocks)
    except NodeError as error:
        raise ContentIncomplete(
            f"The page {page.get('url') or page['id']} is there; its content is not, or not all of it: {error.message}",
            "Append what is missing (Block, Append), or archive the page before it is made again.",
            details={**error.details, "page": page["id"]},
        ) from None
    return given(call, page, raw=raw)
