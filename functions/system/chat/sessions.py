"""Sessions of visitors: a token that the browser keeps, signed for one chat, and the id that a workflow is told.

A token is made here, by chance, and only here: one that somebody thought up, or that is of another chat, counts for
nothing. The workflow's id follows from it and does not lead back, so that who reads an execution cannot go on with its
visitor's conversation.
"""

import base64
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9a-f]{1,12})\.([0-9a-f-]{36}|-)\.([A-Za-z0-9_-]{43})")
_NOBODY: Final = "-"
DAY: Final = 86_400


@dataclass(frozen=True)
class Session:
    """A visitor's session.

    Attributes:
        id: what the workflow is told.
        user_id: whose it is in a chat for members; "" in others.
        token: renewed, as the browser is to keep it.
    """

    id: str
    user_id: str
    token: str


@dataclass(frozen=True)
class Sessions:
    """Those of one chat.

    Attributes:
        secret: what is signed with.
        chat: what tells the chat from others, and how visitors come in: a changed password ends what began before.
        seconds: how long one lasts after it was used.
    """

    secret: str
    chat: str
    seconds: int

    def new(self, user_id: str = "") -> Session:
        """Return a session that begins now."""
        return self._made(secrets.token_urlsafe(16), user_id)

    def read(self, token: str) -> Session | None:
        """Return the session of a token, renewed; None for one that is none of this chat, or over."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        chance, until, user_id, given = found.groups()
        right = hmac.compare_digest(self._proof(f"{chance}.{until}.{user_id}").encode(), given.encode())
        if not right or int(until, 16) < time.time():
            return None
        return self._made(chance, "" if user_id == _NOBODY else user_id)

    def _made(self, chance: str, user_id: str) -> Session:
        head = f"{chance}.{int(time.time()) + self.seconds:x}.{user_id or _NOBODY}"
        id = hmac.new(self.secret.encode(), f"chat session id\n{chance}".encode(), hashlib.sha256).hexdigest()[:32]
        return Session(id, user_id, f"{head}.{self._proof(head)}")

    def _proof(self, head: str) -> str:
        made = hmac.new(self.secret.encode(), f"chat session\n{self.chat}\n{head}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
