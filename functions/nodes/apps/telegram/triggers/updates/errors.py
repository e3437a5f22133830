"""What only the Telegram trigger fails with."""

from stepweave.runtime.errors import NodeError


class BotTaken(NodeError):
    """The bot tells somebody else of its messages already: Telegram knows one address for each bot."""
