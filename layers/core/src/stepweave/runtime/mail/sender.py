"""`Sender`: who sends messages, whatever the account."""

from typing import Any, Protocol

from stepweave.runtime.mail.message import Mail


class Sender(Protocol):
    """Sends messages for one step.

    Attributes:
        address: the account's own sender; "" where the node has to say.
        name: of whom sends, for errors.
        most_bytes: of all files of a message.
    """

    @property
    def address(self) -> str: ...  # noqa: D102 - said above

    @property
    def name(self) -> str: ...  # noqa: D102 - said above

    @property
    def most_bytes(self) -> int: ...  # noqa: D102 - said above

    def send(self, mail: Mail) -> dict[str, Any]:
        """Send a message, and return what the output item says of it: `messageId`, `accepted`, `rejected`.

        Raises:
            EmailRefused: refused for good.
            EmailUnavailable: no connection, or refused for now.
            EmailTooLarge: it is larger than they take.
        """

    def close(self) -> None:
        """End a connection that is kept open."""
