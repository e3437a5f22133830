"""Who may use a chat: everybody, who knows its password, or who is a member of its workspace."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import redis

from functions.system.chat.sessions import DAY, Session, Sessions
from functions.system.chat.targets import ChatTarget, chat_id
from functions.system.chat.words import words_of
from stepweave.runtime.credentials import Vault
from stepweave.runtime.errors import CredentialMissing, CredentialTypeMismatch, NodeError
from stepweave_data import redis_keys as keys
from stepweave_data.hooks import chat_entries
from stepweave_data.hooks.limits import is_too_often
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request
from stepweave_data.link import Connection

HEADER: Final = "x-chat-session"
"""Carries a session's token. Pages of other origins cannot send it: no answer of ours lets them (Fetch, CORS)."""
TRIES: Final = 10
ALL_TRIES: Final = 300
TRIES_SECONDS: Final = 600
"""Passwords that one address, and all addresses, may try within these seconds."""
_MEMBER: Final = "SELECT 1 FROM memberships WHERE user_id = %s"


@dataclass(frozen=True)
class Access:
    """Lets visitors in. `secret` gives what sessions are signed with."""

    vault: Vault
    redis: redis.Redis
    secret: Callable[[], str]

    def enter(self, request: Request, target: ChatTarget, given: Mapping[str, Any]) -> Session:
        """Return a new session for who may have one.

        Args:
            request: the visitor's.
            target: the chat.
            given: what the visitor's browser sent: `password`, or `code` and `verifier` of a member.

        Raises:
            Refusal: 401, 429; 403 where the chat has no password, 503 where it cannot be read now.
        """
        words, who = words_of(target["look"]["language"]), f"{chat_id(target)}\n{request.caller}"
        if target["access"] == "password":
            often = is_too_often(self.redis, "chat-password", who, TRIES, TRIES_SECONDS)
            if often or is_too_often(self.redis, "chat-password", chat_id(target), ALL_TRIES, TRIES_SECONDS):
                again = {"retry-after": str(TRIES_SECONDS)}
                raise Refusal(429, "too_many_tries", "Too many tries", words("tooOften"), again)
            if not _same(str(given.get("password", "")), self._password(target)):
                raise Refusal(401, "wrong_password", "Wrong password", words("wrongPassword"))
            return self.sessions(target).new()
        if is_too_often(self.redis, "chat-session", who, TRIES * target["perMinute"]):
            raise Refusal(429, "too_many_tries", "Too many tries", words("tooOften"), {"retry-after": "60"})
        if target["access"] == "members":
            return self.sessions(target).new(self._member(request, given, words("membersOnly")))
        return self.sessions(target).new()

    def session(self, request: Request, target: ChatTarget) -> Session:
        """Return the session that a request has. Raises Refusal: 401; 403 and 503 as `enter`."""
        found = self.sessions(target).read(request.headers.get(HEADER, ""))
        if found is None or (target["access"] == "members") != bool(found.user_id):
            raise over(target)
        return found

    def sessions(self, target: ChatTarget) -> Sessions:
        """Return those of a chat. Raises Refusal: 403 and 503 as `enter`."""
        way: str = target["access"]
        if way == "password":
            way = f"{way} {hashlib.sha256(self._password(target).encode()).hexdigest()}"
        return Sessions(self.secret(), f"{chat_id(target)}\n{way}", target["keepDays"] * DAY)

    def _member(self, request: Request, given: Mapping[str, Any], refused: str) -> str:
        """Return the user for whom a code was made; it is good once. Raises Refusal: 401, 503."""
        code, verifier = str(given.get("code", "")), str(given.get("verifier", ""))
        path = request.path.partition("/~")[0]
        user_id = chat_entries.user_of(self.secret(), f"{request.slug}/{path}", code, verifier)
        if not user_id:
            raise Refusal(401, "members_only", "Members only", refused)
        try:
            fresh = self.redis.set(keys.chat_entry(hashlib.sha256(code.encode()).hexdigest()), 1, nx=True, ex=2 * 60)
        except redis.RedisError as error:
            raise away("Nobody can be let in now.") from error
        if not fresh:
            raise Refusal(401, "members_only", "Members only", refused)
        return user_id

    def _password(self, target: ChatTarget) -> str:
        try:
            found = self.vault.get(target["start"]["tenant_id"], target["credentialId"], "chat_password")
        except (CredentialMissing, CredentialTypeMismatch) as error:
            words = "The chat's password is not there, so nobody may use it."
            raise Refusal(403, "no_password", "Not set up", words) from error
        except NodeError as error:
            raise away("The chat's password cannot be read.") from error
        return str(found["password"])


def check_member(connection: Connection, target: ChatTarget, session: Session) -> None:
    """Raise Refusal (401) where a session's user is no member any more; its tenant's transaction sees it."""
    if session.user_id and connection.execute(_MEMBER.encode(), (session.user_id,)).fetchone() is None:
        raise over(target)


def over(target: ChatTarget) -> Refusal:
    """Return the refusal of a request without a session of this chat."""
    words = words_of(target["look"]["language"])
    return Refusal(401, "no_session", "No session", words("sessionOver"))


def away(detail: str) -> Refusal:
    """Return the refusal of a request that may be served in a moment."""
    return Refusal(503, "not_available", "Not available", f"{detail} Try again.", {"retry-after": "5"})


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that tells nothing of how far they agree, nor of the length."""
    digests = (hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, wanted))
    return hmac.compare_digest(*digests)
