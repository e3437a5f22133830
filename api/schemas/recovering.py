"""Links in mails about one's account."""

from typing import Annotated

from pydantic import StringConstraints

from api.schemas.auth import MailedEmail, Password
from api.schemas.base import Schema

Token = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
_Typed = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class LinkRequest(Schema):
    """A link that was followed."""

    token: Token
    """What stands behind `#` in the link."""


class ConfirmRegistrationRequest(LinkRequest):
    """The link of a registration, and the password that was chosen."""

    password: _Typed
    """The password that one registered with."""


class ResetRequest(LinkRequest):
    """The link that resets a password, and the new one."""

    password: Password
    """At least 10 characters, at most 72 bytes, and in no list of common passwords."""


class ResetMailRequest(Schema):
    """Who forgot their password."""

    email: MailedEmail
    """The address that one logs in with."""


class EmailChangeRequest(Schema):
    """Another address to log in with."""

    email: MailedEmail
    """The new address."""
    password: _Typed
    """One's password."""


class MailSentResponse(Schema):
    """What is to know is in a mail."""

    email: str
    """Where it was sent."""


class EmailResponse(Schema):
    """The address of an account."""

    email: str
    """What one logs in with."""
