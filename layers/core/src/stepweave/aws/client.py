"""`Aws`: the services a function talks to, over one set of connections."""

from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from stepweave.aws.functions import Functions
from stepweave.aws.keys import Keys
from stepweave.aws.pool import ConnectionPool
from stepweave.aws.queues import Queues
from stepweave.aws.signing import Credentials
from stepweave.aws.state_machines import StateMachines
from stepweave.aws.storage import Storage
from stepweave.aws.transport import AwsConfig, Transport

if TYPE_CHECKING:
    from stepweave.aws.roles import Roles


class Aws:
    """The light clients. One value per worker: `Aws.shared()`."""

    def __init__(self, config: AwsConfig, pool: ConnectionPool | None = None) -> None:
        self._transport = Transport(config, pool)

    @staticmethod
    @lru_cache(maxsize=1)
    def shared() -> "Aws":
        """Return this worker's clients, made from the environment at the first call.

        Raises:
            AwsError: the environment names no region or no credentials.
        """
        return Aws(AwsConfig.from_environment())

    @cached_property
    def queues(self) -> Queues:
        """SQS."""
        return Queues(self._transport)

    @cached_property
    def storage(self) -> Storage:
        """S3."""
        return Storage(self._transport)

    @cached_property
    def functions(self) -> Functions:
        """Lambda."""
        return Functions(self._transport)

    @cached_property
    def machines(self) -> StateMachines:
        """Step Functions."""
        return StateMachines(self._transport)

    @cached_property
    def keys(self) -> Keys:
        """KMS."""
        return Keys(self._transport)

    @cached_property
    def roles(self) -> "Roles":
        """STS."""
        from stepweave.aws.roles import Roles  # which one function needs

        return Roles(self._transport)

    def acting(self, credentials: Credentials) -> "Aws":
        """Return the same services with other credentials, over the same connections."""
        return Aws(replace(self._transport.config, credentials=credentials), self._transport.pool)

    def secret(self, arn: str) -> str:
        """Return a secret's text from Secrets Manager.

        Raises:
            AwsError: it is not there, or may not be read.
        """
        request = {"SecretId": arn}
        answer = self._transport.call("secretsmanager", "secretsmanager.GetSecretValue", request, version="1.1")
        return str(answer["SecretString"])

    def close(self) -> None:
        """Close idle connections."""
        self._transport.pool.close()
