"""What says that a tenant's plan has no room for another execution now. Light: webhooks need no Postgres for it."""

from typing import Final

MINUTE: Final = 60
"""Seconds in which so many executions may begin."""
_WORDS: Final = {
    "concurrent": "The plan of this workspace lets {most:,} executions run at once, and that many do.",
    "starts": "The plan of this workspace lets {most:,} executions begin in a minute, and that many did.",
    "executions": "The plan of this workspace lets {most:,} executions begin in a month, and that many did.",
    "queue": "The plan of this workspace lets {most:,} executions wait for their turn, and that many do.",
}


class NoRoom(Exception):
    """Nothing was started, and nothing waits.

    Attributes:
        kind: of what there is as much as the plan has room for: `concurrent`, `starts`, `queue`, `executions`.
        most: how much of it there may be.
        seconds: after which asking again makes sense.
    """

    def __init__(self, kind: str, most: int, seconds: int) -> None:
        super().__init__(f"{_WORDS[kind].format(most=most)} Try again in {seconds} s.")
        self.kind = kind
        self.most = most
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """What tells a caller: draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After` (RFC 9110)."""
        window = f";w={MINUTE}" if self.kind == "starts" else ""
        return {
            "ratelimit-policy": f'"{self.kind}";q={self.most}{window}',
            "ratelimit": f'"{self.kind}";r=0;t={self.seconds}',
            "retry-after": str(self.seconds),
        }
