"""XML to data, event by event: no tree, no recursion, no entities, nothing fetched."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from xml.parsers import expat  # drives no entity: every declaration of one is refused below

from functions.nodes.data.xml.errors import XmlForbidden, XmlInvalid
from functions.nodes.data.xml.spec import Params
from stepweave.model.numbers import read_number
from stepweave.runtime.markup import MarkupTooDeep

MOST_DEPTH: Final = 100
"""Of elements in one another: each makes an object, and perhaps a list around it (`stepweave.runtime.results`)."""
_PLAIN_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str]
    children: list[Any] = field(default_factory=list)
    """Of ordered form: texts and children. Of compact form: (name, value) of children."""
    text: list[str] = field(default_factory=list)


def parsed(text: str, params: Params, field: str) -> Any:
    """Return the data of a document.

    Raises:
        XmlInvalid: it is not well-formed.
        XmlForbidden: it has a document type or entities.
        MarkupTooDeep: more than `MOST_DEPTH` elements are in one another.
    """
    reading = _Reading(params, field)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.characters
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.EntityDeclHandler = reading.entity
    parser.UnparsedEntityDeclHandler = reading.entity
    parser.SkippedEntityHandler = reading.entity
    parser.ExternalEntityRefHandler = reading.entity
    try:
        parser.Parse(text.lstrip("\ufeff \t\r\n"), True)  # what is text already has no encoding to be told
    except (expat.ExpatError, UnicodeError) as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "offset", 0) + 1
        what = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else "half of a character"
        raise XmlInvalid(
            f"The text is no XML: {what} in line {line}, column {column}.",
            "Mend the document; HTML goes into the node HTML.",
            details={"field": f"params.{field}", "line": line, "column": column},
        ) from None
    return reading.result


class _Reading:
    def __init__(self, params: Params, field: str) -> None:
        self._params, self._field = params, field
        self._open: list[_Element] = []
        self._lists = frozenset(name.strip() for name in params.list_names.split(",") if name.strip())
        self.result: Any = None

    def start(self, name: str, pairs: list[str]) -> None:
        if len(self._open) >= MOST_DEPTH:
            raise MarkupTooDeep(
                f"Elements are nested more than {MOST_DEPTH} deep.",
                "Take a part of the document.",
                details={"field": f"params.{self._field}"},
            )
        drops = self._params.prefixes == "drop"
        attributes = {
            self._named(key): value
            for key, value in zip(pairs[::2], pairs[1::2], strict=True)
            if not (drops and (key == "xmlns" or key.startswith("xmlns:")))
        }
        name = self._named(name)
        self._open.append(_Element(name.lower() if self._params.lower_case else name, attributes))

    def characters(self, text: str) -> None:
        element = self._open[-1]
        element.text.append(text)
        if self._params.form == "ordered":
            if element.children and isinstance(element.children[-1], str):
                element.children[-1] += text
            else:
                element.children.append(text)

    def end(self, name: str) -> None:
        element = self._open.pop()
        value = self._ordered(element) if self._params.form == "ordered" else self._compact(element)
        if self._open:
            child = value if self._params.form == "ordered" else (element.name, value)
            self._open[-1].children.append(child)
        elif self._params.form == "ordered":
            self.result = value
        else:
            self.result = {element.name: value} if self._params.keep_root else value

    def doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if not self._params.allow_doctype:
            self._forbid("The document declares its type (DOCTYPE)")

    def entity(self, *_: Any) -> NoReturn:
        self._forbid("The document has entities of its own")

    def _forbid(self, what: str) -> NoReturn:
        raise XmlForbidden(
            f"{what}, which is not allowed.",
            "Take the declaration out; a harmless DOCTYPE can be allowed in the options.",
            details={"field": f"params.{self._field}"},
        )

    def _named(self, name: str) -> str:
        return name.rpartition(":")[2] if self._params.prefixes == "drop" else name

    def _value(self, text: str) -> Any:
        if self._params.normalize:
            text = re.sub(r"\s+", " ", text)
        if self._params.trim or self._params.normalize:
            text = text.strip()
        return self._typed(text)

    def _typed(self, text: str) -> Any:
        if self._params.typed:
            if text in ("true", "false"):
                return text == "true"
            if _PLAIN_NUMBER.fullmatch(text):
                return read_number(text)
        return text

    def _ordered(self, element: _Element) -> dict[str, Any]:
        texts = [self._value(child) if isinstance(child, str) else child for child in element.children]
        children = [child for child in texts if child != ""]
        attributes = {key: self._typed(value) for key, value in element.attributes.items()}
        return {"name": element.name, "attributes": attributes, "children": children}

    def _compact(self, element: _Element) -> Any:
        params = self._params
        text = "".join(element.text)
        value = "" if not text.strip() and element.children else self._value(text)
        fields: dict[str, Any] = {}
        attributes = {key: self._typed(given) for key, given in element.attributes.items()}
        if attributes and params.attributes == "object":
            fields[params.attribute_key] = attributes
        elif params.attributes in ("prefix", "merge"):
            prefix = params.attribute_key if params.attributes == "prefix" else ""
            fields |= {f"{prefix}{key}": given for key, given in attributes.items()}
        if not fields and not element.children:
            return value
        if value != "":
            fields[params.text_key] = value
        many: set[str] = set()
        for name, child in element.children:
            if name in many:
                fields[name].append(child)
            elif name in fields:
                many.add(name)
                fields[name] = [fields[name], child]
            elif params.lists == "always" or name in self._lists:
                many.add(name)
                fields[name] = [child]
            else:
                fields[name] = child
        return fields
