"""Starts a form's workflow: here where it can, by the starter where it runs to its end or waits for its turn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.system.form.targets import FormTarget
from stepweave.model.items import INLINE_LIMIT, Batch, Item
from stepweave.runtime.claims import Claims, encode
from stepweave.runtime.starting import Launch, Start, Target, start
from stepweave_data.hooks.bodies import Store


@dataclass(frozen=True)
class Starter:
    """Starts workflows. `hand_over` gives the starter function a start request and does not wait; raises AwsError."""

    launch: Launch
    hand_over: Callable[[dict[str, Any]], None]

    @property
    def claims(self) -> Claims:
        """Where what is sent is stored."""
        return self.launch.claims

    @property
    def store_file(self) -> Store:
        """Stores a file."""
        return self.launch.claims.store_file

    def __call__(self, target: FormTarget, item: Item, execution_id: str) -> None:
        """Start with one item; starting again with the same id starts nothing more.

        Raises:
            StartFailed, AwsError, NodeError: nothing was started.
        """
        given, node_id = target["start"], target["nodeId"]
        encoded = encode([item])
        items: list[Item] | Batch = [item]
        if len(encoded) > INLINE_LIMIT:
            key = f"{given['tenant_id']}/{execution_id}/{node_id}/1-main.json"
            items = self.launch.claims.store(key, [item], encoded)
        it = Start(
            target=Target(**given),
            trigger="form",
            node_id=node_id,
            items=items,
            mode=target.get("mode", "live"),
            execution_id=execution_id,
        )
        if it.target.machine_type == "standard" and not it.target.concurrency:
            start(it, self.launch)
        else:
            self.hand_over(it.to_json())
