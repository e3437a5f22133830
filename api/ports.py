"""What the API needs of AWS. Adapters are in `stepweave.aws`; tests bring their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from stepweave.aws.control.state_machines import Published
from stepweave.runtime.starting import Seed, Target


class StateMachines(Protocol):
    """Step Functions, as publishing needs it."""

    def publish(self, name: str, kind: str, definition: str, note: str) -> Published:
        """Make or update the machine `name` of `kind` (`standard`, `express`) and publish a version of `definition`."""

    def point(self, state_machine_arn: str, version_arn: str) -> str:
        """Point the alias `live` at a version and return the alias's ARN."""

    def stop(self, execution_arn: str) -> None:
        """Abort a Standard execution; one that has ended stays as it is."""

    def check(self) -> None:
        """Raise when Step Functions does not answer."""


class Schedules(Protocol):
    """EventBridge Scheduler."""

    def put(
        self,
        name: str,
        expression: str,
        time_zone: str,
        payload: dict[str, Any],
        *,
        enabled: bool = True,
        start: datetime | None = None,
    ) -> None:
        """Make or change a schedule that invokes the starter with `payload` and the scheduled time, while enabled.

        `start` is the first fire of a rate.
        """

    def delete(self, name: str) -> None:
        """Remove a schedule; one that is gone is fine."""


class Starts(Protocol):
    """Starting executions."""

    def start(
        self,
        target: Target,
        *,
        node_id: str,
        items: list[Any],
        mode: str,
        execution_id: str,
        seed: Seed,
        origin: str = "",
    ) -> None:
        """Start a Standard execution, or have the starter run an Express one."""


class NodeFunctions(Protocol):
    """The node functions, which answer asks beside running steps (`stepweave.runtime.asks`)."""

    def ask(
        self, type: str, version: int, payload: Mapping[str, Any], seconds: float, *, repeatable: bool = False
    ) -> Any:
        """Ask the function of a node type and return its answer. Raises AskFailed, AwsError."""


class Storage(Protocol):
    """The data bucket."""

    def get(self, bucket: str, key: str, part: tuple[int, int] | None = None) -> bytes:
        """Return an object's bytes, or those of a part (offset, length). Raises AwsError."""

    def link(self, bucket: str, key: str, *, name: str, content_type: str, seconds: int) -> str:
        """Return a URL by which anybody gets an object for a while."""


class Mails(Protocol):
    """What sends the platform's own mail (`api.services.mailing`)."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send plain text to one address. Raises AwsError, OSError, ValueError."""
