"""Diagnostics: what is wrong in a workflow, where, and what to change."""

from enum import StrEnum

from stepweave.model.base import Document


class Severity(StrEnum):
    """An error stops publishing and running; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Diagnostic(Document):
    """One finding about a workflow.

    `code` is stable (documented in docs/reference/diagnostics.md); `field` is a dotted path below the node's `params`
    or `settings` (`params.headers.0.value`), or below the workflow where `node_id` is None; `position` is the offset in
    characters inside that field's text, for expressions.
    """

    code: str
    severity: Severity = Severity.ERROR
    message: str
    remedy: str
    node_id: str | None = None
    edge_id: str | None = None
    field: str | None = None
    position: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return the finding as JSON-ready data, its severity always, what it does not name left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
