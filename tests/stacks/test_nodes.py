"""The data plane: one function per node that runs code, each with rights of its own."""

import dataclasses
import json
from pathlib import Path

import pytest

from stacks import nodes
from stacks.nodes import SHELVES, shelf
from stepweave.spec.catalogue import CatalogueEntry
from tests.stacks.conftest import ADDRESSES, Synthesised, listed, running_specs, synthesise

pytestmark = pytest.mark.synth
SHELVES_OF_SOME = [1, 3, 3, 2, 2]
"""A function that changed its stack would exist in both for a while, which its name forbids."""


def test_every_node_has_one_function_and_every_node_function_a_node(every: Synthesised) -> None:
    prefix = f"{every.settings.prefix}-node-"
    names = [function.properties.get("FunctionName", "") for function in every.of("AWS::Lambda::Function")]
    wanted = [f"{every.settings.prefix}-{CatalogueEntry.of(spec).function_name}" for spec in running_specs()]
    assert sorted(name for name in names if str(name).startswith(prefix)) == sorted(wanted)


def test_every_function_has_a_role_and_a_log_group_of_its_own(every: Synthesised) -> None:
    functions = [one for one in every.of("AWS::Lambda::Function") if "FunctionName" in one.properties]
    roles = [(one.stack, one.properties["Role"]["Fn::GetAtt"][0]) for one in functions]
    logs = [(one.stack, one.properties["LoggingConfig"]["LogGroup"]["Ref"]) for one in functions]
    assert len(set(roles)) == len(set(logs)) == len(functions)
    groups = {(group.stack, group.id): group.properties for group in every.of("AWS::Logs::LogGroup")}
    assert all(groups[group]["RetentionInDays"] == every.settings.log_days for group in logs)


def test_a_node_may_do_no_more_than_its_spec_says(every: Synthesised) -> None:
    for spec in running_specs():
        name = CatalogueEntry.of(spec).function_name
        wanted = {"logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "lambda:InvokeFunction"}
        assert every.allowed(name) == wanted, name


def test_a_node_may_invoke_storage_and_vault_caller_and_store_where_its_spec_says_so_only(every: Synthesised) -> None:
    for spec in running_specs():
        function = every.function(CatalogueEntry.of(spec).function_name)
        invoked = [one["Resource"] for one in every.rights(function) if one["Action"] == "lambda:InvokeFunction"]
        ends = [str(resource["Fn::Join"][1][-1]) for resource in invoked]
        wanted = ["storage"] + ["vault"] * bool(spec.credentials) + ["caller"] * spec.starts_workflows
        wanted += ["store"] * spec.reaches_store
        assert ends == [f":function:{every.settings.prefix}-{name}" for name in wanted]


def test_nodes_stay_outside_the_vpc_and_know_no_database(every: Synthesised) -> None:
    for spec in running_specs():
        name = CatalogueEntry.of(spec).function_name
        assert "VpcConfig" not in every.function(name).properties
        assert not [key for key in every.environment(name) if "DATABASE" in key or "REDIS" in key or "JWT" in key]


def test_only_on_one_machine_may_nodes_that_reach_out_reach_private_addresses(
    local: Synthesised, prod: Synthesised
) -> None:
    def may(synthesised: Synthesised) -> set[str]:
        key = "STEPWEAVE_ALLOW_PRIVATE_NETWORK"
        names = [(spec.type, CatalogueEntry.of(spec).function_name) for spec in running_specs()]
        return {type for type, name in names if key in synthesised.environment(name)}

    assert may(local) == {spec.type for spec in running_specs() if spec.network}
    assert may(prod) == set()


def test_on_one_machine_no_node_reaches_the_platforms_servers_but_those_that_its_demo_is_at(local: Synthesised) -> None:
    for spec in (one for one in running_specs() if one.network):
        closed = json.loads(local.environment(CatalogueEntry.of(spec).function_name)["STEPWEAVE_PLATFORM_ADDRESSES"])
        demo = {"postgres": "Postgres", "smtp": "mail server"}
        assert ADDRESSES.keys() - closed.keys() == {demo[one] for one in demo if one in spec.credentials}, spec.type
    assert json.loads(local.environment("api")["STEPWEAVE_PLATFORM_ADDRESSES"]) == ADDRESSES


def test_memory_time_and_layers_come_from_the_spec(every: Synthesised) -> None:
    for spec in running_specs():
        found = every.function(CatalogueEntry.of(spec).function_name).properties
        assert (found["MemorySize"], found["Timeout"]) == (spec.memory_mb, spec.timeout_seconds)
        assert len(found["Layers"]) == 1 + len(spec.layers)


def test_no_policy_of_ours_has_a_wildcard_action(every: Synthesised) -> None:
    # The web app's upload is done by CDK's own handler (stacks/suppressions.py).
    ours = [one for one in every.of("AWS::IAM::Policy") if not one.id.startswith("CustomCDKBucketDeployment")]
    statements = [one for policy in ours for one in policy.properties["PolicyDocument"]["Statement"]]
    actions = {action for statement in statements for action in listed(statement["Action"])}
    assert {action for action in actions if "*" in action} == set()
    anywhere = {action for one in statements if one["Resource"] == "*" for action in listed(one["Action"])}
    # Neither network interfaces to come nor a list of machines has an ARN.
    assert {action for action in anywhere if not action.startswith("ec2:")} == {"states:ListStateMachines"}


def test_the_shelves_hold_200_types_with_room_to_spare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    like = next(spec for spec in running_specs() if spec.credentials)
    many = [dataclasses.replace(like, type=f"fake_{number}", name=f"Fake {number}") for number in range(200)]
    monkeypatch.setattr(nodes, "specs", lambda: many)
    monkeypatch.setattr(nodes, "packages", lambda: dict.fromkeys(((spec.type, 1) for spec in many), __name__))
    monkeypatch.setattr(nodes, "handler_of", lambda spec: f"{spec.type}.handler")
    monkeypatch.setattr(nodes, "package_files", lambda _: {})
    found = synthesise("dev", tmp_path)
    sizes = {name: len(template["Resources"]) for name, template in found.templates.items()}
    assert max(sizes.values()) < 400, sizes
    functions = [
        one for one in found.of("AWS::Lambda::Function") if "-node-fake_" in one.properties.get("FunctionName", "")
    ]
    assert len(functions) == 200
    assert {one.stack for one in functions} == {f"nodes-{number}" for number in range(SHELVES)}


def test_a_type_never_moves_to_another_shelf() -> None:
    assert [shelf(type) for type in ("if", "set_fields", "http_request", "code", "database")] == SHELVES_OF_SOME
