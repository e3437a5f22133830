"""The requests of Google Docs as data (developers.google.com/docs/api/reference/rest)."""

from typing import Final

from stepweave.spec.operations import RequestSpec

DOCUMENT: Final = "/v1/documents/{id}"
GET: Final = RequestSpec("GET", DOCUMENT, query=(("includeTabsContent", "true"),))
CHANGE: Final = RequestSpec("POST", f"{DOCUMENT}:batchUpdate", body={"requests": "{requests}"})
