"""Turns a system function's needs into its variables, its rights and its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from constructs import Construct

from stacks.bundling.bundler import Bundling
from stacks.bundling.code import package_files
from stacks.constructs.buckets import bucket_items, items_role
from stacks.constructs.functions import FunctionPlan, PythonFunction, arn
from stacks.constructs.gateways import Gateways
from stacks.constructs.layers import Layers
from stacks.constructs.roles import WorkflowRoles
from stacks.constructs.system import Need, SystemFunction
from stacks.data import Data
from stacks.settings import Settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What system functions are connected with."""

    data: Data
    gateways: Gateways
    roles: WorkflowRoles
    origin: str
    content_origin: str
    starter_arn: str


class Grants:
    """Makes system functions: each gets the variables and rights of its needs, and no other."""

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        self._settings = settings
        self._around = surroundings
        self._rights: Mapping[Need, Callable[[PythonFunction], None]] = {
            Need.DATABASE: surroundings.data.servers.let_use_database,
            Need.REDIS: surroundings.data.servers.let_use_redis,
            Need.OWNER: surroundings.data.servers.let_own_database,
            Need.JWT: surroundings.data.servers.let_sign,
            Need.EVENTS: lambda made: made.allow(["sqs:SendMessage"], surroundings.data.queue.queue_arn),
            Need.ITEMS: self._items,
            Need.LEND: lambda made: made.allow(["sts:AssumeRole"], items_role(made, self._settings)),
            Need.KEY: self._key,
            Need.REWRAP: self._rewrap,
            Need.CONNECTIONS: self._connections,
            Need.START: self._start,
            Need.LOOK: lambda made: made.allow(["states:DescribeExecution"], self._executions(made)),
            Need.STOP: lambda made: made.allow(["states:StopExecution"], self._executions(made)),
            Need.PUBLISH: self._publish,
            Need.VAULT: self._vault,
            Need.CALLBACK: surroundings.data.servers.let_sign_callbacks,
            Need.FRONT: surroundings.data.servers.let_know_front,
            Need.SIGN: surroundings.data.servers.let_sign_passes,
            Need.ANSWER: self._answer,
            Need.ASK: self._ask,
            Need.ERASE: self._erase,
            Need.TELL: self._tell,
            Need.MAIL: self._mail,
            Need.HAND_OVER: lambda made: made.allow(["lambda:InvokeFunction"], surroundings.starter_arn),
        }

    def function(self, scope: Construct, plan: SystemFunction, bundling: Bundling, layers: Layers) -> PythonFunction:
        """Return the function of `plan`."""
        package = plan.package or f"functions.system.{plan.name}"
        variables: dict[str, str] = {
            "STEPWEAVE_PREFIX": self._settings.prefix,
            "POWERTOOLS_SERVICE_NAME": plan.name,
            "POWERTOOLS_METRICS_NAMESPACE": self._settings.prefix,
        }
        if self._settings.outside:
            variables["AWS_ENDPOINT_URL"] = self._settings.outside.aws_endpoint
            if plan.local_workers:
                variables["STEPWEAVE_LOCAL_WORKERS"] = str(plan.local_workers)
        for need in sorted(plan.needs):
            variables |= self._variables(need)
        made = PythonFunction(
            scope,
            plan.name,
            FunctionPlan(
                name=plan.name,
                description=plan.description,
                handler=f"{package}.{plan.module}.handler",
                code=bundling.code(plan.name, package_files(package, *plan.ships)),
                layers=layers.named(*plan.layers),
                timeout_seconds=plan.timeout_seconds,
                memory_mb=plan.memory_mb,
                environment=variables,
                reserved=self._settings.lambda_concurrency * plan.reserved // 100 or None,
            ),
            self._settings,
            self._around.data.servers.place if plan.in_vpc else None,
        )
        for need in sorted(plan.needs):
            if need in self._rights:
                self._rights[need](made)
        return made

    def _variables(self, need: Need) -> Mapping[str, str]:
        data, gateways, roles = self._around.data, self._around.gateways, self._around.roles
        match need:
            case Need.DATABASE:
                return data.servers.database
            case Need.OWNER:
                return data.servers.owner
            case Need.REDIS:
                return data.servers.redis
            case Need.JWT:
                return data.servers.jwt
            case Need.EVENTS:
                return {"STEPWEAVE_EVENTS_QUEUE_URL": data.queue.queue_url}
            case Need.ITEMS | Need.ERASE:
                return {"STEPWEAVE_DATA_BUCKET": data.bucket.bucket_name}
            case Need.LEND:
                return {
                    "STEPWEAVE_DATA_BUCKET": data.bucket.bucket_name,
                    "STEPWEAVE_ITEMS_ROLE_ARN": items_role(data, self._settings),
                }
            case Need.KEY | Need.REWRAP:
                return {"STEPWEAVE_KMS_KEY_ID": data.key.key_id}
            case Need.CONNECTIONS:
                return {"STEPWEAVE_CONNECTIONS_ENDPOINT": gateways.connections_endpoint}
            case Need.PUBLISH:
                return {
                    "STEPWEAVE_STATE_MACHINE_ROLE_ARN": roles.machine.role_arn,
                    "STEPWEAVE_SCHEDULER_ROLE_ARN": roles.schedule.role_arn,
                    "STEPWEAVE_SCHEDULE_GROUP": self._settings.prefix,
                    "STEPWEAVE_STARTER_FUNCTION_ARN": self._around.starter_arn,
                }
            case Need.VAULT:
                return {"STEPWEAVE_VAULT_FUNCTION": f"{self._settings.prefix}-vault"}
            case Need.HAND_OVER:
                return {"STEPWEAVE_STARTER_FUNCTION_ARN": self._around.starter_arn}
            case Need.ORIGIN:
                around, passkeys = self._around, self._settings.passkey_domain
                domain = {"STEPWEAVE_PASSKEY_DOMAIN": passkeys} if passkeys else {}
                return {"STEPWEAVE_PUBLIC_URL": around.origin, "STEPWEAVE_CONTENT_URL": around.content_origin, **domain}
            case Need.MAIL:
                outside, sender = self._settings.outside, self._settings.mail_from
                url = outside.mail_url if outside else "ses:"
                return {"STEPWEAVE_MAIL_URL": url, "STEPWEAVE_MAIL_FROM": sender} if sender else {}
            case Need.CALLBACK:
                return data.servers.callbacks
            case Need.FRONT:
                return data.servers.front
            case Need.SIGN:
                return data.servers.passes
            case Need.OUTSIDE:
                # On one machine what is reached lies on the machine.
                return self._settings.outside.reaching() if self._settings.outside else {}
            case Need.START | Need.LOOK | Need.ANSWER | Need.STOP | Need.ASK | Need.TELL:
                return {}

    def _items(self, made: PythonFunction) -> None:
        made.allow(["s3:GetObject", "s3:PutObject"], bucket_items(made, self._settings))

    def _erase(self, made: PythonFunction) -> None:
        made.allow(["s3:DeleteObject"], bucket_items(made, self._settings))
        made.allow(["s3:ListBucket"], self._around.data.bucket.bucket_arn)
        leaving = ("states:DeleteStateMachine", "states:DeleteStateMachineAlias", "states:DeleteStateMachineVersion")
        made.allow([*leaving], self._machines(made))
        made.allow(["scheduler:DeleteSchedule"], arn(made, "scheduler", f"schedule/{self._settings.prefix}/*"))

    def _tell(self, made: PythonFunction) -> None:
        made.allow(["events:PutEvents"], arn(made, "events", "event-bus/default"))

    def _mail(self, made: PythonFunction) -> None:
        domain = self._settings.mail_from.rpartition("@")[2]
        if domain and not self._settings.outside:
            made.allow(["ses:SendEmail"], arn(made, "ses", f"identity/{domain}"))

    def _key(self, made: PythonFunction) -> None:
        made.allow(["kms:GenerateDataKey", "kms:Decrypt"], self._around.data.key.key_arn)
        if self._settings.former_key:
            made.allow(["kms:Decrypt"], self._settings.former_key)

    def _rewrap(self, made: PythonFunction) -> None:
        key, former = self._around.data.key.key_arn, self._settings.former_key
        made.allow(["kms:ReEncryptTo"], key)
        made.allow(["kms:ReEncryptFrom"], key, *([former] if former else []))

    def _connections(self, made: PythonFunction) -> None:
        made.allow(["execute-api:ManageConnections"], self._around.gateways.connections_arn)

    def _start(self, made: PythonFunction) -> None:
        made.allow(["states:StartExecution", "states:StartSyncExecution"], self._machines(made))

    def _answer(self, made: PythonFunction) -> None:
        made.allow(["states:SendTaskSuccess", "states:SendTaskFailure"], self._machines(made))

    def _vault(self, made: PythonFunction) -> None:
        made.allow(["lambda:InvokeFunction"], arn(made, "lambda", f"function:{self._settings.prefix}-vault"))

    def _ask(self, made: PythonFunction) -> None:
        made.allow(["lambda:InvokeFunction"], arn(made, "lambda", f"function:{self._settings.prefix}-node-*"))

    def _publish(self, made: PythonFunction) -> None:
        prefix = self._settings.prefix
        made.allow(
            [
                "states:CreateStateMachine",
                "states:CreateStateMachineAlias",
                "states:PublishStateMachineVersion",
                "states:StartExecution",
                "states:UpdateStateMachine",
                "states:UpdateStateMachineAlias",
            ],
            self._machines(made),
        )
        # Readiness asks for one machine; listing takes no ARN.
        made.allow(["states:ListStateMachines"], "*")
        made.allow(["states:StopExecution"], self._executions(made))
        made.allow(
            [
                "scheduler:CreateSchedule",
                "scheduler:DeleteSchedule",
                "scheduler:UpdateSchedule",
            ],
            arn(made, "scheduler", f"schedule/{prefix}/*"),
        )
        made.allow(["lambda:InvokeFunction"], self._around.starter_arn)
        made.allow_passing(self._around.roles.machine, "states.amazonaws.com")
        made.allow_passing(self._around.roles.schedule, "scheduler.amazonaws.com")

    def _machines(self, made: PythonFunction) -> str:
        return arn(made, "states", f"stateMachine:{self._settings.prefix}-*")

    def _executions(self, made: PythonFunction) -> str:
        return arn(made, "states", f"execution:{self._settings.prefix}-*")
