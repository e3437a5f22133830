"""What archives can hold that is not taken out."""

from stepweave.runtime.errors import NodeError


class ArchiveUnsafe(NodeError):
    """An archive has a path that leads out of it, a link or a device. `details.path` names it."""
