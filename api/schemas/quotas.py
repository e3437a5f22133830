"""What the plan of a workspace allows."""

from api.schemas.base import Schema


class HeldResponse(Schema):
    """How much there is of a kind."""

    kind: str
    """`workflows`, `versions`, `credentials`, `schedules`, `webhooks`, `members`, `apis`, `tables`, `memories`, `bytes`
    (of kept files), `entries` (keys in stores), `rows` (of tables), `stored` (bytes of both), `machines` (compiled
    workflows), `executions` (of this month), `concurrent` (executions that run now), `starts` (that began in the last
    minute), `queue` (that wait for their turn)."""
    held: int
    """How much there is."""
    most: int | None
    """How much there may be; null where the plan has no limit."""


class PlanResponse(Schema):
    """What a workspace holds, and uses in this month (UTC), of what its plan allows."""

    plan: str
    """The plan's name."""
    items: list[HeldResponse]
    """By kind."""
