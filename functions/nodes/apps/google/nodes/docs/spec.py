"""The Google Docs node as a value."""

from functions.nodes.apps.google.api import google_app
from stepweave.spec.operation_forms import app_node, operations_in

APP = google_app("https://docs.googleapis.com", operations_in(__package__), timeout_seconds=60, most_mb=50)

DOCS = """\
Works with the text of documents. Making one, also from a template, needs the scope of Google Drive, too.

A document is made of its text with one request; what an attempt before has made or copied is found again by a retry,
and not made twice. *Replace* and *Create from template* replace a text everywhere, and say how often it was there; what
is put in is not looked through for the next text. *Get* gives the text of all tabs; cells of tables stand beside each
other, with tabs in between.

`OutcomeUnknown`: Google did not answer, and a text may have been added, so it is not tried again by itself.

**Example.** Document, Create from template: replace `[customer]` by `{{ $json.customer }}`.
"""

SPEC = app_node(
    APP,
    type="google_docs",
    name="Google Docs",
    icon="file-text",
    summary="Makes, reads and fills in documents.",
    docs=DOCS,
    errors=("OutcomeUnknown",),
)
