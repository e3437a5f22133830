"""The requests of Gmail as data (developers.google.com/gmail/api/reference/rest)."""

from typing import Final

from stepweave.spec.operations import Cursor, RequestSpec

_ME: Final = "/gmail/v1/users/me"
_UPLOAD: Final = (("uploadType", "resumable"),)
_LARGE: Final = (("X-Upload-Content-Type", "message/rfc822"), ("X-Upload-Content-Length", "{size}"))

SEND: Final = RequestSpec("POST", f"{_ME}/messages/send", body={"raw": "{raw}", "threadId": "{thread?}"})
SEND_LARGE: Final = RequestSpec("POST", f"/upload{_ME}/messages/send", _UPLOAD, _LARGE, body={"threadId": "{thread?}"})
DRAFT: Final = RequestSpec("POST", f"{_ME}/drafts", body={"message": {"raw": "{raw}", "threadId": "{thread?}"}})
DRAFT_LARGE: Final = RequestSpec(
    "POST", f"/upload{_ME}/drafts", _UPLOAD, _LARGE, body={"message": {"threadId": "{thread?}"}}
)
MESSAGE: Final = RequestSpec("GET", f"{_ME}/messages/{{message}}", query=(("format", "{format}"),))
MESSAGES: Final = RequestSpec(
    "GET",
    f"{_ME}/messages",
    query=(("q", "{q}"), ("labelIds", "{labelIds}"), ("includeSpamTrash", "{includeSpamTrash}")),
)
MESSAGE_PAGES: Final = Cursor(query="pageToken", at="nextPageToken", size_query="maxResults", size=500)
ATTACHMENT: Final = RequestSpec("GET", f"{_ME}/messages/{{message}}/attachments/{{attachment}}")
CHANGE_MESSAGE: Final = RequestSpec(
    "POST",
    f"{_ME}/messages/{{message}}/modify",
    body={"addLabelIds": "{added?}", "removeLabelIds": "{removed?}"},
)
CHANGE_THREAD: Final = RequestSpec(
    "POST", f"{_ME}/threads/{{thread}}/modify", body={"addLabelIds": "{added?}", "removeLabelIds": "{removed?}"}
)
LABELS: Final = RequestSpec("GET", f"{_ME}/labels")
PROFILE: Final = RequestSpec("GET", f"{_ME}/profile")
