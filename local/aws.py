"""boto3 clients of a local AWS endpoint, by LocalStack's own session, as every tool made for LocalStack has them.

Without an endpoint of its own a client goes where LocalStack's conventions say: `AWS_ENDPOINT_URL`, or
`LOCALSTACK_HOST` (host:port) with `USE_SSL`, else port 4566. `awslocal` does the same (README.md).
"""

from typing import Any, Final

from botocore.config import Config
from localstack_client.config import get_service_endpoints
from localstack_client.session import Session

from local.settings import ACCOUNT, REGION

_CONFIG: Final = Config(
    inject_host_prefix=False,  # with a prefix (`sync-`) it would be another host, which nobody serves
    s3={"addressing_style": "path"},
)


class LocalSession(Session):  # type: ignore[misc]  # it has no types
    """LocalStack's session; with an endpoint, all services are there, whatever the environment names."""

    def __init__(self, endpoint: str = "") -> None:
        super().__init__(aws_access_key_id=ACCOUNT, aws_secret_access_key="local", region_name=REGION)  # noqa: S106
        if endpoint:
            self._service_endpoint_mapping: dict[str, str] = dict.fromkeys(get_service_endpoints(), endpoint)


def client(service: str, endpoint: str = "", **config: Any) -> Any:
    """Return a boto3 client.

    Args:
        service: as boto3 names it.
        endpoint: `http://127.0.0.1:4566`, say; else the one that the environment names.
        config: what differs from the ordinary, as `botocore.config.Config` takes it.
    """
    return LocalSession(endpoint).client(service, config=_CONFIG.merge(Config(**config)))
