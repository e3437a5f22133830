"""Google Drive: files with their folders, content and permissions; searches, resumable uploads and exports."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.google.server import Answered, Asked, Google, Refused
from tests.fakes.web import Exchange

OWN = "application/vnd.google-apps."
TERM = re.compile(
    r"name (?P<how>=|contains) '(?P<name>(?:[^'\\]|\\.)*)'|'(?P<parent>[^']+)' in parents|trashed = (?P<trashed>\w+)"
    r"|mimeType (?P<is>=|!=) '(?P<type>[^']+)'|appProperties has \{ key='(?P<key>\w+)' and value='(?P<value>\w+)' \}"
)


@dataclass
class File:
    """A file: what is told of it, its content, and who may do what."""

    told: dict[str, Any]
    content: bytes = b""
    permissions: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Drive:
    """Google Drive, at a Google. A minute goes by with every change."""

    google: Google
    files: dict[str, File] = field(default_factory=dict)
    minute: int = 0

    def __post_init__(self) -> None:
        for name, handler in (
            ("files.get", self._get),
            ("files.list", self._list),
            ("files.create", self._create),
            ("files.update", self._update),
            ("files.copy", self._copy),
            ("files.delete", self._delete),
            ("files.export", self._export),
            ("permissions.create", self._share),
            ("drives.list", lambda asked: {"drives": [{"id": "0AB", "name": "Sales"}]}),
        ):
            self.google.handlers[f"drive.{name}"] = handler

    def has(self, name: str, content: bytes = b"", **told: Any) -> str:
        """Have a file; return its ID."""
        id = f"f{len(self.files)}"
        made = {"id": id, "name": name, "mimeType": "text/plain", "parents": ["root"], "trashed": False, **told}
        self.files[id] = File({"createdTime": self.now(), "modifiedTime": self.now(), **made})
        self.put(id, content)
        return id

    def put(self, id: str, content: bytes) -> None:
        """Give a file content; Google's own have none."""
        file = self.files[id]
        file.content = content
        file.told["modifiedTime"] = self.now()
        if not file.told["mimeType"].startswith(OWN):
            file.told |= {"size": str(len(content)), "md5Checksum": hashlib.md5(content).hexdigest()}

    def now(self) -> str:
        """Return the next minute."""
        self.minute += 1
        return f"2024-05-01T{self.minute // 60:02}:{self.minute % 60:02}:00.000Z"

    def named(self, name: str) -> list[File]:
        """Return the files of a name."""
        return [file for file in self.files.values() if file.told["name"] == name]

    def _of(self, asked: Asked) -> File:
        file = self.files.get(asked["fileId"])
        if file is None or (asked.values.get("supportsAllDrives") is not True and "driveId" in file.told):
            raise Refused(404, f"File not found: {asked['fileId']}.", "notFound")
        return file

    def _get(self, asked: Asked) -> Any:
        file = self._of(asked)
        if asked.values.get("alt") != "media":
            return file.told
        if file.told["mimeType"].startswith(OWN):
            words = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
            raise Refused(403, words, "fileNotDownloadable")
        return file.content

    def _export(self, asked: Asked) -> Any:
        file = self.files[asked["fileId"]]
        if len(file.content) > 10_000_000:
            raise Refused(403, "This file is too large to be exported.", "exportSizeLimitExceeded")
        return f"{asked['mimeType']}: ".encode() + file.content

    def _list(self, asked: Asked) -> Any:
        assert asked["includeItemsFromAllDrives"] is True
        found = [file.told for file in self.files.values() if self._fits(file, asked.values.get("q", ""))]
        if "modifiedTime desc" in asked.values.get("orderBy", ""):
            found.sort(key=lambda told: told["modifiedTime"], reverse=True)
        size, start = int(asked.values.get("pageSize", 100)), int(asked.values.get("pageToken", 0))
        more = {"nextPageToken": str(start + size)} if start + size < len(found) else {}
        return {"files": found[start : start + size], **more}

    def _fits(self, file: File, q: str) -> bool:
        rest = TERM.sub("", q)
        if rest.replace(" and ", "").strip("() "):
            raise Refused(400, "Invalid Value", "invalid")
        return all(self._is(file.told, term) for term in TERM.finditer(q))

    def _is(self, told: dict[str, Any], term: "re.Match[str]") -> bool:
        if term["name"] is not None:
            name = re.sub(r"\\(.)", r"\1", term["name"])
            return bool(name == told["name"] if term["how"] == "=" else name.lower() in told["name"].lower())
        if term["parent"]:
            return term["parent"] in told["parents"]
        if term["trashed"]:
            return bool(told["trashed"] is (term["trashed"] == "true"))
        if term["type"]:
            return (told["mimeType"] == term["type"]) is (term["is"] == "=")
        return bool(told.get("appProperties", {}).get(term["key"]) == term["value"])

    def _create(self, asked: Asked) -> Any:
        if asked.values.get("uploadType") == "resumable":
            return self._session(asked, "")
        return self.files[self.has(**{"name": "Untitled", **asked.body})].told

    def _update(self, asked: Asked) -> Any:
        file = self._of(asked)
        if asked.values.get("uploadType") == "resumable":
            return self._session(asked, asked["fileId"])
        file.told |= asked.body
        parents = set(file.told["parents"]) - set(asked.values.get("removeParents", "").split(","))
        file.told["parents"] = sorted(parents | set(filter(None, [asked.values.get("addParents")])))
        return file.told

    def _session(self, asked: Asked, id: str) -> Any:
        headers, path = asked.exchange.asked.headers, f"/session/{len(self.google.web.routes)}"
        kind, done = headers["x-upload-content-type"], list[str]()

        def put(exchange: Exchange) -> None:
            assert exchange.asked.size == int(headers["x-upload-content-length"])
            told = {"mimeType": kind, **asked.body}
            if not done:  # a session that has ended says what it made
                done.append(id or self.has(**{"name": "Untitled", **told}))
                self.put(done[0], exchange.asked.body)
            if self.google.lost.get("upload"):
                self.google.lost["upload"] -= 1
                exchange.drop()
                return
            exchange.answer(200, json.dumps(self.files[done[0]].told).encode(), content_type="application/json")

        self.google.web.routes[path] = put
        asked.exchange.answer(200, b"", location=self.google.web.url(path))
        return Answered()

    def _copy(self, asked: Asked) -> Any:
        file = self._of(asked)
        told = {**file.told, "name": f"Copy of {file.told['name']}", **asked.body}
        for name in ("id", "createdTime", "modifiedTime"):
            told.pop(name)
        return self.files[self.has(content=file.content, **told)].told

    def _delete(self, asked: Asked) -> None:
        self._of(asked)
        del self.files[asked["fileId"]]

    def _share(self, asked: Asked) -> Any:
        file = self._of(asked)
        if asked.body["type"] in ("user", "group") and "emailAddress" not in asked.body:
            raise Refused(400, "The emailAddress field is required.", "required")
        if asked.body["type"] == "anyone" and "sendNotificationEmail" in asked.values:
            raise Refused(403, "sendNotificationEmail is not allowed for this type.", "badRequest")
        file.permissions.append({**asked.body, "notified": asked.values.get("sendNotificationEmail", True)})
        return {"id": f"p{len(file.permissions)}", "kind": "drive#permission", **asked.body}
