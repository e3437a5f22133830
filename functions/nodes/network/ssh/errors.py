"""How a command on a server can fail."""

from stepweave.runtime.errors import NodeError


class SshCommandFailed(NodeError):
    """The command ended with another exit status than 0, or by a signal. `details` has both outputs."""


class SshCommandTimeout(NodeError):
    """The command did not end in time, and was ended. `details` has what it had written until then."""
