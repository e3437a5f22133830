"""The requests of Google Drive as data (developers.google.com/drive/api/reference/rest/v3)."""

from typing import Final

from stepweave.spec.operations import Cursor, OptionsRequest, RequestSpec

FILES: Final = "/drive/v3/files"
FILE: Final = f"{FILES}/{{file}}"
ANYWHERE: Final = ("supportsAllDrives", "true")
"""What makes files of shared drives count, too."""
TOLD: Final = (
    "id,name,mimeType,size,md5Checksum,parents,driveId,description,starred,trashed,createdTime,modifiedTime,"
    "webViewLink,owners(displayName,emailAddress),lastModifyingUser(displayName,emailAddress),shortcutDetails"
)
"""What is told of a file."""
ONE: Final = (ANYWHERE, ("fields", TOLD))
LISTED: Final = (ANYWHERE, ("includeItemsFromAllDrives", "true"), ("fields", f"nextPageToken,files({TOLD})"))
PAGES: Final = Cursor(query="pageToken", at="nextPageToken", size_query="pageSize", size=1000)

GET: Final = RequestSpec("GET", FILE, query=ONE)
LIST: Final = RequestSpec(
    "GET",
    FILES,
    query=(("q", "{q}"), ("orderBy", "{order}"), ("driveId", "{drive}"), ("corpora", "{corpora}"), *LISTED),
)
CREATE: Final = RequestSpec("POST", FILES, query=ONE, body="{metadata}")
CHANGE: Final = RequestSpec(
    "PATCH",
    FILE,
    query=(*ONE, ("addParents", "{added}"), ("removeParents", "{removed}")),
    body="{metadata}",
)
COPY: Final = RequestSpec("POST", f"{FILE}/copy", query=ONE, body="{metadata}")
DELETE: Final = RequestSpec("DELETE", FILE, query=(ANYWHERE,))
CONTENT: Final = RequestSpec("GET", FILE, query=(("alt", "media"), ANYWHERE))
EXPORT: Final = RequestSpec("GET", f"{FILE}/export", query=(("mimeType", "{mimeType}"),))
SHARE: Final = RequestSpec(
    "POST",
    f"{FILE}/permissions",
    query=(ANYWHERE, ("sendNotificationEmail", "{notify}"), ("emailMessage", "{words}")),
    body={"role": "{role}", "type": "{kind}", "emailAddress": "{address?}", "domain": "{domain?}"},
)
DRIVES: Final = RequestSpec("GET", "/drive/v3/drives", query=(("fields", "nextPageToken,drives(id,name)"),))
DRIVE_PAGES: Final = Cursor(query="pageToken", at="nextPageToken", size_query="pageSize", size=100)
_UPLOAD: Final = (("uploadType", "resumable"), *ONE)
_LENGTH: Final = (("X-Upload-Content-Type", "{contentType}"), ("X-Upload-Content-Length", "{size}"))
UPLOAD: Final = RequestSpec("POST", f"/upload{FILES}", _UPLOAD, _LENGTH, body="{metadata}")
REPLACE: Final = RequestSpec("PATCH", f"/upload{FILE}", _UPLOAD, _LENGTH, body="{metadata}")

DRIVE_OPTIONS: Final = OptionsRequest(
    name="drives", request=DRIVES, items="drives", paging=DRIVE_PAGES, value="id", label="name"
)
FILE_OPTIONS: Final = OptionsRequest(
    name="files",
    request=RequestSpec("GET", FILES, query=(("q", "trashed = false"), ("orderBy", "modifiedTime desc"), *LISTED)),
    items="files",
    paging=Cursor(query="pageToken", at="nextPageToken", size_query="pageSize", size=200),
    value="id",
    label="name",
    detail="mimeType",
)
