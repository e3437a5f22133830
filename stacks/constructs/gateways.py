"""The two API gateways, empty: routes come from the control plane, which is deployed after them."""

import json
from typing import cast

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.constructs.functions import arn, retention
from stacks.settings import Settings

LIVE_STAGE = "live"
"""The WebSocket API's stage. CloudFront passes the path on, so `/live` on our origin is this stage."""


_ACCESS = (
    "requestId",
    "requestTime",
    "httpMethod",
    "path",
    "status",
    "responseLength",
    "responseLatency",
    "integrationErrorMessage",
)
"""What a line of the access log holds. No query string and no header: they may carry a secret."""


class Gateways(Construct):
    """The HTTP API (stage `$default`) and the WebSocket API (stage `live`)."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        self._settings = settings
        self.http = apigateway.HttpApi(
            self, "Http", api_name=f"{settings.prefix}-http", create_default_stage=False, description="api and hooks"
        )
        stage = apigateway.HttpStage(self, "Default", http_api=self.http, stage_name="$default", auto_deploy=True)
        if settings.outside is None:
            self._log_access(cast("apigateway.CfnStage", stage.node.default_child))
        self.live = apigateway.WebSocketApi(
            self, "Live", api_name=f"{settings.prefix}-live", route_selection_expression="$request.body.action"
        )
        apigateway.WebSocketStage(self, "LiveStage", web_socket_api=self.live, stage_name=LIVE_STAGE, auto_deploy=True)

    @property
    def connections_endpoint(self) -> str:
        """Where functions send to and close WebSocket connections: the `@connections` endpoint."""
        if self._settings.outside:
            return f"{self._settings.outside.aws_endpoint}/_aws/execute-api/{self.live.api_id}/{LIVE_STAGE}"
        return f"https://{self._domain(self.live.api_id)}/{LIVE_STAGE}"

    @property
    def connections_arn(self) -> str:
        """What a function must be let `execute-api:ManageConnections` on, to send and to close."""
        return arn(self, "execute-api", f"{self.live.api_id}/{LIVE_STAGE}/*/@connections/*")

    @property
    def http_domain(self) -> str:
        """The host name of the HTTP API."""
        return self._domain(self.http.api_id)

    @property
    def live_domain(self) -> str:
        """The host name of the WebSocket API."""
        return self._domain(self.live.api_id)

    def _domain(self, api_id: str) -> str:
        stack = Stack.of(self)
        return f"{api_id}.execute-api.{stack.region}.{stack.url_suffix}"

    def _log_access(self, stage: apigateway.CfnStage) -> None:
        group = logs.LogGroup(
            self, "AccessLogs", retention=retention(self._settings), removal_policy=RemovalPolicy.DESTROY
        )
        stage.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps({name: f"$context.{name}" for name in _ACCESS})
        )
