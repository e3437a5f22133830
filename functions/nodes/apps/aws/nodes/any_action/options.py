"""Services, their operations, and the parameters of one, from botocore's models: AWS is not asked."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import Any, Final

from functions.nodes.apps.aws.session import session
from functions.nodes.apps.aws.shapes import described
from stepweave.runtime.asks import Asked
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted

_MOST: Final = 500
_OFTEN: Final = ("s3", "ec2", "lambda", "dynamodb", "sqs", "sns", "iam", "ecs", "rds", "cloudwatch", "logs", "ssm")
"""Services that stand first."""


def services(asked: Asked, wanted: Wanted) -> Options:
    """Return the services whose name, or full name, contains what is searched for."""
    there = session().get_available_services()
    ordered = sorted(there, key=lambda name: (_OFTEN.index(name) if name in _OFTEN else len(_OFTEN), name))
    found = [name for name in ordered if _has(wanted, f"{name} {full_name(name)}")]
    return Options([Option(name, full_name(name), name) for name in found[:_MOST]])


def operations(asked: Asked, wanted: Wanted) -> Options:
    """Return the operations of the service, with what they do."""
    model = service_model(str(asked.param("service") or ""))
    found = [name for name in model.operation_names if _has(wanted, name)]
    return Options([Option(name, "", _words(model.operation_model(name).documentation)) for name in found])


def parameters(asked: Asked, wanted: Wanted) -> Options:
    """Return the parameters of the operation, each with what it takes; those that must be given first."""
    shape = input_of(str(asked.param("service") or ""), str(asked.param("operation") or ""))
    if shape is None:
        return Options([])
    names = sorted(shape.members, key=lambda name: name not in shape.required_members)
    return Options(
        [
            Option(name, detail=described(shape.members[name]), required=name in shape.required_members)
            for name in names
            if _has(wanted, name)
        ]
    )


LOADERS: Final[Mapping[str, LoadOptions]] = {
    "services": services,
    "operations": operations,
    "parameters": parameters,
}


@lru_cache(maxsize=32)
def service_model(service: str) -> Any:
    """Return a service's model. Raises ParameterInvalid where there is no such service."""
    if service not in session().get_available_services():
        raise ParameterInvalid(
            f"AWS has no service {service!r}.",
            "Choose one of the list; it is called as in the AWS CLI and boto3.",
            details={"field": "params.service"},
        )
    return session().get_service_model(service)


def operation_model(service: str, operation: str) -> Any:
    """Return an operation's model. Raises ParameterInvalid where the service has no such operation."""
    model = service_model(service)
    if operation not in model.operation_names:
        plain = operation.replace("_", "").lower()  # as boto3 calls it: describe_instances
        near = next((name for name in model.operation_names if name.lower() == plain), "")
        raise ParameterInvalid(
            f"{service} has no operation {operation!r}.",
            f"Write {near}." if near else "Choose one of the list.",
            details={"field": "params.operation"},
        )
    return model.operation_model(operation)


def input_of(service: str, operation: str) -> Any:
    """Return the shape of an operation's parameters; None where it has none. Raises as `operation_model` does."""
    return operation_model(service, operation).input_shape


def full_name(service: str) -> str:
    """Return a service's name for people where it has another than its own."""
    return _NAMES.get(service, service)


_NAMES: Final = {
    "s3": "S3 (storage)",
    "ec2": "EC2 (virtual machines, networks)",
    "logs": "CloudWatch Logs",
    "ssm": "Systems Manager (parameters, run command)",
    "ses": "Simple Email Service (v1)",
    "sesv2": "Simple Email Service (v2)",
    "stepfunctions": "Step Functions",
    "secretsmanager": "Secrets Manager",
    "ce": "Cost Explorer",
    "elbv2": "Load balancers (v2)",
    "events": "EventBridge",
    "ecr": "Container registry (ECR)",
    "ecs": "Containers (ECS)",
    "eks": "Kubernetes (EKS)",
    "rds": "Databases (RDS)",
    "iam": "Users, roles, policies (IAM)",
    "sts": "Security tokens (STS)",
    "kms": "Keys (KMS)",
    "acm": "Certificates (ACM)",
    "cognito-idp": "Cognito user pools",
    "bedrock-runtime": "Bedrock (models)",
    "apigatewayv2": "API Gateway (HTTP, WebSocket)",
    "wafv2": "Web application firewall (WAF)",
}


def _has(wanted: Wanted, text: str) -> bool:
    return all(word in text.lower() for word in wanted.search.lower().split())


def _words(documentation: str) -> str:
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", documentation)).split())
    return text.partition(". ")[0][:180]
