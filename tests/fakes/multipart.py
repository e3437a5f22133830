"""Forms with files as servers read them (RFC 7578)."""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from tests.fakes.web import Asked


def parts_of(asked: Asked) -> list[tuple[str, str, str, bytes]]:
    """Return the parts of a form in their order: name, file name and type ("" for a field), content."""
    head = f"content-type: {asked.headers['content-type']}\r\n\r\n".encode()
    whole = BytesParser(policy=HTTP).parsebytes(head + asked.body)
    return [_part(part) for part in whole.iter_parts()]


def fields_of(asked: Asked) -> dict[str, str]:
    """Return the fields of a form that are no files."""
    return {name: content.decode() for name, file, _, content in parts_of(asked) if not file}


def _part(part: Message) -> tuple[str, str, str, bytes]:
    name = str(part.get_param("name", "", "content-disposition"))
    content = part.get_payload(decode=True)
    file_name = part.get_filename() or ""
    return name, file_name, part.get_content_type() if file_name else "", content if isinstance(content, bytes) else b""
