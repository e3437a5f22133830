"""Mails with links about one's account. A link holds a random token behind `#`, which no server on the way sees.

Whether there is an account shows in the mailbox only: who asks gets the same answer, and as fast, for the same is done.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api import codes
from api.ports import Mails
from api.refusals import Refused
from api.repositories.rows import logins
from api.services import mailing


class Kind(StrEnum):
    """What a link is for."""

    REGISTER = "register"
    RESET = "reset"
    EMAIL = "email"
    EMAIL_BACK = "email_back"


SECONDS: Final = {
    Kind.REGISTER: 24 * 3600,
    Kind.RESET: 30 * 60,
    Kind.EMAIL: 24 * 3600,
    Kind.EMAIL_BACK: 7 * 24 * 3600,
}
PAGES: Final = {
    Kind.REGISTER: "/confirm",
    Kind.RESET: "/reset-password",
    Kind.EMAIL: "/confirm-email",
    Kind.EMAIL_BACK: "/undo-email",
}
_NOT_YOU: Final = "If that was not you, do nothing: without the link nothing happens."


@dataclass(frozen=True)
class Letter:
    """What a link is about: whose (None where they are no user yet), the address, and what else was said."""

    user_id: uuid.UUID | None
    email: str
    details: dict[str, str]
    name: str


@dataclass(frozen=True)
class Letters:
    """Sends them. `public_url` is the one origin that people see."""

    mails: Mails | None
    public_url: str

    def register(self, email: str, name: str, hashed: str, tenant: str, *, known: bool) -> None:
        """Ask for a confirmation; or tell who has an account that somebody tried. Raises Refused."""
        link = self._keep(Kind.REGISTER, None, email, {"name": name, "hash": hashed, "tenant": tenant})
        if known:
            text = (
                "somebody, perhaps you, wanted to register at Stepweave with this address. You have an account "
                f"already.\n\nLog in:\n{self.public_url}/login\n\nIf you forgot your password:\n"
                f"{self.public_url}/forgot-password\n\nIf that was not you, do nothing: nobody was let in."
            )
            self._send(email, "You have a Stepweave account already", text)
        else:
            text = (
                f"please confirm your address, and your workspace “{mailing.one_line(tenant)}” is ready:\n{link}\n\n"
                f"You will be asked for the password that you chose. The link is good for 24 hours.\n\n{_NOT_YOU}"
            )
            self._send(email, "Confirm your address", text)

    def reset(self, email: str, user_id: uuid.UUID | None) -> None:
        """Send what resets a password; or tell who has no account so. Raises Refused."""
        link = self._keep(Kind.RESET, user_id, email, {})
        if user_id is None:
            text = (
                "somebody, perhaps you, wanted to reset the password of a Stepweave account with this address. There "
                "is none.\n\nYou may have registered with another address. If that was not you, do nothing."
            )
            self._send(email, "There is no Stepweave account with this address", text)
        else:
            text = (
                f"choose a new password here:\n{link}\n\nThe link is good once, for 30 minutes. All of your sessions "
                f"will end.\n\n{_NOT_YOU}"
            )
            self._send(email, "Reset your password", text)

    def was_reset(self, email: str) -> None:
        """Tell that a password was reset. A mail that fails changes nothing any more."""
        self._tell(
            email,
            "Your password was changed",
            "the password of your Stepweave account was changed by a link in a mail, and all sessions ended.\n\n"
            f"If that was not you, somebody reads your mail: secure that first, then\n"
            f"{self.public_url}/forgot-password",
        )

    def change(self, user_id: uuid.UUID, email: str, *, known: bool) -> None:
        """Ask the new address for a confirmation; or tell who has it already that somebody tried. Raises Refused."""
        link = self._keep(Kind.EMAIL, user_id, email, {})
        if known:
            text = (
                "somebody, perhaps you, wanted to use this address for another Stepweave account. It has one "
                "already, so nothing was changed."
            )
            self._send(email, "This address has a Stepweave account already", text)
        else:
            text = f"confirm that you log in with this address from now on:\n{link}\n\nGood for 24 hours. {_NOT_YOU}"
            self._send(email, "Confirm your new address", text)

    def was_changed(self, user_id: uuid.UUID, former: str, email: str) -> None:
        """Tell the former address, with a way back. A mail that fails changes nothing any more."""
        link = self._keep(Kind.EMAIL_BACK, user_id, former, {})
        self._tell(
            former,
            "Your address was changed",
            f"you log in to Stepweave with {email} from now on, and no longer with this address.\n\n"
            "If that was not you, take it back within 7 days; all sessions end, and you choose a new password:\n"
            f"{link}",
        )

    def _keep(self, kind: Kind, user_id: uuid.UUID | None, email: str, details: dict[str, str]) -> str:
        token = secrets.token_urlsafe(32)
        with logins() as known:
            known.letters.add(kind, digest(token), user_id, email, details, SECONDS[kind])
        return f"{self.public_url}{PAGES[kind]}#{token}"

    def _send(self, email: str, subject: str, text: str) -> None:
        mailing.send(self.mails, email, subject, f"Hello,\n\n{text}\n")

    def _tell(self, email: str, subject: str, text: str) -> None:
        try:
            self._send(email, subject, text)
        except Refused:  # `mailing` logged it
            return


def digest(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def find(kind: Kind, token: str) -> Letter:
    """Return what a link is about, which stays good. Raises Refused (`link_invalid`)."""
    with logins() as known:
        found = known.letters.find(kind, digest(token))
    if found is None:
        raise invalid()
    return Letter(found.user_id, found.email, found.details, found.name or "")


def invalid() -> Refused:
    """Return the refusal of a link that is not good, whyever."""
    return Refused(codes.LINK_INVALID, "The link was used already, is too old, or is not whole. Ask for another one.")
