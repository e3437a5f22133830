"""How a schema can be wrong."""

from stepweave.runtime.errors import NodeError


class SchemaInvalid(NodeError):
    """The schema is none, refers to others, or would take too much work. `details.path` says where."""
