"""Reads one operation of an OpenAPI document: what it takes, and how that is sent."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from api.services.apis.references import ReferenceInvalid, followed
from api.services.apis.servers import urls_of
from api.services.apis.values import list_of, object_of, words_of
from stepweave.spec.api_operations import ApiAnswer, ApiBody, ApiField, ApiOperation, BodyKind

MOST_ANSWERS: Final = 50
MOST_SCHEMAS: Final = 500
"""That a body is made of (`allOf`, `oneOf`, `anyOf`): schemas that are made of themselves end here."""
_NOT_IN_HEADERS: Final = ("accept", "content-type", "authorization")
"""Header parameters of these names count for nothing (OpenAPI 3.1, "Parameter Object")."""
_IN_PATH: Final = re.compile(r"\{([^{}]*)\}")
_STYLES: Final = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_KINDS: Final[tuple[tuple[str, BodyKind], ...]] = (
    (r"application/json|application/[\w.+-]+\+json|text/json", "json"),
    (r"application/x-www-form-urlencoded", "form"),
    (r"multipart/form-data", "multipart"),
    (r"text/.*|application/xml|application/[\w.+-]+\+xml", "text"),
    (r".*", "file"),
)


class Reader:
    """Reads one operation. `note` is told what of it is left out."""

    def __init__(self, document: Mapping[str, Any], where: str, note: Callable[[str], None]) -> None:
        self._document, self._where, self._note = document, where, note
        self._left = MOST_SCHEMAS

    def operation(
        self, path: str, method: str, item: Mapping[str, Any], told: Mapping[str, Any], taken: set[str]
    ) -> ApiOperation:
        """Return it. Raises ReferenceInvalid and ValidationError."""
        fields, body = self._fields(item, told)
        in_path = set(_IN_PATH.findall(path))
        known = {one.name for one in fields if one.place == "path"}
        fields = [one for one in fields if one.place != "path" or one.name in in_path]
        fields += [ApiField(name=name, place="path", required=True) for name in sorted(in_path - known) if name]
        id = " ".join(str(told.get("operationId") or f"{method.upper()} {path}").split())[:250]
        if id in taken:
            self._note(f"Another operation is called {id!r}, too; this one is called {self._where!r}.")
            id = self._where[:250]
        servers = [*urls_of(told.get("servers")), *urls_of(item.get("servers"))]
        tags = told.get("tags")
        return ApiOperation(
            id=id,
            label=" ".join(str(told.get("summary") or "").split())[:200] or id,
            words=words_of(told.get("description")),
            group=str(tags[0])[:200] if isinstance(tags, list) and tags else "",
            method=method.upper(),
            path=path,
            base_url=servers[0] if servers else "",
            fields=fields,
            body=body,
            answers=self._answers(told),
            deprecated=told.get("deprecated") is True,
        )

    def _fields(self, item: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[list[ApiField], ApiBody | None]:
        given: dict[tuple[str, str], Mapping[str, Any]] = {}
        for one in [*list_of(item.get("parameters")), *list_of(told.get("parameters"))]:
            parameter = object_of(followed(self._document, one))
            given[str(parameter.get("in")), str(parameter.get("name"))] = parameter
        fields: list[ApiField] = []
        form: list[ApiField] = []
        body: ApiBody | None = None
        for (place, name), parameter in given.items():
            if place in _STYLES:
                if place != "header" or name.lower() not in _NOT_IN_HEADERS:
                    fields.append(self._parameter(name, place, parameter))
            elif place == "formData":
                form.append(self._in_body(name, parameter, parameter.get("required") is True))
            elif place == "body":
                body, more = self._body(_media(told, self._document), parameter.get("schema"), parameter)
                fields += more
            else:
                self._note(f"{self._where}: the parameter {name[:100]!r} is left out: it is in {place[:50]!r}.")
        if form:
            many = any(one.file for one in form) or "multipart/form-data" in _media(told, self._document)
            kind: BodyKind = "multipart" if many else "form"
            media = "multipart/form-data" if many else "application/x-www-form-urlencoded"
            return [*fields, *form], ApiBody(kind=kind, media_type=media)
        if "requestBody" in told:
            request = object_of(followed(self._document, told["requestBody"]))
            content = object_of(request.get("content"))
            if content:
                chosen = _best(list(map(str, content)))
                schema = object_of(followed(self._document, content[chosen])).get("schema")
                body, more = self._body([chosen], schema, request)
                fields += more
        return fields, body

    def _parameter(self, name: str, place: str, parameter: Mapping[str, Any]) -> ApiField:
        content = object_of(parameter.get("content"))
        given = parameter.get("schema", parameter if "type" in parameter else None)
        schema = self._schema(given if not content else {"type": "object"})
        style = str(parameter.get("style") or _STYLES[place])
        collected = str(parameter.get("collectionFormat") or "")  # of Swagger 2.0
        if content:
            style = "json"
        elif collected and collected != "multi":
            style = {"pipes": "pipeDelimited", "ssv": "spaceDelimited"}.get(collected, "form")
        explode = parameter.get("explode")
        if not isinstance(explode, bool):
            explode = collected == "multi" if collected or "swagger" in self._document else style == "form"
        return ApiField(
            name=name,
            place=place,
            required=place == "path" or parameter.get("required") is True,
            type=_type(schema),
            words=_about(schema, parameter),
            explode=explode or style == "deepObject",
            style=style,
        )

    def _body(self, media: list[str], schema: Any, told: Mapping[str, Any]) -> tuple[ApiBody, list[ApiField]]:
        chosen = _best(media)
        kind = next(kind for pattern, kind in _KINDS if re.fullmatch(pattern, chosen.partition(";")[0].strip().lower()))
        required = told.get("required") is True
        whole = ApiBody(kind=kind, media_type=chosen[:200], required=required, whole=True)
        if kind in ("text", "file"):
            return whole, []
        properties, needed = self._properties(schema, 0)
        if not properties:
            return whole, []
        fields = [self._in_body(name, one, name in needed) for name, one in properties.items()]
        return whole.model_copy(update={"whole": False}), fields

    def _answers(self, told: Mapping[str, Any]) -> list[ApiAnswer]:
        """Return what it may answer; an answer that cannot be read is left out, as nothing is sent by it."""
        answers = []
        for status, one in list(object_of(told.get("responses")).items())[:MOST_ANSWERS]:
            if str(status).startswith("x-"):
                continue
            with suppress(ReferenceInvalid):
                answers.append(self._answer(str(status)[:20], object_of(followed(self._document, one)), told))
        return answers

    def _answer(self, status: str, answer: Mapping[str, Any], told: Mapping[str, Any]) -> ApiAnswer:
        content = object_of(answer.get("content"))
        media, schema = "", answer.get("schema")  # of Swagger 2.0
        if schema is not None:
            media = next(map(str, list_of(told.get("produces")) or list_of(self._document.get("produces"))), "")
        elif content:
            media = _best(list(map(str, content)))
            schema = object_of(followed(self._document, content[media])).get("schema")
        gives = self._gives(schema)[:2000] if schema is not None else ""
        return ApiAnswer(status=status, words=words_of(answer.get("description")), media_type=media[:200], gives=gives)

    def _gives(self, schema: Any) -> str:
        """Return the fields of an answer's data in words, of a list those of its entries."""
        of = self._schema(schema)
        if _type(of) == "array":
            entries = self._gives(of["items"]) if self._left > 0 and "items" in of else ""
            self._left -= 1
            return f"a list of {entries}" if entries else "a list"
        fields = self._properties(schema, 0, left_out="writeOnly")[0]
        if not fields:
            return _type(of)
        types = ((name, _type(self._schema(one))) for name, one in fields.items())
        return ", ".join(f"{name} ({type})" if type else name for name, type in types)

    def _properties(self, schema: Any, depth: int, left_out: str = "readOnly") -> tuple[dict[str, Any], set[str]]:
        """Return the properties of an object, of all that it is made of, and those that it must have."""
        self._left -= 1
        schema = self._schema(schema) if self._left > 0 else {}
        properties = {str(name): one for name, one in object_of(schema.get("properties")).items()}
        needed = {str(name) for name in list_of(schema.get("required"))}
        if depth < 8:
            for part in list_of(schema.get("allOf")):
                more, wanted = self._properties(part, depth + 1, left_out)
                properties, needed = {**properties, **more, **properties}, needed | wanted
            for choice in ("oneOf", "anyOf"):
                for part in list_of(schema.get(choice)):
                    more = self._properties(part, depth + 1, left_out)[0]
                    properties = {**properties, **more, **properties}
        kept = {name: one for name, one in properties.items() if self._schema(one).get(left_out) is not True}
        return kept, needed

    def _in_body(self, name: str, told: Any, required: bool) -> ApiField:
        schema = self._schema(told)
        of = self._schema(schema.get("items")) if _type(schema) == "array" else schema
        file = _type(of) == "file" or of.get("format") == "binary" or "contentMediaType" in of
        return ApiField(
            name=name, place="body", required=required, type=_type(schema), words=_about(schema, {}), file=file
        )

    def _schema(self, value: Any) -> Mapping[str, Any]:
        return object_of(followed(self._document, value))


def _type(schema: Mapping[str, Any]) -> str:
    given = schema.get("type")
    if isinstance(given, list):  # of OpenAPI 3.1: ["string", "null"]
        given = next((one for one in given if one != "null"), "")
    if not given and ("properties" in schema or "allOf" in schema):
        return "object"
    return given if isinstance(given, str) else ""


def _about(schema: Mapping[str, Any], parameter: Mapping[str, Any]) -> str:
    """Return what people read of a field: its type, the values that there are, what it is for."""
    parts = [" ".join(filter(None, (_type(schema), f"({schema['format']})" if schema.get("format") else "")))]
    of = object_of(schema.get("items"))
    choices = schema.get("enum") or of.get("enum")
    if isinstance(choices, list):
        parts.append("one of " + ", ".join(str(one)[:60] for one in choices[:20]) + (", …" if choices[20:] else ""))
    if schema.get("default") is not None:
        parts.append(f"{str(schema['default'])[:60]} by default")
    words = words_of(parameter.get("description") or schema.get("description"))
    return ": ".join(filter(None, (", ".join(filter(None, parts)), words)))[:2000]


def _media(told: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    return [str(one) for one in list_of(told.get("consumes")) or list_of(document.get("consumes"))] or [
        "application/json"
    ]


def _best(media: list[str]) -> str:
    """Return the content type that is the easiest to fill in."""

    def place(one: str) -> int:
        plain = one.partition(";")[0].strip().lower()
        return next(index for index, (pattern, _) in enumerate(_KINDS) if re.fullmatch(pattern, plain))

    return min(media, key=place)
