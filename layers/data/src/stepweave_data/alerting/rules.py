"""What a rule, a target and what was found are, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

EVENTS: Final = frozenset(("failure", "duration"))
"""Kinds about single executions: each is seen once, and a later one that is well ends the alert. Of the others the
condition holds or does not."""
MOST_RULES: Final = 100
"""Of a tenant."""
MOST_TARGETS: Final = 5
MOST_PEOPLE: Final = 20
"""Who get a mail of one target."""
MOST_NAMED: Final = 10
"""Alerts that one message tells of one by one."""


@dataclass(frozen=True)
class Found:
    """Something that is the case: for which rule, and what it is about.

    `seen` is how many executions it is about, for kinds of `EVENTS` those that are new.
    """

    rule_id: str
    key: str
    at: datetime
    workflow_id: str | None = None
    credential_id: str | None = None
    seen: int = 1
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """Whom a rule tells: `mail` (`userIds`), `slack`, `webhook` (`host`), `workflow` (`workflowId`)."""

    id: str
    kind: str
    told: dict[str, Any]

    @classmethod
    def of(cls, written: dict[str, Any]) -> "Target":
        """Return a target as its rule has it."""
        return cls(written["id"], written["kind"], written)
