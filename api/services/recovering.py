"""What links in mails do: confirm a registration, reset a password, change an address and take that back."""

import uuid

from api import codes
from api.refusals import Refused, refused_field
from api.repositories.rows import Duplicate, logins, rows_of
from api.services import accounts
from api.services.letters import Kind, Letters, digest, find, invalid
from api.services.passwords import hashing
from api.services.passwords.rules import Leaked, Person, check
from api.services.tokens import Principal


def confirm_registration(token: str, password: str) -> Principal:
    """Make the user and the workspace that somebody registered.

    The password is asked for once more: who made a registration with somebody else's address knows it and has no link,
    who got that link does not know it.

    Raises:
        Refused: `link_invalid`; `wrong_password`; `email_taken`, `tenant_taken`.
    """
    letter = find(Kind.REGISTER, token)
    if not hashing.fits(password, letter.details["hash"]):
        raise refused_field(codes.WRONG_PASSWORD, "password", "This is not the password that you registered with.")
    for slug in accounts.slugs(letter.details["tenant"]):
        try:
            with logins() as known:
                made = known.letters.confirm_registration(digest(token), slug)
        except Duplicate as duplicate:
            if duplicate.constraint == "users_email_key":
                raise Refused(codes.EMAIL_TAKEN, "There is an account with this address already; log in.") from None
            continue
        if made is None:
            raise invalid()
        with rows_of(made.tenant_id) as rows:
            rows.note(made.user_id, "account.confirmed", made.user_id)
        return Principal(made.user_id, made.tenant_id, "owner")
    raise Refused(codes.TENANT_TAKEN, "Choose another name for your workspace, and register again.")


def ask_to_reset(letters: Letters, email: str) -> None:
    """Send what resets the password of an address. The same happens whether there is an account.

    Raises:
        Refused: `mail_unavailable`.
    """
    with logins() as known:
        row = known.by_email(email)
    letters.reset(email, row.user_id if row is not None else None)


def reset(letters: Letters, token: str, password: str, leaked: Leaked | None = None) -> tuple[uuid.UUID, str]:
    """Replace a forgotten password. All sessions end, and nobody is logged in; return the account's id and address.

    Raises:
        Refused: `link_invalid`, `weak_password`.
    """
    letter = find(Kind.RESET, token)
    check(password, Person(letter.email, letter.name), "password", leaked)
    hashed = hashing.hashed(password)
    with logins() as known:
        found = known.letters.reset(digest(token), hashed)
    if found is None:
        raise invalid()
    with rows_of(found.tenant_id) as rows:
        rows.moved.add(found.user_id)
        rows.note(found.user_id, "password.reset", found.user_id)
    letters.was_reset(found.email)
    return found.user_id, str(found.email)


def ask_to_change(letters: Letters, principal: Principal, email: str, password: str) -> None:
    """Ask a new address for a confirmation. The same happens whether somebody has an account with it.

    Raises:
        Refused: `wrong_password`; `invalid_request`, where it is the address that one has; `mail_unavailable`.
    """
    account = accounts.account_of(principal)
    accounts.confirm_password(account, password, "password")
    if email == account.user.email:
        raise refused_field(codes.INVALID_REQUEST, "email", "This is the address that you have.")
    with logins() as known:
        row = known.by_email(email)
    letters.change(principal.user_id, email, known=row is not None)


def change(letters: Letters, token: str) -> str:
    """Change an address, which its link confirms; return it. Raises Refused: `link_invalid`, `email_taken`."""
    try:
        with logins() as known:
            found = known.letters.change_email(Kind.EMAIL, digest(token))
    except Duplicate:
        raise Refused(codes.EMAIL_TAKEN, "Another account has this address meanwhile.") from None
    if found is None:
        raise invalid()
    with rows_of(found.tenant_id) as rows:
        rows.note(found.user_id, "email.changed", found.user_id, former=found.former, email=found.email)
    letters.was_changed(found.user_id, found.former, found.email)
    return str(found.email)


def take_back(letters: Letters, token: str) -> str:
    """Give an account its former address back, end all sessions, and send what resets the password.

    Raises:
        Refused: `link_invalid`; `email_taken`, where another account has the address by now.
    """
    try:
        with logins() as known:
            found = known.letters.change_email(Kind.EMAIL_BACK, digest(token))
    except Duplicate:
        raise Refused(codes.EMAIL_TAKEN, "Another account has this address meanwhile.") from None
    if found is None:
        raise invalid()
    with rows_of(found.tenant_id) as rows:
        rows.moved.add(found.user_id)
        rows.note(found.user_id, "email.taken_back", found.user_id, former=found.former, email=found.email)
    letters.reset(found.email, found.user_id)
    return str(found.email)
