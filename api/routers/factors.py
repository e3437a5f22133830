"""Second factors, passkeys, recovery codes: signing in with them, setting them up, and asking members for them."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from api import codes
from api.bodies import JsonRoute
from api.deps import (
    ManagingDep,
    PasskeysDep,
    RedisDep,
    SecondFactorsDep,
    SettingsDep,
    caller_of,
    requires,
)
from api.origins import OwnPages
from api.permissions import Permission
from api.refusing import refuses
from api.routers.auth import entered
from api.schemas.auth import SessionResponse
from api.schemas.factors import (
    AppCodeRequest,
    AppResponse,
    ChallengeRequest,
    ConfirmedResponse,
    ConfirmRequest,
    FactorPolicyRequest,
    FactorPolicyResponse,
    FactorsResponse,
    PasskeyAddedResponse,
    PasskeyLoginRequest,
    PasskeyNameRequest,
    PasskeyOptions,
    PasskeyRequest,
    PasskeyResponse,
    ProofRequest,
    RecoveryCodesResponse,
    SecondFactorRequest,
)
from api.services import accounts, limits
from api.services.factors import managing as changing
from api.services.factors.stepping import Proof, signed_in
from api.services.tokens import Principal
from stepweave_data.redis_keys import CONFIRMED_SECONDS

router = APIRouter(tags=["factors"], route_class=JsonRoute)

Anyone = Annotated[Principal, Depends(requires(Permission.SELF, while_held=True))]
Policies = Annotated[Principal, Depends(requires(Permission.POLICIES_WRITE))]
PasskeyId = Annotated[uuid.UUID, Path(description="Names a passkey.")]
_ANSWERED = (
    codes.OTHER_SITE,
    codes.CHALLENGE_EXPIRED,
    codes.WRONG_FACTOR,
    codes.TOO_MANY_TRIES,
    codes.REDIS_UNAVAILABLE,
)
_KMS = (codes.AWS_UNAVAILABLE, codes.AWS_REFUSED)
_CHANGES = (codes.CONFIRMATION_NEEDED, codes.SIGNED_IN_BY_PROVIDER, codes.REDIS_UNAVAILABLE)


def confirmed(
    principal: Anyone,
    managing: ManagingDep,
    x_confirmation: Annotated[str, Header(description="The word that `confirmMe` gave.", max_length=100)] = "",
) -> Principal:
    """Return the caller, who showed in the last ten minutes who they are."""
    managing.must_be_confirmed(principal, x_confirmation)
    return principal


confirmed.permission = Permission.SELF  # type: ignore[attr-defined]  # as `deps.requires` has it
confirmed.while_held = True  # type: ignore[attr-defined]
Confirmed = Annotated[Principal, Depends(confirmed)]


@router.post(
    "/auth/second-factor",
    operation_id="answerSecondFactor",
    openapi_extra=refuses(*_ANSWERED, *_KMS, codes.SESSION_EXPIRED),
)
def answer_second_factor(
    _: OwnPages,
    body: SecondFactorRequest,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    factors: SecondFactorsDep,
) -> SessionResponse:
    """Go on with a login that asks for a second factor."""
    principal = factors.answer(body.challenge, _proof(body))
    return entered(principal, request, response, deployed)


@router.post(
    "/auth/second-factor/options",
    operation_id="askSecondFactor",
    openapi_extra=refuses(codes.CHALLENGE_EXPIRED, codes.REDIS_UNAVAILABLE),
)
def second_factor_options(body: ChallengeRequest, factors: SecondFactorsDep) -> PasskeyOptions:
    """Return what the browser asks a passkey for, to answer a login's challenge."""
    return PasskeyOptions(options=factors.options(body.challenge))


@router.post(
    "/auth/passkey/options",
    operation_id="askPasskey",
    openapi_extra=refuses(codes.TOO_MANY_TRIES, codes.REDIS_UNAVAILABLE),
)
def passkey_options(request: Request, redis: RedisDep, passkeys: PasskeysDep) -> PasskeyOptions:
    """Return what the browser asks for, to sign in with a passkey alone."""
    limits.limit(redis, limits.PASSKEY, caller_of(request).address)
    return PasskeyOptions(options=passkeys.ask(None))


@router.post("/auth/passkey", operation_id="logInWithPasskey", openapi_extra=refuses(*_ANSWERED, codes.SESSION_EXPIRED))
def log_in_with_passkey(
    _: OwnPages,
    body: PasskeyLoginRequest,
    request: Request,
    response: Response,
    deployed: SettingsDep,
    redis: RedisDep,
    passkeys: PasskeysDep,
) -> SessionResponse:
    """Log in with a passkey alone: it is two factors, for it checks who holds it."""
    limits.limit(redis, limits.PASSKEY, caller_of(request).address)
    principal = signed_in(passkeys.who(body.passkey))
    return entered(principal, request, response, deployed)


@router.get("/me/factors", operation_id="getFactors")
def get_factors(principal: Anyone, managing: ManagingDep, passkeys: PasskeysDep) -> FactorsResponse:
    """Say how you sign in, beside the password."""
    found = managing.overview(principal)
    return FactorsResponse(
        has_app=found.has_app,
        passkeys=[PasskeyResponse.model_validate(row) for row in found.passkeys],
        recovery_codes_left=found.codes_left,
        by_provider=principal.by_provider,
        required=found.required,
        passkey_domain=passkeys.site.id,
    )


@router.post(
    "/me/confirm",
    operation_id="confirmMe",
    openapi_extra=refuses(
        codes.TOO_MANY_TRIES,
        codes.REDIS_UNAVAILABLE,
        *_KMS,
        codes.WRONG_CODE,
        codes.WRONG_PASSWORD,
        codes.CONFIRMATION_NEEDED,
        codes.SIGNED_IN_BY_PROVIDER,
    ),
)
def confirm_me(
    body: ConfirmRequest, principal: Anyone, request: Request, redis: RedisDep, managing: ManagingDep
) -> ConfirmedResponse:
    """Show once more who you are, before you change how you sign in."""
    changing.must_be_in_person(principal)
    with limits.login(redis, accounts.account_of(principal).user.email, caller_of(request)):
        word = managing.confirm(principal, body.password, _proof(body))
    return ConfirmedResponse(confirmation=word, expires_in=CONFIRMED_SECONDS)


@router.post("/me/confirm/options", operation_id="askMe", openapi_extra=refuses(codes.REDIS_UNAVAILABLE))
def confirm_options(principal: Anyone, passkeys: PasskeysDep) -> PasskeyOptions:
    """Return what the browser asks a passkey for, to show who you are."""
    return PasskeyOptions(options=passkeys.ask(principal.user_id, bound="confirm"))


@router.post(
    "/me/factors/app",
    status_code=201,
    operation_id="beginAuthenticatorApp",
    openapi_extra=refuses(*_CHANGES, *_KMS, codes.FACTOR_EXISTS),
)
def begin_app(principal: Confirmed, managing: ManagingDep) -> AppResponse:
    """Begin to set up an authenticator app: returns a secret for it, which counts once it is confirmed."""
    return AppResponse.model_validate(managing.begin_app(principal))


@router.post(
    "/me/factors/app/confirm",
    operation_id="confirmAuthenticatorApp",
    openapi_extra=refuses(
        *_CHANGES, *_KMS, codes.FACTOR_EXISTS, codes.WRONG_CODE, codes.NOT_FOUND, codes.TOO_MANY_TRIES
    ),
)
def confirm_app(
    body: AppCodeRequest, principal: Confirmed, redis: RedisDep, managing: ManagingDep
) -> RecoveryCodesResponse:
    """Have the authenticator app count. With the first factor you get recovery codes."""
    limits.limit(redis, limits.SECOND_FACTOR, str(principal.user_id))
    made = managing.confirm_app(principal, body.code)
    limits.forgive(redis, limits.SECOND_FACTOR, str(principal.user_id))
    return RecoveryCodesResponse(codes=made)


@router.delete(
    "/me/factors/app",
    status_code=204,
    operation_id="removeAuthenticatorApp",
    openapi_extra=refuses(*_CHANGES, codes.LAST_FACTOR, codes.NOT_FOUND),
)
def remove_app(principal: Confirmed, managing: ManagingDep) -> Response:
    """Remove your authenticator app."""
    managing.drop_app(principal)
    return Response(status_code=204)


@router.post(
    "/me/factors/recovery-codes", operation_id="renewRecoveryCodes", openapi_extra=refuses(*_CHANGES, codes.NOT_FOUND)
)
def renew_codes(principal: Confirmed, managing: ManagingDep) -> RecoveryCodesResponse:
    """Get new recovery codes; those you had count no more."""
    return RecoveryCodesResponse(codes=managing.renew_codes(principal))


@router.post("/me/passkeys/options", operation_id="beginPasskey", openapi_extra=refuses(*_CHANGES, codes.TOO_MANY))
def begin_passkey(principal: Confirmed, passkeys: PasskeysDep) -> PasskeyOptions:
    """Return what the browser makes a passkey of."""
    user = accounts.account_of(principal).user
    return PasskeyOptions(options=passkeys.begin(principal.user_id, user.email, user.name))


@router.post(
    "/me/passkeys",
    status_code=201,
    operation_id="addPasskey",
    openapi_extra=refuses(*_CHANGES, codes.CHALLENGE_EXPIRED, codes.PASSKEY_INVALID, codes.FACTOR_EXISTS),
)
def add_passkey(body: PasskeyRequest, principal: Confirmed, managing: ManagingDep) -> PasskeyAddedResponse:
    """Keep the passkey that the browser made. With the first factor you get recovery codes."""
    made, fresh = managing.add_passkey(principal, body.name, body.passkey)
    return PasskeyAddedResponse(passkey=PasskeyResponse.model_validate(made), codes=fresh)


@router.patch(
    "/me/passkeys/{passkey_id}",
    status_code=204,
    operation_id="renamePasskey",
    openapi_extra=refuses(codes.NOT_FOUND, codes.SIGNED_IN_BY_PROVIDER),
)
def rename_passkey(
    passkey_id: PasskeyId, body: PasskeyNameRequest, principal: Anyone, managing: ManagingDep
) -> Response:
    """Give a passkey another name."""
    changing.must_be_in_person(principal)
    managing.rename_passkey(principal, passkey_id, body.name)
    return Response(status_code=204)


@router.delete(
    "/me/passkeys/{passkey_id}",
    status_code=204,
    operation_id="removePasskey",
    openapi_extra=refuses(*_CHANGES, codes.LAST_FACTOR, codes.NOT_FOUND),
)
def remove_passkey(passkey_id: PasskeyId, principal: Confirmed, managing: ManagingDep) -> Response:
    """Remove a passkey."""
    managing.drop_passkey(principal, passkey_id)
    return Response(status_code=204)


@router.get("/tenant/factors", operation_id="getFactorPolicy")
def get_policy(principal: Policies) -> FactorPolicyResponse:
    """Say whether the workspace asks its members for a second factor, and how many have one."""
    required, having, members = changing.policy(principal)
    return FactorPolicyResponse(requires_factor=required, having=having, members=members)


@router.put("/tenant/factors", operation_id="putFactorPolicy", openapi_extra=refuses(codes.NO_FACTOR_YET))
def put_policy(body: FactorPolicyRequest, principal: Policies) -> FactorPolicyResponse:
    """Say whether all members must have a second factor. Those without set one up before anything else."""
    changing.require_factor(principal, body.requires_factor)
    return get_policy(principal)


def _proof(body: ProofRequest) -> Proof:
    return Proof(body.code, body.recovery_code, body.passkey)
