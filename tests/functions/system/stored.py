"""The store on a real Postgres, asked as a node's step asks it."""

import json
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from functions.system.store.serving import serve
from stepweave.aws import AwsError
from stepweave.model.events import ExecutionContext
from stepweave.runtime.running import Run, Services
from stepweave.runtime.storing import Store
from stepweave.spec.node import NodeSpec
from stepweave_data.link import Link
from tests.fakes.steps import Bench, Outside, context
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant


@dataclass
class StoreOutside(Outside):
    """A step's outside with a store."""

    link: Link = field(default_factory=Link)
    requests: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0
    """How many answers get lost on their way."""
    alone: Any = field(default_factory=Lock)
    """A worker of the function does one request at a time."""
    closed: bool = False

    @property
    def services(self) -> Services:
        return Services(self.send, self.claims, super().services.vault, self.ask)

    def close(self) -> None:
        """End it, also for requests of threads that a failed step has left."""
        with self.alone:
            self.closed = True
            self.link.close()

    def ask(self, request: dict[str, Any]) -> Any:
        whole = json.loads(json.dumps(request))  # as it goes over the wire
        self.requests.append(whole)
        with self.alone:
            if self.closed:
                raise AwsError("ResourceNotFoundException", "the test is over", status=404)
            answer = json.loads(json.dumps(serve(whole, self.link)))
        if self.lost:
            self.lost -= 1
            return {"results": []}
        return answer


@dataclass
class Stage:
    """A tenant, its store, and nodes that use it."""

    databases: Databases
    tenant: Tenant

    def __post_init__(self) -> None:
        self.outside = StoreOutside(link=Link(self.databases.app))
        self.store = Store(self.outside.ask, str(self.tenant.id))

    def context(self, execution_id: str = "", **more: Any) -> ExecutionContext:
        made = {**context(), "tenantId": str(self.tenant.id), "workflowId": str(self.tenant.workflow_id), **more}
        return {**made, "executionId": execution_id} if execution_id else made  # type: ignore[return-value,typeddict-item]

    def bench(self, spec: NodeSpec, run: Run) -> Bench:
        return Bench(spec, run, self.outside)
