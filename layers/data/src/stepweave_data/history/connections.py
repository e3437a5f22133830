"""The `@connections` API of the WebSocket API: post to one connection.

The recorder posts for every subscriber of every batch, so this uses the light signed client instead of boto3.
"""

import os
from functools import cache
from typing import Final
from urllib.parse import quote, urlsplit

from stepweave.aws import AwsError
from stepweave.aws.transport import AwsConfig, Transport

CLOSED: Final = 410
"""What API Gateway answers for a connection that is not there any more (GoneException)."""
POST_SECONDS: Final = 1.5
"""API Gateway answers in milliseconds; who waits longer is told when it asks again."""


class Gone(Exception):
    """The connection has closed."""


class Connections:
    """Posts to connections of one WebSocket API."""

    def __init__(self, endpoint: str) -> None:
        url = urlsplit(endpoint)
        base = AwsConfig.from_environment()
        self._transport = Transport(AwsConfig(base.region, base.credentials, f"{url.scheme}://{url.netloc}"))
        self._path = url.path.rstrip("/")

    @staticmethod
    @cache
    def from_environment() -> "Connections":
        """Return the connections of `STEPWEAVE_CONNECTIONS_ENDPOINT`. Raises KeyError where it is not set."""
        return Connections(os.environ["STEPWEAVE_CONNECTIONS_ENDPOINT"])

    def post(self, connection_id: str, message: str) -> None:
        """Send a text message. Raises Gone, or OSError where API Gateway cannot be reached."""
        self._send("POST", connection_id, message.encode())

    def close(self, connection_id: str) -> None:
        """Close a connection. Raises Gone, or OSError where API Gateway cannot be reached."""
        self._send("DELETE", connection_id)

    def _send(self, method: str, connection_id: str, body: bytes = b"") -> None:
        path, headers = f"{self._path}/@connections/{quote(connection_id, safe='')}", {"content-type": "text/plain"}
        try:
            self._transport.send("execute-api", method, path, headers if body else {}, body, timeout=POST_SECONDS)
        except AwsError as error:
            if error.status == CLOSED:
                raise Gone(connection_id) from error
            raise OSError(str(error)) from error
