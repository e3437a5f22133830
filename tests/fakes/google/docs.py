"""Google Docs: documents as texts; they are files of a Drive as well."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.google.drive import OWN, Drive
from tests.fakes.google.server import Asked, Refused


@dataclass
class Docs:
    """Google Docs, beside a Drive that has the documents."""

    drive: Drive

    def __post_init__(self) -> None:
        self.drive.google.handlers["docs.documents.get"] = self._get
        self.drive.google.handlers["docs.documents.batchUpdate"] = self._change

    def text(self, id: str) -> str:
        """Return a document's text."""
        return self.drive.files[id].content.decode()

    def _of(self, asked: Asked) -> str:
        id: str = asked["documentId"]
        file = self.drive.files.get(id)
        if file is None:
            raise Refused(404, "Requested entity was not found.")
        if file.told["mimeType"] != f"{OWN}document":
            raise Refused(400, "This operation is not supported for this document")
        return id

    def _get(self, asked: Asked) -> Any:
        id = self._of(asked)
        lines = self.text(id).split("\n")
        content: list[Any] = [{"sectionBreak": {}}]
        for line in lines:
            if line.startswith("|"):
                cells = [{"content": [paragraph(cell.strip())]} for cell in line.strip("|").split("|")]
                content.append({"table": {"tableRows": [{"tableCells": cells}]}})
            else:
                content.append(paragraph(line))
        tab = {"documentTab": {"body": {"content": content}}}
        child = {"documentTab": {"body": {"content": [paragraph("In a tab below")]}}}
        title = self.drive.files[id].told["name"]
        return {"documentId": id, "title": title, "revisionId": "r1", "tabs": [{**tab, "childTabs": [child]}]}

    def _change(self, asked: Asked) -> Any:
        id, replies = self._of(asked), list[Any]()
        for request in asked.body["requests"]:
            text = self.text(id)
            if "insertText" in request:
                told = request["insertText"]
                new = told["text"] + text if "location" in told else text + told["text"]
                replies.append({})
            else:
                told = request["replaceAllText"]
                wanted = told["containsText"]["text"]
                assert told["containsText"]["matchCase"] is True
                count = text.count(wanted)
                new = text.replace(wanted, told["replaceText"])
                replies.append({"replaceAllText": {"occurrencesChanged": count} if count else {}})
            self.drive.put(id, new.encode())
        return {"documentId": id, "replies": replies}


def paragraph(text: str) -> dict[str, Any]:
    """Return a paragraph of two runs, as a word in bold makes them."""
    middle = len(text) // 2
    runs = [{"textRun": {"content": part}} for part in (text[:middle], text[middle:] + "\n")]
    return {"paragraph": {"elements": runs}}
