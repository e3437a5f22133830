"""What must outlive a release: network, database, cache, queue, bucket, key and secrets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.constructs.buckets import DataBucket, LogsBucket, keep
from stacks.constructs.functions import Place, PythonFunction
from stacks.constructs.queues import EventsQueue
from stacks.settings import Outside, Settings


@dataclass(frozen=True, slots=True)
class Servers:
    """How functions reach Postgres, Redis and the signing keys: variables, secrets they may read, and from where."""

    database: Mapping[str, str]
    redis: Mapping[str, str]
    jwt: Mapping[str, str]
    callbacks: Mapping[str, str]
    passes: Mapping[str, str]
    owner: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None
    database_secret: secretsmanager.ISecret | None = None
    owner_secret: secretsmanager.ISecret | None = None
    jwt_secret: secretsmanager.ISecret | None = None
    callbacks_secret: secretsmanager.ISecret | None = None
    passes_secret: secretsmanager.ISecret | None = None
    redis_secret: secretsmanager.ISecret | None = None
    front: Mapping[str, str] = field(default_factory=dict)
    front_secret: secretsmanager.ISecret | None = None

    def let_use_database(self, function: PythonFunction) -> None:
        """Let a function read what it logs in to Postgres with."""
        if self.database_secret:
            self.database_secret.grant_read(function.role)

    def let_use_redis(self, function: PythonFunction) -> None:
        """Let a function read what it logs in to Valkey with."""
        if self.redis_secret:
            self.redis_secret.grant_read(function.role)

    def let_own_database(self, function: PythonFunction) -> None:
        """Let a function read the owner's log-in."""
        if self.owner_secret:
            self.owner_secret.grant_read(function.role)

    def let_know_front(self, function: PythonFunction) -> None:
        """Let a function read what CloudFront sends with each request."""
        if self.front_secret:
            self.front_secret.grant_read(function.role)

    def let_sign(self, function: PythonFunction) -> None:
        """Let a function read the signing key."""
        if self.jwt_secret:
            self.jwt_secret.grant_read(function.role)

    def let_sign_callbacks(self, function: PythonFunction) -> None:
        """Let a function read what callback URLs are signed with."""
        if self.callbacks_secret:
            self.callbacks_secret.grant_read(function.role)

    def let_sign_passes(self, function: PythonFunction) -> None:
        """Let a function read what executions' contexts are signed with."""
        if self.passes_secret:
            self.passes_secret.grant_read(function.role)


def front_name(settings: Settings) -> str:
    """Return the name of the secret that CloudFront sends with each request."""
    return f"{settings.prefix}/front"


class Data(Construct):
    """The table of contents of the data stack."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        self.logs: s3.IBucket | None = None if settings.outside else LogsBucket(self, "Logs", settings).bucket
        self.bucket: s3.IBucket = DataBucket(self, "Data", settings, self.logs).bucket
        self.queue: sqs.IQueue = EventsQueue(self, "Events", settings).queue
        self.key = kms.Key(
            self,
            "Credentials",
            alias=f"{settings.prefix}-credentials",
            description="Wraps the data keys of tenants' credentials",
            enable_key_rotation=settings.outside is None,
            removal_policy=keep(settings),
        )
        self.servers = _outside(settings.outside) if settings.outside else self._on_aws(settings)
        CfnOutput(Stack.of(self), "EventsQueueUrl", value=self.queue.queue_url)
        CfnOutput(Stack.of(self), "DataBucketName", value=self.bucket.bucket_name)
        CfnOutput(Stack.of(self), "CredentialsKeyId", value=self.key.key_id)

    def _signs(self, settings: Settings, id: str, description: str) -> secretsmanager.Secret:
        """Make a random secret that signs; its name is its id in small letters."""
        return secretsmanager.Secret(
            self,
            id,
            secret_name=f"{settings.prefix}/{id.lower()}",
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
        )

    def _on_aws(self, settings: Settings) -> Servers:
        # Imported here: what only AWS has costs a local deployment 0.6 s of imports.
        from stacks.constructs.cache import Cache
        from stacks.constructs.database import Database
        from stacks.constructs.network import Network

        network = Network(self, "Network", settings)
        database = Database(self, "Database", settings, network)
        cache = Cache(self, "Cache", settings, network)
        jwt = self._signs(settings, "Jwt", "Signs access tokens")
        callbacks = self._signs(settings, "Callbacks", "Signs callback URLs of waiting executions")
        passes = self._signs(settings, "Passes", "Signs the contexts of executions")
        front = secretsmanager.Secret(
            self,
            "Front",
            secret_name=front_name(settings),
            description="Sent by CloudFront with each request, and taken from nobody else",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"taken": ""}),
                generate_string_key="sent",
                exclude_punctuation=True,
                password_length=64,
            ),
        )
        return Servers(
            front={"STEPWEAVE_ORIGIN_SECRET_ARN": front.secret_arn},
            front_secret=front,
            database={
                "STEPWEAVE_DATABASE_SECRET_ARN": database.app_secret.secret_arn,
                "STEPWEAVE_DATABASE_HOST": database.host,
            },
            redis={"STEPWEAVE_REDIS_URL": cache.url, "STEPWEAVE_REDIS_SECRET_ARN": cache.secret.secret_arn},
            redis_secret=cache.secret,
            jwt={"STEPWEAVE_JWT_SECRET_ARN": jwt.secret_arn},
            callbacks={"STEPWEAVE_RESUME_SECRET_ARN": callbacks.secret_arn},
            passes={"STEPWEAVE_CONTEXT_SECRET_ARN": passes.secret_arn},
            owner={"STEPWEAVE_DATABASE_OWNER_SECRET_ARN": database.owner_secret.secret_arn},
            place=network.functions,
            database_secret=database.app_secret,
            owner_secret=database.owner_secret,
            jwt_secret=jwt,
            callbacks_secret=callbacks,
            passes_secret=passes,
        )


def _outside(outside: Outside) -> Servers:
    return Servers(
        database={"STEPWEAVE_DATABASE_URL": outside.database_url},
        redis={"STEPWEAVE_REDIS_URL": outside.redis_url},
        jwt={"STEPWEAVE_JWT_SECRET": outside.jwt_secret},
        # On one machine one secret makes both: whoever reads one variable there reads the other.
        callbacks={"STEPWEAVE_RESUME_SECRET": sha256(f"callbacks\n{outside.jwt_secret}".encode()).hexdigest()},
        passes={"STEPWEAVE_CONTEXT_SECRET": sha256(f"passes\n{outside.jwt_secret}".encode()).hexdigest()},
    )
