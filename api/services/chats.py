"""Members enter chats: the API says who somebody is, with a code that the chat's page changes for a session."""

from api import codes
from api.repositories.rows import rows_of
from api.services.tokens import Principal
from stepweave_data.hooks import chat_entries
from stepweave_data.hooks.page_places import CHAT


def enter(principal: Principal, chat: str, challenge: str, secret: str, origin: str) -> str:
    """Return the address of a chat's page, with a code that lets this member in.

    Args:
        principal: who enters.
        chat: `<slug>/<path>`.
        challenge: what the page sent along (`chat_entries`).
        secret: that of callback URLs.
        origin: where chats are served.

    Raises:
        Refused: `not_found`, where the caller is no member of the chat's workspace, or no chat is there: the two look
            the same.
    """
    slug, _, path = chat.partition("/")
    with rows_of(principal.tenant_id) as rows:
        own = rows.workflows.slug(principal.tenant_id)
        known = slug == own and rows.webhooks.has(CHAT.method, CHAT.of(path))
    if not known:
        raise codes.not_found("chat in your workspace")
    return f"{origin}/{CHAT.room}/{chat}#entry={chat_entries.new_code(secret, chat, str(principal.user_id), challenge)}"
