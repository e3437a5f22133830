"""Links in mails about one's account: to confirm it, to reset its password, to change its address."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import MailsDep, RedisDep, SettingsDep, caller_of
from api.origins import OwnPages
from api.refusing import refuses
from api.routers.auth import Self, entered, leaked_of, remember
from api.schemas.auth import SessionResponse
from api.schemas.recovering import (
    ConfirmRegistrationRequest,
    EmailChangeRequest,
    EmailResponse,
    LinkRequest,
    MailSentResponse,
    ResetMailRequest,
    ResetRequest,
)
from api.services import accounts, letters, limits, recovering
from api.services.letters import Kind, Letters

router = APIRouter(tags=["auth"], route_class=JsonRoute)


def letters_of(mails: MailsDep, deployed: SettingsDep) -> Letters:
    """Return what sends mails about accounts."""
    return Letters(mails, deployed.public_url.rstrip("/"))


LettersDep = Annotated[Letters, Depends(letters_of)]
_GUARDED: Final = (codes.TOO_MANY_TRIES, codes.REDIS_UNAVAILABLE, codes.OTHER_SITE)


@router.post(
    "/auth/confirm",
    status_code=201,
    operation_id="confirmRegistration",
    openapi_extra=refuses(*_GUARDED, codes.LINK_INVALID, codes.WRONG_PASSWORD, codes.EMAIL_TAKEN, codes.TENANT_TAKEN),
)
def confirm(
    _: OwnPages,
    body: ConfirmRegistrationRequest,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
) -> SessionResponse:
    """Confirm a registration with the link of its mail and the password, and log in."""
    email = letters.find(Kind.REGISTER, body.token).email
    with limits.login(redis, email, caller_of(request)):
        principal = recovering.confirm_registration(body.token, body.password)
    return entered(principal, request, response, deployed)


@router.post(
    "/auth/reset-mail",
    status_code=202,
    operation_id="askToResetPassword",
    openapi_extra=refuses(*_GUARDED, codes.MAIL_UNAVAILABLE),
)
def ask_to_reset(
    _: OwnPages, body: ResetMailRequest, request: Request, redis: RedisDep, letters: LettersDep
) -> MailSentResponse:
    """Send a mail that resets a password. The answer is the same whether there is an account."""
    limits.limit(redis, limits.LINKS, caller_of(request).address)
    if limits.may_send(redis, body.email):
        recovering.ask_to_reset(letters, body.email)
    return MailSentResponse(email=body.email)


@router.post(
    "/auth/reset",
    operation_id="resetPassword",
    openapi_extra=refuses(*_GUARDED, codes.LINK_INVALID, codes.WEAK_PASSWORD),
)
def reset(
    _: OwnPages,
    body: ResetRequest,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
    letters: LettersDep,
) -> EmailResponse:
    """Choose a new password with the link of a mail. All sessions end; log in with the new one."""
    limits.limit(redis, limits.LINKS, caller_of(request).address)
    user_id, email = recovering.reset(letters, body.token, body.password, leaked_of(deployed))
    remember(user_id, request, response, deployed, anew=True)
    return EmailResponse(email=email)


@router.post(
    "/me/email",
    status_code=202,
    operation_id="askToChangeEmail",
    openapi_extra=refuses(
        codes.TOO_MANY_TRIES,
        codes.REDIS_UNAVAILABLE,
        codes.MAIL_UNAVAILABLE,
        codes.WRONG_PASSWORD,
        codes.SESSION_EXPIRED,
    ),
)
def ask_to_change(
    body: EmailChangeRequest, principal: Self, request: Request, redis: RedisDep, letters: LettersDep
) -> MailSentResponse:
    """Ask for another address to log in with. It counts once the link that is mailed there was followed."""
    limits.limit(redis, limits.CHANGES, str(principal.user_id))
    with limits.login(redis, accounts.account_of(principal).user.email, caller_of(request)):
        recovering.ask_to_change(letters, principal, body.email, body.password)
    return MailSentResponse(email=body.email)


@router.post(
    "/auth/email",
    operation_id="confirmEmail",
    openapi_extra=refuses(*_GUARDED, codes.LINK_INVALID, codes.EMAIL_TAKEN),
)
def change(_: OwnPages, body: LinkRequest, request: Request, redis: RedisDep, letters: LettersDep) -> EmailResponse:
    """Confirm another address with the link of its mail. The former one is told, with a way back."""
    limits.limit(redis, limits.LINKS, caller_of(request).address)
    return EmailResponse(email=recovering.change(letters, body.token))


@router.post(
    "/auth/email/undo",
    operation_id="undoEmail",
    openapi_extra=refuses(*_GUARDED, codes.LINK_INVALID, codes.EMAIL_TAKEN, codes.MAIL_UNAVAILABLE),
)
def undo(_: OwnPages, body: LinkRequest, request: Request, redis: RedisDep, letters: LettersDep) -> EmailResponse:
    """Take a change of address back with the link of its mail. All sessions end; a mail resets the password."""
    limits.limit(redis, limits.LINKS, caller_of(request).address)
    return EmailResponse(email=recovering.take_back(letters, body.token))
