"""The control plane: the platform's own functions, and what calls them."""

from pathlib import Path

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from stacks.bundling.bundler import Bundling
from stacks.constructs.functions import arn
from stacks.constructs.gateways import Gateways
from stacks.constructs.layers import Layers
from stacks.constructs.rights import Grants, Surroundings
from stacks.constructs.roles import ItemsRole, WorkflowRoles
from stacks.constructs.system import SYSTEM
from stacks.data import Data
from stacks.settings import Settings
from stepweave.aws.origin import HEADER

RECORDERS = 10
"""Most batches of events that are written at the same time: bounds connections to Postgres."""
MIGRATIONS = Path(__file__).parents[1] / "layers/data/src/stepweave_data/migrations/versions"
ENDS = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
MESSAGES = ("subscribe", "unsubscribe", "ping", "$default")


def latest_migration() -> str:
    """Return the name of the newest migration, by its number."""
    return max(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


class Control(Construct):
    """The table of contents of the control stack."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        settings: Settings,
        bundling: Bundling,
        layers: Layers,
        data: Data,
        gateways: Gateways,
        origin: str,
        content_origin: str,
    ) -> None:
        super().__init__(scope, id)
        self._settings, self._gateways = settings, gateways
        starter = arn(self, "lambda", f"function:{settings.prefix}-starter")
        roles = WorkflowRoles(self, "Roles", settings, starter)
        scheduler.ScheduleGroup(self, "Schedules", schedule_group_name=settings.prefix)
        grants = Grants(settings, Surroundings(data, gateways, roles, origin, content_origin, starter))
        self.functions = {
            plan.name: grants.function(self, plan, bundling, layers)
            for plan in SYSTEM.values()
            if settings.sizes or not plan.only_on_aws
        }
        ItemsRole(self, "Items", settings, self.functions["storage"].role)
        self._serve_http()
        self._serve_live()
        self._record(data)
        self._report_ends()
        self._sweep()
        if settings.sizes:
            self._migrate_first()
            self._watch(settings)
        CfnOutput(Stack.of(self), "StateMachineRoleArn", value=roles.machine.role_arn)
        CfnOutput(Stack.of(self), "SchedulerRoleArn", value=roles.schedule.role_arn)

    def _called(self, name: str) -> lambda_.Function:
        return self.functions[name].function

    def _serve_http(self) -> None:
        http: apigateway.IHttpApi = self._gateways.http
        through = None
        if self._settings.sizes:
            # The authorizer is made in the scope of its API, as the one below; an API that is only named has none.
            http = apigateway.HttpApi.from_http_api_attributes(self, "Http", http_api_id=http.api_id)
            through = authorizers.HttpLambdaAuthorizer(
                "Front",
                self._called("front"),
                authorizer_name="front",
                identity_source=[f"$request.header.{HEADER}"],
                response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
                results_cache_ttl=Duration.minutes(5),
            )
        for id, path, name in (
            ("Api", "/api/{proxy+}", "api"),
            ("Hooks", "/hooks/{tenant}/{path+}", "webhook"),
            ("Forms", "/forms/{path+}", "form"),
            ("Chats", "/chat/{tenant}/{path+}", "chat"),
            # The more specific route wins (API Gateway, "Routing API requests"); no tenant is called so.
            ("Resume", "/hooks/resume/{executionId}/{signature}", "resume"),
        ):
            apigateway.HttpRoute(
                self,
                id,
                http_api=http,
                authorizer=through,
                route_key=apigateway.HttpRouteKey.with_(path, apigateway.HttpMethod.ANY),
                integration=integrations.HttpLambdaIntegration(f"{id}Function", self._called(name)),
            )

    def _serve_live(self) -> None:
        # The authorizer is made in the scope of its API: this one lies in our stack, which knows the functions.
        live = apigateway.WebSocketApi.from_web_socket_api_attributes(
            self, "Live", web_socket_id=self._gateways.live.api_id
        )
        ticket = authorizers.WebSocketLambdaAuthorizer(
            "Ticket",
            self._called("authorizer"),
            authorizer_name="ticket",
            identity_source=[
                "route.request.querystring.ticket",
                *([f"route.request.header.{HEADER}"] if self._settings.sizes else []),
            ],
        )
        for key in ("$connect", "$disconnect", *MESSAGES):
            apigateway.WebSocketRoute(
                self,
                f"Live{key.removeprefix('$').capitalize()}",
                web_socket_api=live,
                route_key=key,
                integration=integrations.WebSocketLambdaIntegration(f"Live{key}", self._called("live")),
                authorizer=ticket if key == "$connect" else None,
            )

    def _record(self, data: Data) -> None:
        self._called("recorder").add_event_source(
            sources.SqsEventSource(
                data.queue, batch_size=10, report_batch_item_failures=True, max_concurrency=RECORDERS
            )
        )

    def _report_ends(self) -> None:
        ours = arn(self, "states", f"stateMachine:{self._settings.prefix}-")
        events.Rule(
            self,
            "Ends",
            rule_name=f"{self._settings.prefix}-ends",
            description="A Standard execution of ours has ended",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"status": list(ENDS), "stateMachineArn": [{"prefix": ours}]},
            ),
            targets=[targets.LambdaFunction(self._called("status"))],
        )

    def _migrate_first(self) -> None:
        """Migrate before any function changes: no code meets a database without its columns.

        A migration that fails ends the deployment with the functions as they were.
        """
        from aws_cdk import triggers

        migrate = self.functions["migrate"]
        migrate.function.invalidate_version_based_on(latest_migration())
        triggers.Trigger(
            self,
            "Migrated",
            handler=migrate.function,
            timeout=Duration.minutes(5),
            execute_after=[migrate],
            execute_before=[made for name, made in self.functions.items() if name != "migrate"],
        )

    def _watch(self, settings: Settings) -> None:
        # Imported here: on one machine nobody is to be woken, and the import costs each deployment.
        from stacks.constructs.alarms import Alarms

        Alarms(self, "Alarms", settings, self.functions)

    def _sweep(self) -> None:
        events.Rule(
            self,
            "EveryMinute",
            rule_name=f"{self._settings.prefix}-sweep",
            description="Executions whose end nobody reported",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(self._called("sweeper"))],
        )
        events.Rule(
            self,
            "EveryMinuteAlerts",
            rule_name=f"{self._settings.prefix}-alerts",
            description="What alert rules watch",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(self._called("alerter"))],
        )
