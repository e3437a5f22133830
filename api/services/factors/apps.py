"""Authenticator apps: time-based codes of six digits (RFC 6238), of a secret that is sealed as credentials are."""

import hmac
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api import codes
from api.refusals import Refused, refused_field
from api.repositories.rows import factors_of
from api.services.factors import recovery
from stepweave_data.models import AuthenticatorApp
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, seal, unseal

STEP_SECONDS: Final = 30
WINDOW: Final = 1
"""Steps before and after the current one that count: clocks differ (RFC 6238, 5.2)."""
_PEOPLE: Final = "people"
"""Stands in the encryption context where credentials have their tenant: an app's secret is in none."""


@dataclass(frozen=True)
class Begun:
    """A new secret: as text, as the address that apps read, and that address as a picture (`data:`, SVG)."""

    secret: str
    uri: str
    picture: str


def begin(user_id: uuid.UUID, email: str, issuer: str, keys: KeyService) -> Begun:
    """Make a secret that counts once a code of it was given. Raises Refused (`factor_exists`)."""
    import pyotp
    import segno

    secret = pyotp.random_base32()
    sealed = seal({"secret": secret}, _PEOPLE, str(user_id), keys)
    with factors_of(user_id) as factors:
        if not factors.begin_app(sealed):
            raise Refused(codes.FACTOR_EXISTS, "You have an authenticator app already; remove it first.")
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    picture = segno.make(uri, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")
    return Begun(secret, uri, picture)


def confirm(user_id: uuid.UUID, code: str, keys: KeyService) -> list[str]:
    """Have the app count from now on; return recovery codes where there were none.

    Raises:
        Refused: `wrong_code`, `factor_exists`, `not_found` where none was begun.
    """
    with factors_of(user_id) as factors:
        app = factors.app()
    if app is None:
        raise codes.not_found("authenticator app")
    if app.confirmed_at is not None:
        raise Refused(codes.FACTOR_EXISTS, "You have an authenticator app already.")
    step = _step_of(app, code, keys)
    with factors_of(user_id) as factors:
        if step is None or not factors.take_step(step, nonce=bytes(app.nonce), confirms=True):
            words = "This is not the code that the app shows now. If it stays so, set your device's clock."
            raise refused_field(codes.WRONG_CODE, "code", words)
        return recovery.renew(factors) if factors.codes_left() == 0 else []


def takes(user_id: uuid.UUID, code: str, keys: Callable[[], KeyService]) -> bool:
    """Whether a code is right and was not used before. It is used up."""
    with factors_of(user_id) as factors:
        app = factors.app()
    if app is None or app.confirmed_at is None:
        return False
    step = _step_of(app, code, keys())
    with factors_of(user_id) as factors:
        return step is not None and factors.take_step(step, nonce=bytes(app.nonce))


def _step_of(app: AuthenticatorApp, code: str, keys: KeyService) -> int | None:
    """Return the step that a code is of, or None."""
    import pyotp

    sealed = Sealed(bytes(app.wrapped_key), bytes(app.nonce), bytes(app.ciphertext))
    try:
        made = pyotp.TOTP(unseal(sealed, _PEOPLE, str(app.user_id), keys)["secret"])
    except CannotOpen:
        return None
    given = "".join(code.split()).encode("utf-8", "surrogatepass")
    now = int(time.time()) // STEP_SECONDS
    steps = range(now - WINDOW, now + WINDOW + 1)
    right = [step for step in steps if hmac.compare_digest(made.generate_otp(step).encode(), given)]
    return right[-1] if right else None
