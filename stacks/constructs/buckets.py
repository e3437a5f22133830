"""Buckets: executions' data, and access logs."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.settings import Settings


class DataBucket(Construct):
    """Large results and binary data of executions, keyed by tenant and execution."""

    def __init__(self, scope: Construct, id: str, settings: Settings, logs: s3.IBucket | None) -> None:
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=f"{settings.prefix}-data-{Stack.of(self).account}",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=settings.outside is None,
            minimum_tls_version=1.2 if settings.outside is None else None,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    # Objects have no age at which they go: executions are kept as long as workspaces say.
                    # The sweeper deletes them, and what belongs to nothing (ADR 77).
                    id="uploads-end",
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            server_access_logs_bucket=logs,
            server_access_logs_prefix="data/" if logs else None,
            removal_policy=keep(settings),
        )


class LogsBucket(Construct):
    """Access logs of the other buckets and of CloudFront."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=f"{settings.prefix}-logs-{Stack.of(self).account}",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # CloudFront's log delivery writes with an ACL.
            object_ownership=s3.ObjectOwnership.OBJECT_WRITER,
            lifecycle_rules=[s3.LifecycleRule(id="logs-end", expiration=Duration.days(settings.log_days))],
            removal_policy=keep(settings),
        )


def bucket_items(scope: Construct, settings: Settings) -> str:
    """Return the ARN of all objects in the data bucket, by its name."""
    stack = Stack.of(scope)
    return f"arn:{stack.partition}:s3:::{settings.prefix}-data-{stack.account}/*"


def items_role(scope: Construct, settings: Settings) -> str:
    """Return the ARN of the role whose rights `storage` lends, by its name."""
    stack = Stack.of(scope)
    return f"arn:{stack.partition}:iam::{stack.account}:role/{settings.prefix}-items-{stack.region}"


def keep(settings: Settings) -> RemovalPolicy:
    """Return what becomes of data when its stack is deleted."""
    return RemovalPolicy.RETAIN if settings.sizes and settings.sizes.keep_data else RemovalPolicy.DESTROY
