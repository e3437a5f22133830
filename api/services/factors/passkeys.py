"""Passkeys (WebAuthn, level 2): several per person, to sign in without a password and as a second factor.

The checks are py_webauthn's; what is ours: challenges that count once and for one purpose, whose passkey it is, and
counters that go back (6.1.1): such a passkey may have been copied, and is refused until it is removed.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import redis

from api import codes
from api.refusals import Refused, refused_field
from api.repositories.factors import Factors
from api.repositories.rows import Duplicate, factors_of
from api.services.factors import recovery
from api.services.factors.challenges import Challenges
from stepweave_data.models import Passkey

if TYPE_CHECKING:
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
    from webauthn.registration.verify_registration_response import VerifiedRegistration

Checked = TypeVar("Checked")
ON_ONE_MACHINE: Final = "app.localhost"
MOST: Final = 20
"""Passkeys per person."""
_WRONG: Final = "This passkey does not count here, or its answer came too late. Try again, or sign in another way."
_SUSPECT: Final = (
    "This passkey's counter went back: it may have been copied. Sign in another way, remove it, and add it anew."
)


@dataclass(frozen=True)
class Site:
    """What browsers know the app as: passkeys belong to `id`, and are asked for at `origins` only."""

    id: str
    name: str
    origins: tuple[str, ...]

    @classmethod
    def of(cls, public_url: str, name: str, domain: str = "") -> "Site":
        """Return the site of a deployment.

        An address of one machine has no name, which passkeys need; what tenants write is at `localhost` there (ADR 55).
        So they are of `app.localhost`, which browsers resolve by themselves.
        """
        parts = urlsplit(public_url)
        host = parts.hostname or "localhost"
        if host not in ("127.0.0.1", "::1"):
            return cls(domain or host, name, (f"{parts.scheme}://{parts.netloc}",))
        port = f":{parts.port}" if parts.port else ""
        return cls(ON_ONE_MACHINE, name, (f"{parts.scheme}://{ON_ONE_MACHINE}{port}",))


@dataclass(frozen=True)
class Passkeys:
    """Registers and checks passkeys."""

    redis: redis.Redis
    site: Site

    def begin(self, user_id: uuid.UUID, email: str, name: str) -> dict[str, Any]:
        """Return what the browser makes a passkey of (`PublicKeyCredentialCreationOptionsJSON`)."""
        import webauthn
        from webauthn.helpers import structs

        with factors_of(user_id) as factors:
            there = factors.passkeys()
        if len(there) >= MOST:
            raise Refused(codes.TOO_MANY, f"There are at most {MOST} passkeys; remove one first.")
        challenge = self._asks("add").make({"userId": str(user_id)})
        options = webauthn.generate_registration_options(
            rp_id=self.site.id,
            rp_name=self.site.name,
            user_id=user_id.bytes,
            user_name=email,
            user_display_name=name,
            challenge=webauthn.base64url_to_bytes(challenge),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=bytes(it.credential_id)) for it in there],
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
        )
        return _json(webauthn.options_to_json(options))

    def add(self, user_id: uuid.UUID, name: str, answer: dict[str, Any]) -> tuple[Passkey, list[str]]:
        """Keep what the browser made; return it, and recovery codes where there were none.

        Raises:
            Refused: `challenge_expired`, `passkey_invalid`, `factor_exists`.
        """
        made = self._made(user_id, answer)
        transports = answer.get("response", {}).get("transports")
        known = ("usb", "nfc", "ble", "smart-card", "hybrid", "internal")
        row = Passkey(
            user_id=user_id,
            name=name,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=[it for it in known if isinstance(transports, list) and it in transports],
            backed_up=made.credential_backed_up,
        )
        try:
            with factors_of(user_id) as factors:
                kept = factors.add_passkey(row)
                return kept, recovery.renew(factors) if factors.codes_left() == 0 else []
        except Duplicate:
            raise Refused(codes.FACTOR_EXISTS, "This passkey is known already.") from None

    def ask(self, user_id: uuid.UUID | None, bound: str = "") -> dict[str, Any]:
        """Return what the browser asks an authenticator for (`PublicKeyCredentialRequestOptionsJSON`).

        Args:
            user_id: whose passkey; None where the authenticator says who it is (a discoverable credential).
            bound: what the answer is given for, such as the challenge of a login.
        """
        import webauthn
        from webauthn.helpers import structs

        allowed = []
        if user_id is not None:
            with factors_of(user_id) as factors:
                allowed = [
                    structs.PublicKeyCredentialDescriptor(
                        id=bytes(it.credential_id),
                        transports=[structs.AuthenticatorTransport(t) for t in it.transports],
                    )
                    for it in factors.passkeys()
                ]
        challenge = self._asks("use").make({"userId": str(user_id or ""), "bound": bound})
        options = webauthn.generate_authentication_options(
            rp_id=self.site.id,
            challenge=webauthn.base64url_to_bytes(challenge),
            allow_credentials=allowed or None,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        return _json(webauthn.options_to_json(options))

    def who(self, answer: dict[str, Any]) -> uuid.UUID:
        """Return who signs in with a passkey alone. Raises Refused: `challenge_expired`, `wrong_factor`."""
        challenge, facts = self._answered("use", answer)
        handle = answer.get("response", {}).get("userHandle")
        if facts["userId"] or facts["bound"] or not isinstance(handle, str):
            raise Refused(codes.WRONG_FACTOR, _WRONG)
        try:
            user_id = uuid.UUID(bytes=_bytes(handle))
        except ValueError:
            raise Refused(codes.WRONG_FACTOR, _WRONG) from None
        self._check(user_id, challenge, answer)
        return user_id

    def check(self, user_id: uuid.UUID, answer: dict[str, Any], bound: str = "") -> None:
        """Check the passkey of a known person. Raises Refused: `challenge_expired`, `wrong_factor`."""
        challenge, facts = self._answered("use", answer)
        if (facts["userId"], facts["bound"]) != (str(user_id), bound):
            raise Refused(codes.WRONG_FACTOR, _WRONG)
        self._check(user_id, challenge, answer)

    def _check(self, user_id: uuid.UUID, challenge: bytes, answer: dict[str, Any]) -> None:
        suspect = False
        with factors_of(user_id) as factors:
            passkey = _found(factors, answer)
            if passkey is not None:
                checked = self._verified(passkey, challenge, answer)
                counts = passkey.sign_count or checked.new_sign_count
                suspect = bool(counts and checked.new_sign_count <= passkey.sign_count)
                if suspect or passkey.suspect_at is not None:
                    passkey.suspect_at = passkey.suspect_at or datetime.now(UTC)
                    suspect = True
                else:
                    passkey.sign_count, passkey.backed_up = checked.new_sign_count, checked.credential_backed_up
                    passkey.last_used_at = datetime.now(UTC)
        if passkey is None:
            raise Refused(codes.WRONG_FACTOR, _WRONG)
        if suspect:
            raise Refused(codes.WRONG_FACTOR, _SUSPECT)

    def _verified(self, passkey: Passkey, challenge: bytes, answer: dict[str, Any]) -> "VerifiedAuthentication":
        import webauthn

        return _checked(
            Refused(codes.WRONG_FACTOR, _WRONG),
            lambda: webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.site.id,
                expected_origin=list(self.site.origins),
                credential_public_key=bytes(passkey.public_key),
                credential_current_sign_count=0,  # ours to compare: it is noted, too
                require_user_verification=True,
            ),
        )

    def _made(self, user_id: uuid.UUID, answer: dict[str, Any]) -> "VerifiedRegistration":
        import webauthn

        challenge, facts = self._answered("add", answer)
        invalid = refused_field(
            codes.PASSKEY_INVALID, "passkey", "The authenticator's answer does not count. Try again."
        )
        if facts["userId"] != str(user_id):
            raise invalid
        return _checked(
            invalid,
            lambda: webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.site.id,
                expected_origin=list(self.site.origins),
                require_user_verification=True,
            ),
        )

    def _answered(self, purpose: str, answer: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Return the challenge that an answer is to, used up, and what it stands for."""
        import webauthn

        try:
            client = json.loads(_bytes(answer["response"]["clientDataJSON"]))
            challenge = str(client["challenge"])
            return webauthn.base64url_to_bytes(challenge), self._asks(purpose).take(challenge)
        except (KeyError, TypeError, ValueError, RecursionError):
            raise Refused(codes.CHALLENGE_EXPIRED, "This is no answer to anything that was asked.") from None

    def _asks(self, purpose: str) -> Challenges:
        return Challenges(self.redis, f"passkey-{purpose}")


def _found(factors: Factors, answer: dict[str, Any]) -> Passkey | None:
    try:
        return factors.passkey(_bytes(answer["rawId"]))
    except (KeyError, TypeError, ValueError):
        return None


def _checked(refusal: Refused, check: Callable[[], Checked]) -> Checked:
    """Return what a check of py_webauthn gives. Whatever it fails with comes of the answer: it is refused."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return check()
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise refusal from None


def _bytes(text: Any) -> bytes:
    """Return what base64url text holds. Raises ValueError, TypeError."""
    import webauthn

    return webauthn.base64url_to_bytes(text)


def _json(text: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text)
    return made
