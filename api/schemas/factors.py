"""Second factors, passkeys, recovery codes, and the policy."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from api.schemas.auth import Name
from api.schemas.base import Schema

Challenge = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]*$")]
Digits = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{3}\s?[0-9]{3}$")]
RecoveryWord = Annotated[str, StringConstraints(strip_whitespace=True, min_length=16, max_length=40)]
BrowserAnswer = Annotated[dict[str, Any], Field(max_length=20)]


class ProofRequest(Schema):
    """A second factor: one of the three."""

    code: Digits | None = None
    """What the authenticator app shows: six digits."""
    recovery_code: RecoveryWord | None = None
    """One of the recovery codes; it is used up."""
    passkey: BrowserAnswer | None = None
    """What the browser answers (`PublicKeyCredential.toJSON()`)."""

    @model_validator(mode="after")
    def _one(self) -> "ProofRequest":
        if sum(given is not None for given in self._given()) != 1:
            raise ValueError("Give one of " + self._names() + ".")
        return self

    def _given(self) -> tuple[Any, ...]:
        return (self.code, self.recovery_code, self.passkey)

    def _names(self) -> str:
        return "code, recoveryCode and passkey"


class SecondFactorRequest(ProofRequest):
    """The answer to a login's challenge."""

    challenge: Challenge
    """What the login was refused with."""


class ConfirmRequest(ProofRequest):
    """Who one is, shown once more: by the second factor; by the password where there is none."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | None = None
    """The password, for who has no second factor."""

    def _given(self) -> tuple[Any, ...]:
        return (*super()._given(), self.password)

    def _names(self) -> str:
        return "password, code, recoveryCode and passkey"


class ConfirmedResponse(Schema):
    """A word for the header `X-Confirmation` of what changes how one signs in."""

    confirmation: str
    """The word."""
    expires_in: int
    """Seconds that it counts for."""


class ChallengeRequest(Schema):
    """A login's challenge."""

    challenge: Challenge
    """What the login was refused with."""


class PasskeyLoginRequest(Schema):
    """A passkey's answer."""

    passkey: BrowserAnswer
    """What the browser answers (`PublicKeyCredential.toJSON()`)."""


class PasskeyOptions(Schema):
    """What the browser asks an authenticator for; JSON as `PublicKeyCredential.parse...OptionsFromJSON` takes it."""

    options: dict[str, Any]
    """The options."""


class PasskeyRequest(Schema):
    """A new passkey."""

    name: Name
    """What its owner calls it, such as the device."""
    passkey: BrowserAnswer
    """What the browser made (`PublicKeyCredential.toJSON()`)."""


class PasskeyNameRequest(Schema):
    """A passkey's new name."""

    name: Name
    """The new name."""


class PasskeyResponse(Schema):
    """A passkey."""

    id: uuid.UUID
    """Names the passkey."""
    name: str
    """What its owner calls it."""
    created_at: datetime
    """When it was added."""
    last_used_at: datetime | None
    """When somebody signed in with it last; null for never."""
    backed_up: bool
    """Whether its maker keeps it on several devices."""
    suspect_at: datetime | None
    """When its counter went back: it may have been copied, and is refused."""


class FactorsResponse(Schema):
    """How the caller signs in, beside the password."""

    has_app: bool
    """Whether an authenticator app is set up."""
    passkeys: list[PasskeyResponse]
    """The passkeys, the oldest first."""
    recovery_codes_left: int
    """How many recovery codes are unused."""
    by_provider: bool
    """Whether an identity provider vouched for this session, which changes none of it."""
    required: bool
    """Whether a workspace of theirs asks for a second factor."""
    passkey_domain: str
    """Where passkeys work: the host that the app must be open at."""


class AppResponse(Schema):
    """A secret for an authenticator app. It counts once a code of it was given (`confirmAuthenticatorApp`)."""

    secret: str
    """The secret as text (base 32), to be typed."""
    uri: str
    """The same as the address that apps read (`otpauth://`)."""
    picture: str
    """The address as a QR code: an SVG as a `data:` URI."""


class AppCodeRequest(Schema):
    """A code of the new app."""

    code: Digits
    """What it shows: six digits."""


class RecoveryCodesResponse(Schema):
    """Recovery codes. They are shown this once."""

    codes: list[str]
    """The codes; empty where there are some already, which stay."""


class PasskeyAddedResponse(RecoveryCodesResponse):
    """A new passkey, and recovery codes with the first factor."""

    passkey: PasskeyResponse
    """The passkey."""


class FactorPolicyRequest(Schema):
    """What the workspace asks of its members."""

    requires_factor: bool
    """Whether all must have a second factor."""


class FactorPolicyResponse(FactorPolicyRequest):
    """What the workspace asks of its members, and how many have it."""

    having: int
    """Members with a second factor."""
    members: int
    """Members."""
