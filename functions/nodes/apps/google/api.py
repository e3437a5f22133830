"""What all of Google's apps are made of: the credentials, and how Google refuses."""

from typing import Any, Final

from functions.nodes.apps.google.refusals import read_refusal
from stepweave.spec.operations import App, Cursor, Operation, OptionsRequest, RequestSpec

CREDENTIAL: Final = ("google_oauth2", "google_service_account")
DRIVE_URL: Final = "https://www.googleapis.com"
FILES: Final = "/drive/v3/files"


def google_app(base_url: str, operations: tuple[Operation, ...], **more: Any) -> App:
    """Return an app of Google's; `more` as of `App`."""
    return App(base_url=base_url, credential=CREDENTIAL, operations=operations, refusal=read_refusal, **more)


def files_of_type(name: str, mime_type: str) -> OptionsRequest:
    """Return a loader of the files of one type (`application/vnd.google-apps.…`), those last changed first.

    They are asked of Drive, whatever the app's own server is (`DRIVE`).
    """
    return OptionsRequest(
        name=name,
        request=RequestSpec(
            "GET",
            FILES,
            query=(
                ("q", f"mimeType = '{mime_type}' and trashed = false"),
                ("orderBy", "modifiedTime desc"),
                ("fields", "nextPageToken,files(id,name,owners(emailAddress))"),
                ("supportsAllDrives", "true"),
                ("includeItemsFromAllDrives", "true"),
            ),
        ),
        items="files",
        paging=Cursor(query="pageToken", at="nextPageToken", size_query="pageSize", size=200),
        value="id",
        label="name",
        detail="owners.0.emailAddress",
    )


def drive_with(*options: OptionsRequest) -> App:
    """Return an app that is only there for its loaders, which are asked of Drive."""
    return google_app(DRIVE_URL, (), options=options)
