"""What AWS keeps a node function from, whose code and role somebody has: asserted over the templates, since nothing on
one machine asks for signatures (ADR 61). What it may do is `test_nodes`; here nothing else lets it do more."""

import json
from typing import Any

from stepweave.spec.catalogue import CatalogueEntry
from tests.stacks.conftest import Resource, Synthesised, listed, running_specs


def functions_of_nodes(every: Synthesised) -> list[Resource]:
    return [every.function(CatalogueEntry.of(spec).function_name) for spec in running_specs()]


def role_of(every: Synthesised, function: Resource) -> Resource:
    id = function.properties["Role"]["Fn::GetAtt"][0]
    return next(one for one in every.of("AWS::IAM::Role") if (one.stack, one.id) == (function.stack, id))


def test_a_nodes_role_has_nothing_but_its_own_policy_and_is_lambdas_alone(every: Synthesised) -> None:
    for function in functions_of_nodes(every):
        role = role_of(every, function)
        assert not role.properties.get("ManagedPolicyArns"), function.id
        assert not role.properties.get("Policies"), function.id
        (trust,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
        assert trust == {
            "Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
        }  # fmt: skip


def test_a_nodes_rights_name_the_queue_its_own_log_and_whole_names_of_functions(every: Synthesised) -> None:
    for function in functions_of_nodes(every):
        name = function.properties["FunctionName"]
        for one in every.rights(function):
            assert one["Effect"] == "Allow"
            (resource,) = listed(one["Resource"])
            text = json.dumps(resource)
            for action in listed(one["Action"]):
                service = action.partition(":")[0]
                assert service in ("logs", "sqs", "lambda"), (name, action)
                if service == "lambda":
                    assert "*" not in text, (name, text)
                elif service == "sqs":
                    assert "vents" in text, (name, text)
                    assert "*" not in text, (name, text)
                else:
                    assert text.count("*") <= 1, (name, text)
                    assert text != '"*"', name


def test_no_policy_of_a_resource_lets_a_node_in(every: Synthesised) -> None:
    """Buckets, queues, keys, secrets and functions could say who may: none names a node's role, or everybody."""
    roles = {role_of(every, function).id for function in functions_of_nodes(every)}
    kinds = (
        ("AWS::S3::BucketPolicy", "PolicyDocument"),
        ("AWS::SQS::QueuePolicy", "PolicyDocument"),
        ("AWS::SNS::TopicPolicy", "PolicyDocument"),
        ("AWS::KMS::Key", "KeyPolicy"),
        ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
    )
    seen = 0
    for kind, property in kinds:
        for resource in every.of(kind):
            for statement in resource.properties[property]["Statement"]:
                seen += 1
                if statement["Effect"] != "Allow":
                    continue
                principal = json.dumps(statement.get("Principal", {}))
                assert '"*"' not in principal or statement.get("Condition"), (resource.id, statement)
                assert not any(role in principal for role in roles), (resource.id, statement)
    assert seen
    for permission in every.of("AWS::Lambda::Permission"):
        assert permission.properties["Principal"].endswith(".amazonaws.com"), permission.id
        assert permission.properties["Principal"] != "lambda.amazonaws.com", permission.id


def test_storage_alone_takes_on_the_role_of_stored_items(every: Synthesised) -> None:
    taking: dict[str, Any] = {
        function.properties["FunctionName"].removeprefix(f"{every.settings.prefix}-"): one["Resource"]
        for function in every.of("AWS::Lambda::Function")
        if "FunctionName" in function.properties
        for one in every.rights(function)
        if "sts:AssumeRole" in listed(one["Action"])
    }
    assert set(taking) == {"storage"}
    # No other role of ours lets a role of ours, or anybody but a service, take it on.
    trusts = [
        json.dumps(statement["Principal"])
        for role in every.of("AWS::IAM::Role")
        for statement in role.properties["AssumeRolePolicyDocument"]["Statement"]
        if set(statement["Principal"]) - {"Service"}
    ]
    (trust,) = trusts
    assert role_of(every, every.function("storage")).id in trust
    assert "*" not in trust


def test_a_node_is_told_of_no_secret_and_no_server_of_the_platforms(on_aws: Synthesised) -> None:
    for spec in running_specs():
        for name, value in on_aws.environment(CatalogueEntry.of(spec).function_name).items():
            assert "SECRET" not in name or name.endswith("SECRETS"), name
            assert not any(part in name for part in ("DATABASE", "REDIS", "JWT", "KMS", "ITEMS_ROLE")), name
            assert "secretsmanager" not in json.dumps(value)
