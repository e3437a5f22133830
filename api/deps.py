"""What routes need, as `Annotated` dependencies: a signature reads as a list of needs.

Longer than other files: one list of what there is to ask for, each entry a few lines, so that no route makes its own.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

import redis
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Scope

from api import codes
from api.permissions import KEYS_MAY, Permission, reading
from api.ports import Mails, NodeFunctions, Schedules, Starts, StateMachines, Storage
from api.rates import charge, charge_stranger
from api.refusals import Refused
from api.repeating import claim
from api.services import api_keys, projects
from api.services.alerts.trying import Trying
from api.services.approvals import Approvals
from api.services.connecting import Connecting
from api.services.credentials import Credentials
from api.services.debugging import Debugger
from api.services.factors.managing import Managing
from api.services.factors.passkeys import Passkeys, Site
from api.services.factors.stepping import SecondFactors
from api.services.invitations import Inviting
from api.services.limits import Caller
from api.services.listening import Listening
from api.services.mailing import mails_of
from api.services.options import Choosing
from api.services.probing import Probing
from api.services.publishing import Publisher
from api.services.running import Runner
from api.services.sign_in.arriving import Arriving
from api.services.sign_in.connections import Connections, Texts, texts_of
from api.services.standing import checked
from api.services.tokens import Principal, read_access
from api.services.trigger_checks import TriggerChecks
from api.services.variables import prepare
from api.settings import Settings, settings
from stepweave.aws import Aws, AwsError
from stepweave.aws.secrets import secret
from stepweave.runtime.callbacks import SECRET
from stepweave.runtime.claims import Claims
from stepweave.runtime.credentials import Invoke, vault_function
from stepweave.runtime.errors import NodeError
from stepweave.runtime.events import Send, queue_sender
from stepweave.runtime.starting import Launch, Seed, Start, StartFailed, Target, start
from stepweave_data.auditing import acts, origin
from stepweave_data.hooks.waits import Tokens
from stepweave_data.redis_link import redis_url
from stepweave_data.telemetry import about
from stepweave_data.vaulting import KeyService

_bearer = HTTPBearer(auto_error=False, description="The access token of a session, or an API key.")


def requires(permission: Permission, *, while_held: bool = False) -> Callable[..., Principal]:
    """Return the dependency that gives the caller, who must have `permission`.

    `while_held`: also whom the workspace asks for a second factor first. Everything else is refused them.
    """

    def principal(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Principal:
        if credentials is None:
            raise Refused(codes.NOT_LOGGED_IN, "Log in: this needs an access token.")
        if credentials.credentials.startswith(api_keys.PREFIX):
            caller = _of_key(request, credentials.credentials, permission)
            narrow(request, caller, permission)
            claim(request, _of(request, redis_client)(), caller, settings().signing_key())
            return caller
        caller = read_access(credentials.credentials, settings().signing_key())
        about(tenant_id=str(caller.tenant_id))
        origin().named = caller.tenant_id
        caller = checked(_of(request, redis_client)(), caller)
        acts(caller.tenant_id, caller.user_id)
        charge(request, _of(request, redis_client)(), caller, permission)
        if caller.held and not while_held:
            raise _held(caller)
        check_permission(caller, permission)
        narrow(request, caller, permission)
        claim(request, _of(request, redis_client)(), caller, settings().signing_key())
        return caller

    principal.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all routes
    principal.while_held = while_held  # type: ignore[attr-defined]  # and by `api.openapi`
    return principal


def _held(caller: Principal) -> Refused:
    if caller.held == "provider":
        return Refused(codes.PROVIDER_ONLY, "Your workspace lets you in by its identity provider only: log in by that.")
    return Refused(codes.SECOND_FACTOR_REQUIRED, "Your workspace asks for a second factor: set one up first.")


def rated_stranger(request: Request) -> None:
    """Count a request that does not say who asks, by its address; `requires` counts all others."""
    if "authorization" not in request.headers:
        charge_stranger(request, _of(request, redis_client)(), caller_of(request))


def _of_key(request: Request, text: str, permission: Permission) -> Principal:
    """Return who an API key acts as, where keys may do what asks for `permission`. Raises Refused."""
    caller = api_keys.principal_of(text, caller_of(request).address)
    about(tenant_id=str(caller.tenant_id))
    charge(request, _of(request, redis_client)(), caller, permission)
    if permission is Permission.SELF:
        if getattr(request.scope.get("route"), "operation_id", None) not in KEYS_MAY:
            raise Refused(codes.NOT_ALLOWED, "An API key may not do this: it needs a person who is logged in.")
    elif not caller.may(permission):
        raise Refused(codes.NOT_ALLOWED, f"This API key may not do this; it needs {permission.value}.")
    return caller


def check_permission(caller: Principal, permission: Permission) -> None:
    """Let the request see only what the caller may do this with.

    Raises Refused (`not_allowed`) when a caller's role does not have a permission.
    """
    if not caller.may(permission):
        raise Refused(codes.NOT_ALLOWED, f"Your role ({caller.role}) may not do this; it needs {permission.value}.")
    origin().reach = caller.reach(permission)


def narrow(request: Request, caller: Principal, permission: Permission) -> None:
    """Let the request see only what the caller may do this with (ADR 58).

    Raises:
        Refused: `not_allowed` for what they see and may not do this with. What they do not see is not found.
    """
    reach, seen = caller.reach(permission), caller.reach(reading(permission))
    origin().reach = reach
    if reach != seen:
        for name, value in request.path_params.items():
            if projects.hidden(caller, name, str(value), seen):
                words = f"You may see this and not do this with it: that needs {permission.value} in its project."
                raise Refused(codes.NOT_ALLOWED, words)


@cache
def redis_client() -> redis.Redis:
    """Return this process's Redis client."""
    return redis.Redis.from_url(redis_url(), decode_responses=True, socket_timeout=2, socket_connect_timeout=2)


@cache
def mailer() -> Mails | None:
    """Return what sends the platform's mail; None where it sends none."""
    return mails_of(settings().mail_url, settings().mail_from)


@cache
def state_machines() -> StateMachines:
    """Return Step Functions."""
    from stepweave.aws.control.state_machines import StepFunctions

    return StepFunctions(settings().state_machine_role_arn)


@cache
def schedules() -> Schedules:
    """Return EventBridge Scheduler."""
    from stepweave.aws.control.schedules import EventBridgeSchedules

    deployed = settings()
    return EventBridgeSchedules(deployed.schedule_group, deployed.scheduler_role_arn, deployed.starter_function_arn)


class LambdaStarts:
    """Starts Standard executions itself and hands Express ones to the starter, which can wait for them."""

    def start(
        self,
        target: Target,
        *,
        node_id: str,
        items: list[Any],
        mode: str,
        execution_id: str,
        seed: Seed,
        origin: str = "",
    ) -> None:
        """Start. Raises Refused (503) when it could not be."""
        try:
            it = Start(
                target=target,
                trigger="manual",
                node_id=node_id,
                items=items,
                mode="draft" if mode == "draft" else "live",
                execution_id=execution_id,
                seed=seed,
                origin=origin,
            )
            if target.machine_type == "express":
                Aws.shared().functions.start(settings().starter_function_arn, it.to_json())
            else:
                start(it, replace(Launch.shared(), prepare=prepare))
        except (StartFailed, AwsError) as error:
            detail = f"The execution could not be started ({error.code}). Try again."
            raise Refused(codes.NOT_STARTED, detail, executionId=execution_id) from error
        except NodeError as error:
            raise Refused(codes.NOT_STARTED, error.message, executionId=execution_id) from error


@cache
def node_functions() -> NodeFunctions:
    """Return the node functions."""
    from stepweave.aws.control import node_functions as functions

    return functions.NodeFunctions(settings().prefix)


@cache
def starts() -> Starts:
    """Return what starts executions."""
    return LambdaStarts()


def storage() -> Storage:
    """Return the data bucket's storage."""
    return Aws.shared().storage


def claims() -> Claims:
    """Return what stores and fetches large data."""
    return Claims(lambda: Aws.shared().storage, settings().data_bucket)


def tokens() -> Tokens:
    """Return what answers task tokens."""
    return Aws.shared().machines


def events() -> Send:
    """Return what tells of executions."""
    return queue_sender()


@cache
def key_service() -> KeyService:
    """Return KMS."""
    from stepweave.aws.control.keys import KmsKeys

    return KmsKeys()


def publisher(request: Request) -> Publisher:
    """Return the publisher."""
    return Publisher(
        machines=_of(request, state_machines),
        schedules=_of(request, schedules),
        redis=_of(request, redis_client)(),
        functions=_of(request, node_functions),
        keys=_of(request, key_service),
        content_url=settings().content_origin,
    )


def runner(request: Request) -> Runner:
    """Return the runner."""
    return Runner(
        publisher(request),
        _of(request, starts),
        _of(request, state_machines),
        _of(request, claims),
        _of(request, events),
    )


def credentials(request: Request) -> Credentials:
    """Return the credentials."""
    return Credentials(_of(request, key_service))


def passkeys(request: Request) -> Passkeys:
    """Return what registers and checks passkeys."""
    deployed = settings()
    site = Site.of(deployed.public_url, "Stepweave", deployed.passkey_domain)
    return Passkeys(_of(request, redis_client)(), site)


def second_factors(request: Request) -> SecondFactors:
    """Return what asks for second factors."""
    return SecondFactors(_of(request, redis_client)(), _of(request, key_service), passkeys(request))


def managing(request: Request) -> Managing:
    """Return what changes how people sign in."""
    return Managing(_of(request, redis_client)(), _of(request, key_service), second_factors(request))


def dns_texts() -> Texts:
    """Return what reads TXT records."""
    return texts_of


def connections(request: Request) -> Connections:
    """Return what sets identity providers up."""
    return Connections(_of(request, key_service), _of(request, dns_texts)())


def arriving(request: Request) -> Arriving:
    """Return what signs people in by identity providers."""
    return Arriving(_of(request, redis_client)(), connections(request), settings().public_url)


def connecting(request: Request) -> Connecting:
    """Return what connects credentials."""
    return Connecting(_of(request, key_service), _of(request, redis_client)(), settings().public_url)


def vault() -> Invoke:
    """Return the call of the vault."""
    return vault_function()


def probing(request: Request) -> Probing:
    """Return what tries credentials out."""
    return Probing(_of(request, vault)(), _of(request, node_functions), _of(request, key_service))


def choosing(request: Request) -> Choosing:
    """Return what loads choices of fields."""
    return Choosing(_of(request, node_functions)(), _of(request, redis_client)(), settings().signing_key)


def inviting(request: Request) -> Inviting:
    """Return what sends invitations."""
    return Inviting(_of(request, mailer)(), settings().public_url)


def listening(request: Request) -> Listening:
    """Return what tries out triggers."""
    return Listening(
        functions=_of(request, node_functions),
        keys=_of(request, key_service),
        storage=_of(request, storage),
        redis=_of(request, redis_client)(),
        content_url=settings().content_origin,
    )


def callback_secret() -> str:
    """Return the secret of callback URLs. Raises AwsError."""
    return secret(SECRET)


def trigger_checks(request: Request) -> TriggerChecks:
    """Return what calls triggers to see whether they answer."""
    return TriggerChecks(_of(request, node_functions), lambda: secret(SECRET), settings().content_origin)


def approvals(request: Request) -> Approvals:
    """Return what decides approvals."""
    return Approvals(_of(request, tokens), _of(request, events), _of(request, claims))


def debugger(request: Request) -> Debugger:
    """Return what lets nodes go on from stops."""
    return Debugger(_of(request, tokens), _of(request, events), _of(request, claims), _of(request, storage))


def caller_of(request: Request) -> Caller:
    """Return where a request comes from.

    CloudFront and API Gateway each add the address that connected to them to X-Forwarded-For: the last is the edge's,
    the one before it the person's. What stands further left is the caller's own word and counts for nothing.
    """
    event = request.scope.get("aws.event") or {}
    connected = request.client.host if request.client else "unknown"
    source = str(event.get("requestContext", {}).get("http", {}).get("sourceIp") or connected)
    chain = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    return Caller(address=(chain[-2:] or [source])[0], source=source)


def claims_of(request: Request) -> Callable[[], Claims]:
    """Return the way to what stores large data, opened only when a route needs it."""
    return _of(request, claims)


def storage_of(request: Request) -> Callable[[], Storage]:
    """Return the way to the storage, opened only when a route needs it."""
    return _of(request, storage)


def keys_of(request: Request) -> Callable[[], KeyService]:
    """Return the way to KMS, opened only when something is sealed."""
    return _of(request, key_service)


def ask_starter() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return the way to ask the starter for something, and wait. It raises AwsError."""
    return lambda asked: dict(Aws.shared().functions.invoke(settings().starter_function_arn, asked))


def trying(request: Request) -> Trying:
    """Return what tries alert rules out."""
    mails, starter = _of(request, mailer)(), _of(request, ask_starter)()
    return Trying(mails, _of(request, key_service), starter, settings().public_url.rstrip("/"))


def known(request: Request) -> None:
    """Say who asks, as far as what they bring along proves it, for a request that was refused before that was asked."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return
    try:
        if text.startswith(api_keys.PREFIX):
            api_keys.principal_of(text, caller_of(request).address)
            return
        caller = read_access(text, settings().signing_key())
    except Refused:
        return
    origin().named, origin().user_id = caller.tenant_id, caller.user_id


def redis_of(scope: Scope) -> redis.Redis:
    """Return the Redis client of a request that no route is known of."""
    app = scope.get("app")
    client: redis.Redis = (app.dependency_overrides if app else {}).get(redis_client, redis_client)()
    return client


def _of(request: Request, dependency: Callable[[], Any]) -> Callable[[], Any]:
    """Return `dependency`, or what a test put in its place."""
    replaced: Callable[[], Any] = request.app.dependency_overrides.get(dependency, dependency)
    return replaced


SettingsDep = Annotated[Settings, Depends(settings)]
MailsDep = Annotated[Mails | None, Depends(mailer)]
RedisDep = Annotated[redis.Redis, Depends(redis_client)]
ProbingDep = Annotated[Probing, Depends(probing)]
PublisherDep = Annotated[Publisher, Depends(publisher)]
RunnerDep = Annotated[Runner, Depends(runner)]
DebuggerDep = Annotated[Debugger, Depends(debugger)]
ApprovalsDep = Annotated[Approvals, Depends(approvals)]
ChoosingDep = Annotated[Choosing, Depends(choosing)]
PasskeysDep = Annotated[Passkeys, Depends(passkeys)]
SecondFactorsDep = Annotated[SecondFactors, Depends(second_factors)]
ManagingDep = Annotated[Managing, Depends(managing)]
ConnectionsDep = Annotated[Connections, Depends(connections)]
ArrivingDep = Annotated[Arriving, Depends(arriving)]
ConnectingDep = Annotated[Connecting, Depends(connecting)]
TriggerChecksDep = Annotated[TriggerChecks, Depends(trigger_checks)]
InvitingDep = Annotated[Inviting, Depends(inviting)]
ListeningDep = Annotated[Listening, Depends(listening)]
CredentialsDep = Annotated[Credentials, Depends(credentials)]
ClaimsDep = Annotated[Callable[[], Claims], Depends(claims_of)]
StorageDep = Annotated[Callable[[], Storage], Depends(storage_of)]
CallerDep = Annotated[Caller, Depends(caller_of)]
KeysDep = Annotated[Callable[[], KeyService], Depends(keys_of)]
TryingDep = Annotated[Trying, Depends(trying)]
