"""The control plane: who calls what, and what each may do."""

import json

import pytest

from stacks.control import latest_migration
from tests.stacks.conftest import Synthesised, listed

pytestmark = pytest.mark.synth


def test_routes_lead_to_api_and_webhook(every: Synthesised) -> None:
    keys = {route.properties["RouteKey"] for route in every.of("AWS::ApiGatewayV2::Route")}
    assert keys >= {
        "ANY /api/{proxy+}",
        "ANY /hooks/{tenant}/{path+}",
        "ANY /hooks/resume/{executionId}/{signature}",
        "ANY /forms/{path+}",
    }


def test_every_websocket_route_is_served_and_connect_alone_asks_for_a_ticket(every: Synthesised) -> None:
    routes = {route.properties["RouteKey"]: route.properties for route in every.of("AWS::ApiGatewayV2::Route")}
    live = {"$connect", "$disconnect", "subscribe", "unsubscribe", "ping", "$default"}
    assert live <= set(routes)
    assert {key for key in live if routes[key].get("AuthorizationType") == "CUSTOM"} == {"$connect"}
    authorizer = every.one("AWS::ApiGatewayV2::Authorizer", Name="ticket").properties
    assert authorizer["AuthorizerType"] == "REQUEST"
    front = ["route.request.header.x-stepweave-origin"] if every.settings.sizes else []
    assert authorizer["IdentitySource"] == ["route.request.querystring.ticket", *front]


def test_no_route_of_the_http_api_answers_who_comes_past_cloudfront(on_aws: Synthesised) -> None:
    front = on_aws.one("AWS::ApiGatewayV2::Authorizer", Name="front")
    assert front.properties["IdentitySource"] == ["$request.header.x-stepweave-origin"]
    assert front.properties["EnableSimpleResponses"] is True
    routes = [one.properties for one in on_aws.of("AWS::ApiGatewayV2::Route") if " /" in one.properties["RouteKey"]]
    assert len(routes) == 5
    for route in routes:
        assert (route["AuthorizationType"], route["AuthorizerId"]) == ("CUSTOM", {"Ref": front.id}), route["RouteKey"]
    for name in ("front", "authorizer"):
        assert "STEPWEAVE_ORIGIN_SECRET_ARN" in on_aws.environment(name)


def test_cloudfront_sends_the_secret_to_both_gateways_and_no_template_has_it(on_aws: Synthesised) -> None:
    wanted = {"HeaderName": "x-stepweave-origin"}
    for found in on_aws.of("AWS::CloudFront::Distribution"):
        origins = found.properties["DistributionConfig"]["Origins"]
        asked = [one for one in origins if "execute-api" in json.dumps(one["DomainName"])]
        sent = [one for one in asked if "OriginCustomHeaders" in one]
        assert len(sent) >= 2
        for origin in sent:
            [header] = origin["OriginCustomHeaders"]
            name = f"{on_aws.settings.prefix}/front"
            assert header == wanted | {"HeaderValue": f"{{{{resolve:secretsmanager:{name}:SecretString:sent::}}}}"}


def test_migrations_run_before_any_other_function_changes(on_aws: Synthesised) -> None:
    template = on_aws.templates["control"]["Resources"]
    [trigger] = [id for id, one in template.items() if one["Type"] == "Custom::Trigger"]
    migrate = on_aws.function("migrate").id
    for id, one in template.items():
        if one["Type"] == "AWS::Lambda::Function" and "FunctionName" in one["Properties"] and id != migrate:
            assert trigger in one["DependsOn"], id
    assert trigger not in template[migrate].get("DependsOn", [])
    assert latest_migration()[:4].isdecimal()


def test_shares_of_the_accounts_invocations_are_reserved_where_its_limit_is_given(
    dev: Synthesised, prod: Synthesised
) -> None:
    found = {
        one.properties["FunctionName"].removeprefix("stepweave-prod-"): one.properties["ReservedConcurrentExecutions"]
        for one in prod.of("AWS::Lambda::Function")
        if "ReservedConcurrentExecutions" in one.properties
    }
    assert found == {"authorizer": 20, "front": 20, "live": 30, "recorder": 20, "status": 20}
    assert 1000 - sum(found.values()) >= 100  # AWS refuses to leave less
    [mapping] = prod.of("AWS::Lambda::EventSourceMapping")
    assert mapping.properties["ScalingConfig"]["MaximumConcurrency"] <= found["recorder"]
    assert not any("ReservedConcurrentExecutions" in one.properties for one in dev.of("AWS::Lambda::Function"))


def test_the_sweeper_may_delete_what_the_api_makes(every: Synthesised) -> None:
    made = {"states:DeleteStateMachine", "states:DeleteStateMachineAlias", "states:DeleteStateMachineVersion"}
    assert made <= every.allowed("sweeper")
    assert not made & every.allowed("api")


def test_events_are_kept_in_order_encrypted_and_outlast_half_an_hour_without_a_database(every: Synthesised) -> None:
    prefix = every.settings.prefix
    queue = every.one("AWS::SQS::Queue", QueueName=f"{prefix}-events.fifo").properties
    dead = every.one("AWS::SQS::Queue", QueueName=f"{prefix}-events-dead.fifo")
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [dead.id, "Arn"]}
    assert queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"] >= 1800
    assert {"FifoQueue", "SqsManagedSseEnabled"} <= {key for key, value in queue.items() if value is True}
    assert queue["ContentBasedDeduplication"] is False
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")
    assert queue["VisibilityTimeout"] >= 6 * every.function("recorder").properties["Timeout"]


def test_the_recorder_takes_batches_and_reports_failures_one_by_one(every: Synthesised) -> None:
    mapping = every.one("AWS::Lambda::EventSourceMapping").properties
    assert mapping["BatchSize"] == 10
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"]["MaximumConcurrency"] == 10


def test_the_end_of_our_executions_alone_reaches_status(every: Synthesised) -> None:
    rule = every.one("AWS::Events::Rule", Name=f"{every.settings.prefix}-ends").properties["EventPattern"]
    assert rule["source"] == ["aws.states"]
    assert set(rule["detail"]["status"]) == {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}
    ours = rule["detail"]["stateMachineArn"][0]["prefix"]["Fn::Join"][1][-1]
    assert ours.endswith(f":stateMachine:{every.settings.prefix}-")


def test_the_sweeper_runs_every_minute(every: Synthesised) -> None:
    rule = every.one("AWS::Events::Rule", Name=f"{every.settings.prefix}-sweep").properties
    assert rule["ScheduleExpression"] == "rate(1 minute)"


def test_state_machines_may_invoke_node_functions_and_schedules_the_starter(every: Synthesised) -> None:
    prefix = every.settings.prefix
    invoked = {}
    for role, service in (("Machine", "states.amazonaws.com"), ("Schedule", "scheduler.amazonaws.com")):
        found = [one for one in every.of("AWS::IAM::Role") if role in one.id and "Roles" in one.id]
        trust = found[0].properties["AssumeRolePolicyDocument"]["Statement"][0]
        assert trust["Principal"] == {"Service": service}
        assert set(trust["Condition"]) == {"StringEquals", "ArnLike"}
        policy = [one for one in every.of("AWS::IAM::Policy") if {"Ref": found[0].id} in one.properties["Roles"]]
        statements = policy[0].properties["PolicyDocument"]["Statement"]
        invoked[role] = [one["Fn::Join"][1][-1] for one in listed(statements[0]["Resource"])]
        assert statements[0]["Action"] == "lambda:InvokeFunction"
        others = {action for one in statements[1:] for action in listed(one["Action"])}
        running = {"states:StartExecution", "states:DescribeExecution", "states:StopExecution"}
        listening = {"events:PutTargets", "events:PutRule", "events:DescribeRule"}
        reading = {"s3:GetObject", "s3:PutObject"}
        assert others == (running | listening | reading if role == "Machine" else set())
    nodes, debugger = invoked["Machine"]
    assert nodes.endswith(f":function:{prefix}-node-*")
    assert debugger.endswith(f":function:{prefix}-debugger")
    [starter] = invoked["Schedule"]
    assert starter.endswith(f":function:{prefix}-starter")


def test_the_api_hands_over_two_roles_each_to_its_service(every: Synthesised) -> None:
    passing = [one for one in every.rights(every.function("api")) if one["Action"] == "iam:PassRole"]
    services = [one["Condition"]["StringEquals"]["iam:PassedToService"] for one in passing]
    assert services == ["states.amazonaws.com", "scheduler.amazonaws.com"]
    assert len({str(one["Resource"]) for one in passing}) == 2


def test_the_api_reaches_no_state_machine_or_schedule_but_ours(every: Synthesised) -> None:
    prefix = every.settings.prefix
    for statement in every.rights(every.function("api")):
        actions = listed(statement["Action"])
        if actions != ["states:ListStateMachines"] and str(actions[0]).startswith(("states:", "scheduler:")):
            end = statement["Resource"]["Fn::Join"][1][-1]
            assert f":{prefix}-*" in end or f"schedule/{prefix}/" in end


@pytest.mark.parametrize(
    ("name", "unneeded"),
    [
        ("vault", {"sqs:SendMessage", "states:StartExecution", "s3:GetObject", "execute-api:ManageConnections"}),
        ("store", {"kms:Decrypt", "sqs:SendMessage", "states:StartExecution", "s3:GetObject", "lambda:InvokeFunction"}),
        ("recorder", {"kms:Decrypt", "states:StartExecution", "states:CreateStateMachine", "iam:PassRole"}),
        ("webhook", {"kms:Decrypt", "states:CreateStateMachine", "iam:PassRole", "states:SendTaskSuccess"}),
        ("resume", {"kms:Decrypt", "states:StartExecution", "iam:PassRole", "lambda:InvokeFunction"}),
        ("status", {"kms:Decrypt", "states:StartExecution", "s3:GetObject"}),
        ("authorizer", {"kms:Decrypt", "sqs:SendMessage", "execute-api:ManageConnections"}),
    ],
)
def test_a_system_function_may_not_do_what_it_does_not_need(every: Synthesised, name: str, unneeded: set[str]) -> None:
    assert every.allowed(name) & unneeded == set()


def test_who_may_ask_our_node_functions_and_nobody_else(every: Synthesised) -> None:
    functions = [one for one in every.of("AWS::Lambda::Function") if "FunctionName" in one.properties]
    asking = {}
    for function in functions:
        for one in every.rights(function):
            ends = (
                [str(one["Resource"]["Fn::Join"][1][-1])]
                if isinstance(one["Resource"], dict) and "Fn::Join" in one["Resource"]
                else []
            )
            if one["Action"] == "lambda:InvokeFunction" and any("-node-" in end for end in ends):
                name = function.properties["FunctionName"].removeprefix(f"{every.settings.prefix}-")
                asking[name] = ends
    assert set(asking) == {"api", "webhook", "starter", "sweeper"}
    assert all(ends == [f":function:{every.settings.prefix}-node-*"] for ends in asking.values())


def test_only_vault_api_and_alerter_may_use_the_credentials_key(every: Synthesised) -> None:
    functions = [one for one in every.of("AWS::Lambda::Function") if "FunctionName" in one.properties]
    names = [one.properties["FunctionName"].removeprefix(f"{every.settings.prefix}-") for one in functions]
    assert {name for name in names if "kms:Decrypt" in every.allowed(name)} == {"vault", "api", "alerter"}


def test_functions_get_the_variables_of_the_contract(local: Synthesised) -> None:
    api = local.environment("api")
    assert set(api) == {
        "AWS_ENDPOINT_URL",
        "POWERTOOLS_METRICS_NAMESPACE",
        "POWERTOOLS_SERVICE_NAME",
        "STEPWEAVE_ALLOW_PRIVATE_NETWORK",
        "STEPWEAVE_CONTENT_URL",
        "STEPWEAVE_CONTEXT_SECRET",
        "STEPWEAVE_DATABASE_URL",
        "STEPWEAVE_DATA_BUCKET",
        "STEPWEAVE_EVENTS_QUEUE_URL",
        "STEPWEAVE_JWT_SECRET",
        "STEPWEAVE_KMS_KEY_ID",
        "STEPWEAVE_LOCAL_WORKERS",
        "STEPWEAVE_MAIL_FROM",
        "STEPWEAVE_MAIL_URL",
        "STEPWEAVE_PLATFORM_ADDRESSES",
        "STEPWEAVE_PREFIX",
        "STEPWEAVE_PUBLIC_URL",
        "STEPWEAVE_REDIS_URL",
        "STEPWEAVE_RESUME_SECRET",
        "STEPWEAVE_SCHEDULER_ROLE_ARN",
        "STEPWEAVE_SCHEDULE_GROUP",
        "STEPWEAVE_STARTER_FUNCTION_ARN",
        "STEPWEAVE_STATE_MACHINE_ROLE_ARN",
        "STEPWEAVE_VAULT_FUNCTION",
    }
    assert (api["AWS_ENDPOINT_URL"], api["STEPWEAVE_PREFIX"]) == ("http://127.0.0.1:4566", "stepweave-local")


def test_on_aws_functions_get_names_of_secrets_and_no_secret(on_aws: Synthesised) -> None:
    for name in ("api", "webhook", "recorder", "vault"):
        variables = on_aws.environment(name)
        assert {"STEPWEAVE_DATABASE_SECRET_ARN", "STEPWEAVE_DATABASE_HOST"} <= set(variables)
        assert not {"STEPWEAVE_DATABASE_URL", "STEPWEAVE_JWT_SECRET", "AWS_ENDPOINT_URL"} & set(variables)
        assert "STEPWEAVE_ALLOW_PRIVATE_NETWORK" not in variables


def test_callback_urls_are_signed_by_those_who_start_executions_alone(on_aws: Synthesised) -> None:
    functions = [one.properties for one in on_aws.of("AWS::Lambda::Function") if "FunctionName" in one.properties]
    names = [one["FunctionName"].removeprefix(f"{on_aws.settings.prefix}-") for one in functions]
    signing = {name for name in names if "STEPWEAVE_RESUME_SECRET_ARN" in on_aws.environment(name)}
    assert signing == {"api", "webhook", "starter", "caller", "resume", "form", "chat"}
    for name in sorted(signing - {"resume"}):
        assert "STEPWEAVE_PUBLIC_URL" in on_aws.environment(name)
    assert "STEPWEAVE_JWT_SECRET_ARN" not in on_aws.environment("resume")


def test_no_node_holds_the_key_of_passes_or_reaches_the_starter(on_aws: Synthesised) -> None:
    functions = [one.properties for one in on_aws.of("AWS::Lambda::Function") if "FunctionName" in one.properties]
    names = [one["FunctionName"].removeprefix(f"{on_aws.settings.prefix}-") for one in functions]
    holding = {name for name in names if "STEPWEAVE_CONTEXT_SECRET_ARN" in on_aws.environment(name)}
    checking = {"vault", "store", "storage", "recorder", "debugger"}
    assert holding == {"api", "webhook", "starter", "caller", "resume", "form", "chat", "sweeper"} | checking
    reached = {
        value
        for name in names
        if name.startswith("node-")
        for variable, value in on_aws.environment(name).items()
        if variable.endswith("_FUNCTION")
    }
    assert reached == {f"{on_aws.settings.prefix}-{name}" for name in ("vault", "store", "storage", "caller")}


def test_what_needs_postgres_or_redis_runs_in_the_vpc_and_the_rest_outside(on_aws: Synthesised) -> None:
    functions = [one.properties for one in on_aws.of("AWS::Lambda::Function") if "FunctionName" in one.properties]
    inside = {one["FunctionName"].removeprefix(f"{on_aws.settings.prefix}-") for one in functions if "VpcConfig" in one}
    assert inside == {
        "api", "webhook", "starter", "recorder", "live", "authorizer", "vault", "store", "sweeper", "migrate", "resume",
        "form", "chat", "caller", "storage", "debugger", "alerter",
    }  # fmt: skip


def test_the_owner_of_the_database_is_for_migrations_only(on_aws: Synthesised) -> None:
    key = "STEPWEAVE_DATABASE_OWNER_SECRET_ARN"
    functions = [one.properties for one in on_aws.of("AWS::Lambda::Function") if "FunctionName" in one.properties]
    names = {one["FunctionName"] for one in functions if key in one["Environment"]["Variables"]}
    assert names == {f"{on_aws.settings.prefix}-migrate"}
