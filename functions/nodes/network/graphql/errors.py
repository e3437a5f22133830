"""How a query can fail that the server answered."""

from stepweave.runtime.errors import NodeError


class GraphQLError(NodeError):
    """The answer has errors. `details.errors` has them as the server wrote them, `details.data` what came besides."""
