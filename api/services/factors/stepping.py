"""Between the right password and the session: a second factor, where somebody has one.

The challenge is bound to one person in one workspace, lives five minutes, takes five wrong answers and one right one.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis

from api import codes
from api.refusals import Refused
from api.repositories.rows import factors_of, logins, rows_of
from api.services import limits
from api.services.auditing import login_failed
from api.services.factors import apps, recovery
from api.services.factors.challenges import Challenges
from api.services.factors.passkeys import Passkeys
from api.services.tokens import Principal
from stepweave_data.vaulting import KeyService

_WRONG = "The code is wrong, too old, or was used before. Wait for the next one."


@dataclass(frozen=True)
class Proof:
    """One of: an app's code, a recovery code, a passkey's answer."""

    code: str | None = None
    recovery_code: str | None = None
    passkey: dict[str, Any] | None = None


@dataclass(frozen=True)
class SecondFactors:
    """Asks for second factors, and checks them."""

    redis: redis.Redis
    keys: Callable[[], KeyService]
    passkeys: Passkeys

    def ask(self, principal: Principal) -> Principal:
        """Return who logs in, where they have no second factor. Raises Refused (`second_factor_needed`)."""
        ways = ways_of(principal.user_id)
        if not ways:
            return principal
        facts = {"userId": str(principal.user_id), "tenantId": str(principal.tenant_id)}
        challenge = self._asks.make(facts)
        raise Refused(codes.SECOND_FACTOR_NEEDED, "Show your second factor.", challenge=challenge, ways=ways)

    def options(self, challenge: str) -> dict[str, Any]:
        """Return what a passkey answers a login's challenge with. Raises Refused (`challenge_expired`)."""
        return self.passkeys.ask(uuid.UUID(self._asks.look(challenge)["userId"]), bound=challenge)

    def answer(self, challenge: str, proof: Proof) -> Principal:
        """Return who logs in. Raises Refused: `challenge_expired`, `wrong_factor`, `too_many_tries`."""
        facts = self._asks.tried(challenge)
        user_id, tenant_id = uuid.UUID(facts["userId"]), uuid.UUID(facts["tenantId"])
        self.check(user_id, tenant_id, proof, bound=challenge)
        self._asks.take(challenge)
        with rows_of(tenant_id) as rows:
            role = rows.accounts.role(user_id)
        if not role:
            raise Refused(codes.SESSION_EXPIRED, "You are no longer a member; log in again.")
        return Principal(user_id, tenant_id, role)

    def check(self, user_id: uuid.UUID, tenant_id: uuid.UUID, proof: Proof, *, bound: str) -> None:
        """Use a proof up; note a wrong one. Raises Refused: `wrong_factor`, `too_many_tries`, `challenge_expired`."""
        limits.limit(self.redis, limits.SECOND_FACTOR, str(user_id))
        try:
            self._use(user_id, tenant_id, proof, bound)
        except Refused as refused:
            if refused.code is codes.WRONG_FACTOR:
                login_failed(tenant_id, user_id, "factor")
            raise
        limits.forgive(self.redis, limits.SECOND_FACTOR, str(user_id))

    def _use(self, user_id: uuid.UUID, tenant_id: uuid.UUID, proof: Proof, bound: str) -> None:
        if proof.passkey is not None:
            self.passkeys.check(user_id, proof.passkey, bound)
        elif proof.recovery_code is not None:
            with factors_of(user_id) as factors:
                taken, left = recovery.take(factors, proof.recovery_code), factors.codes_left()
            if not taken:
                raise Refused(codes.WRONG_FACTOR, "This is none of your recovery codes, or it was used before.")
            with rows_of(tenant_id) as rows:
                rows.note(user_id, "factor.recovery_used", user_id, left=left)
        elif not apps.takes(user_id, proof.code or "", self.keys):
            raise Refused(codes.WRONG_FACTOR, _WRONG)

    @property
    def _asks(self) -> Challenges:
        return Challenges(self.redis, "login")


def ways_of(user_id: uuid.UUID) -> list[str]:
    """Return the second factors that somebody has: `code`, `passkey`, and `recoveryCode` with either."""
    with factors_of(user_id) as factors:
        app = factors.app()
        ways = ["code"] if app is not None and app.confirmed_at is not None else []
        ways += ["passkey"] if factors.passkeys() else []
        return ways + (["recoveryCode"] if ways and factors.codes_left() else [])


def signed_in(user_id: uuid.UUID) -> Principal:
    """Return who signed in with a passkey alone, in their workspace. Raises Refused (`wrong_factor`)."""
    with logins() as known:
        row = known.by_id(user_id)
    if row is None:
        raise Refused(codes.WRONG_FACTOR, "The account of this passkey is gone.")
    return Principal(row.user_id, row.tenant_id, row.role, signed_in_by="passkey")
