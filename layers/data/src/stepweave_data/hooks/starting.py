"""Starts a workflow with what a visitor sent: here where it can, by the starter where it runs to its end. What its turn
has not come for waits in Postgres."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from stepweave.aws import AwsError
from stepweave.model.events import StartedBy
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.errors import NodeError
from stepweave.runtime.starting import Launch, Start, Target, start
from stepweave_data.hooks.bodies import Store
from stepweave_data.turns import Turns


@dataclass(frozen=True)
class Starter:
    """Starts workflows. `hand_over` gives the starter function a start request and does not wait; raises AwsError."""

    launch: Launch
    hand_over: Callable[[dict[str, Any]], None]
    trigger: StartedBy
    turns: Turns

    @property
    def claims(self) -> Claims:
        """Where what is sent is stored."""
        return self.launch.claims

    @property
    def store_file(self) -> Store:
        """Stores a file."""
        return self.launch.claims.store_file

    def __call__(
        self, given: dict[str, Any], node_id: str, item: Item, execution_id: str, mode: Literal["draft", "live"]
    ) -> None:
        """Start with one item, or queue it; starting again with the same id starts nothing more.

        Args:
            given: the fields of `starting.Target`.
            node_id: the trigger's.
            item: that it begins with.
            execution_id: its id.
            mode: `draft` where a person tries it out.

        Raises:
            StartFailed, AwsError, NodeError, NoRoom: nothing was started.
            psycopg.Error: likewise.
        """
        encoded = encode([item])
        items: list[Item] | Batch = [item]
        if len(encoded) > INLINE_LIMIT:
            key = f"{given['tenant_id']}/{execution_id}/{node_id}/1-main.json"
            items = self.launch.claims.store(key, [item], encoded)
        it = Start(
            target=Target(**given),
            trigger=self.trigger,
            node_id=node_id,
            items=items,
            mode=mode,
            execution_id=execution_id,
        )
        if not self.turns.admit(it.to_json()):
            return
        it = replace(it, admitted=True)
        try:
            if it.target.machine_type == "standard":
                start(it, self.launch)
            else:
                self.hand_over(it.to_json())
        except (NodeError, AwsError):
            self.turns.release(it.to_json())
            raise
