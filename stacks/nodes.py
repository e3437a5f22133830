"""The data plane: one Lambda function per node type, each with its own role and log group. No VPC, no database.

A stack of CloudFormation holds 500 resources and a function is four of them, so on AWS the functions lie on `SHELVES`
stacks. A digest of the node's type says on which: a type never moves (a function that moved would exist in both stacks
for a while, which its fixed name forbids), and no shelf fills before the others.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.nodes.catalogue import handler_of, packages, specs
from stacks.bundling.bundler import Bundling
from stacks.bundling.code import package_files
from stacks.constructs.functions import FunctionPlan, PythonFunction, arn
from stacks.constructs.layers import Layers
from stacks.settings import Settings
from stepweave.spec.catalogue import CatalogueEntry
from stepweave.spec.node import NodeSpec

SHELVES: Final = 4
"""Room for 400 types. Another number moves every function: only before anything is deployed."""

DEMO: Final = {"postgres": "Postgres", "smtp": "mail server"}
"""Which of the platform's own servers the nodes of a credential's type reach on one machine: the demo's database lies
there, behind a log-in that opens nothing else (local/stack/postgres.py), and the server that takes mail, gives none."""


def shelf(type: str) -> int:
    """Return on which shelf, from 0, the functions of a node's type lie."""
    return int.from_bytes(hashlib.sha256(type.encode()).digest()[:4]) % SHELVES


class Nodes(Construct):
    """A function for each node on `shelves` that runs code: all but triggers that listen to nothing."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        settings: Settings,
        bundling: Bundling,
        layers: Layers,
        queue: sqs.IQueue,
        bucket: s3.IBucket,
        shelves: Sequence[int],
    ) -> None:
        super().__init__(scope, id)
        self._settings, self._bundling, self._layers = settings, bundling, layers
        self._queue, self._bucket = queue, bucket
        for spec in specs():
            if spec.has_function and shelf(spec.type) in shelves:
                self._function(spec)

    def _function(self, spec: NodeSpec) -> None:
        name = CatalogueEntry.of(spec).function_name
        plan = FunctionPlan(
            name=name,
            description=f"{spec.name}: {spec.summary}",
            handler=handler_of(spec),
            code=self._bundling.code(name, package_files(packages()[spec.type, spec.version])),
            layers=self._layers.named("core", *spec.layers),
            timeout_seconds=spec.timeout_seconds,
            memory_mb=spec.memory_mb,
            environment=self._environment(spec),
        )
        made = PythonFunction(self, name, plan, self._settings)
        made.allow(["sqs:SendMessage"], self._queue.queue_arn)
        called = [
            ("storage", True),
            ("vault", bool(spec.credentials)),
            ("caller", spec.starts_workflows),
            ("store", spec.reaches_store),
        ]
        for name in (name for name, needed in called if needed):
            made.allow(["lambda:InvokeFunction"], arn(self, "lambda", f"function:{self._settings.prefix}-{name}"))

    def _environment(self, spec: NodeSpec) -> dict[str, str]:
        settings = self._settings
        environment = {
            "STEPWEAVE_PREFIX": settings.prefix,
            "STEPWEAVE_EVENTS_QUEUE_URL": self._queue.queue_url,
            "STEPWEAVE_DATA_BUCKET": self._bucket.bucket_name,
            "STEPWEAVE_STORAGE_FUNCTION": f"{settings.prefix}-storage",
        }
        if spec.credentials:
            environment["STEPWEAVE_VAULT_FUNCTION"] = f"{settings.prefix}-vault"
        if spec.starts_workflows:
            environment["STEPWEAVE_STARTER_FUNCTION"] = f"{settings.prefix}-caller"
        if spec.reaches_store:
            environment["STEPWEAVE_STORE_FUNCTION"] = f"{settings.prefix}-store"
        if settings.outside:
            environment["AWS_ENDPOINT_URL"] = settings.outside.aws_endpoint
            if spec.network:
                demo = (name for type, name in DEMO.items() if type in spec.credentials)
                environment |= settings.outside.reaching(*demo)
        return environment
