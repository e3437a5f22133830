"""The Google Drive node as a value."""

from functions.nodes.apps.google.api import DRIVE_URL, files_of_type, google_app
from functions.nodes.apps.google.drive import DRIVE_OPTIONS, FILE_OPTIONS
from stepweave.spec.operation_forms import app_node, operations_in

FOLDERS = files_of_type("folders", "application/vnd.google-apps.folder")

APP = google_app(
    DRIVE_URL,
    operations_in(__package__),
    options=(FOLDERS, FILE_OPTIONS, DRIVE_OPTIONS),
    timeout_seconds=60,
)

DOCS = """\
Works with files and folders, also of shared drives. Files are named by their addresses or IDs.

Content goes piece by piece, both ways, so it may be large. What an attempt before has uploaded, copied or made is found
again by a retry, and not made twice. Files of Google Docs, Sheets and Slides are downloaded as Word, Excel, PowerPoint,
PDF or text; Google exports up to 10 MB. A shortcut is what it leads to.

A service account has no room for files of its own: upload to a shared drive, or let it act as a person.

**Example.** File, Upload: file `data`, folder `https://drive.google.com/drive/folders/1a2b`.
"""

SPEC = app_node(
    APP,
    type="google_drive",
    name="Google Drive",
    icon="hard-drive",
    summary="Uploads, downloads, finds, organises and shares files.",
    docs=DOCS,
    timeout_seconds=600,
)
