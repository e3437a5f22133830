"""What an OpenAPI document (2.0, called Swagger, 3.0 or 3.1) says can be done, as operations for a node."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from pydantic import ValidationError

from api.services.apis.references import ReferenceInvalid, followed
from api.services.apis.texts import wrong
from stepweave.spec.api_operations import ApiBody, ApiField, ApiOperation, BodyKind

MOST_OPERATIONS: Final = 1000
MOST_PROBLEMS: Final = 100
MOST_SCHEMAS: Final = 500
"""That a body is made of (`allOf`, `oneOf`, `anyOf`): schemas that are made of themselves end here."""
METHODS: Final = tuple(method.lower() for method in get_args(ApiOperation.model_fields["method"].annotation))
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


@dataclass
class Found:
    """What a document says.

    Attributes:
        title: of the API.
        version: of the document, as its authors count.
        words: its description.
        servers: the URLs that its paths follow, the first of which counts; those that are relative stay so.
        operations: what can be done.
        schemes: how it wants to know who asks, in words.
        problems: what of it is left out, and why.
    """

    title: str
    version: str
    words: str
    servers: list[str]
    operations: list[ApiOperation] = field(default_factory=list)
    schemes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        """Write down what is left out."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(words)


def found_in(document: Mapping[str, Any]) -> Found:
    """Return what a document says. Raises Refused (`api_invalid`) for one that says nothing that can be used."""
    version = str(document.get("openapi") or document.get("swagger") or "")
    if not version.startswith(("2.", "3.")):
        known = '`openapi: 3.0.x`, `openapi: 3.1.x` or `swagger: "2.0"`'
        raise wrong(
            f"The document says {version!r} of its version; it has to begin with {known}."
            if version
            else f"The document does not say which version of OpenAPI it is; it has to have {known}."
        )
    paths = document.get("paths")
    if not isinstance(paths, Mapping) or not paths:
        raise wrong("The document has no `paths`, so nothing can be asked of the API.")
    info = _object(document.get("info"))
    title = " ".join(str(info.get("title") or "").split())[:100] or "API"
    found = Found(title, str(info.get("version") or "")[:50], _words(info.get("description")), _servers(document))
    found.schemes = list(_schemes(document))
    ids: set[str] = set()
    for path, method, item, told in _each(document, paths, found):
        where = f"{method.upper()} {path}"
        if len(found.operations) == MOST_OPERATIONS:
            found.note(f"{where} and what follows is left out: {MOST_OPERATIONS} operations are the most.")
            break
        try:
            operation = _Reader(document, found, where).operation(path, method, item, told, ids)
        except ReferenceInvalid as error:
            found.note(f"{where} is left out: {error}")
        except ValidationError as error:
            first = error.errors()[0]
            found.note(f"{where} is left out: {'.'.join(map(str, first['loc']))}: {first['msg']}.")
        else:
            ids.add(operation.id)
            found.operations.append(operation)
    if not found.operations:
        raise wrong("No operation of the document can be used. " + " ".join(found.problems[:3]))
    return found


def _each(
    document: Mapping[str, Any], paths: Mapping[str, Any], found: Found
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    for named, item in paths.items():
        path = str(named)  # YAML's names may be numbers
        if not path.startswith("/"):
            if not path.startswith("x-"):
                found.note(f"The path {path[:200]!r} is left out: it does not begin with /.")
            continue
        try:
            item = followed(document, item)
        except ReferenceInvalid as error:
            found.note(f"{path} is left out: {error}")
            continue
        for method in METHODS:
            told = _object(item).get(method)
            if isinstance(told, Mapping):
                yield path, method, item, told


class _Reader:
    """Reads one operation."""

    def __init__(self, document: Mapping[str, Any], found: Found, where: str) -> None:
        self._document, self._found, self._where = document, found, where
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
            self._found.note(f"Another operation is called {id!r}, too; this one is called {self._where!r}.")
            id = self._where[:250]
        servers = [*_urls(told.get("servers")), *_urls(item.get("servers"))]
        tags = told.get("tags")
        return ApiOperation(
            id=id,
            label=" ".join(str(told.get("summary") or "").split())[:200] or id,
            words=_words(told.get("description")),
            group=str(tags[0])[:200] if isinstance(tags, list) and tags else "",
            method=method.upper(),
            path=path,
            base_url=servers[0] if servers else "",
            fields=fields,
            body=body,
            deprecated=told.get("deprecated") is True,
        )

    def _fields(self, item: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[list[ApiField], ApiBody | None]:
        given: dict[tuple[str, str], Mapping[str, Any]] = {}
        for one in [*_list(item.get("parameters")), *_list(told.get("parameters"))]:
            parameter = _object(followed(self._document, one))
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
                self._found.note(f"{self._where}: the parameter {name[:100]!r} is left out: it is in {place[:50]!r}.")
        if form:
            many = any(one.file for one in form) or "multipart/form-data" in _media(told, self._document)
            kind: BodyKind = "multipart" if many else "form"
            media = "multipart/form-data" if many else "application/x-www-form-urlencoded"
            return [*fields, *form], ApiBody(kind=kind, media_type=media)
        if "requestBody" in told:
            request = _object(followed(self._document, told["requestBody"]))
            content = _object(request.get("content"))
            if content:
                chosen = _best(list(map(str, content)))
                schema = _object(followed(self._document, content[chosen])).get("schema")
                body, more = self._body([chosen], schema, request)
                fields += more
        return fields, body

    def _parameter(self, name: str, place: str, parameter: Mapping[str, Any]) -> ApiField:
        content = _object(parameter.get("content"))
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

    def _properties(self, schema: Any, depth: int) -> tuple[dict[str, Any], set[str]]:
        """Return the properties of an object, of all that it is made of, and those that it must have."""
        self._left -= 1
        schema = self._schema(schema) if self._left > 0 else {}
        properties = {str(name): one for name, one in _object(schema.get("properties")).items()}
        needed = {str(name) for name in _list(schema.get("required"))}
        if depth < 8:
            for part in _list(schema.get("allOf")):
                more, wanted = self._properties(part, depth + 1)
                properties, needed = {**more, **properties}, needed | wanted
            for choice in ("oneOf", "anyOf"):
                for part in _list(schema.get(choice)):
                    properties = {**self._properties(part, depth + 1)[0], **properties}
        return {name: one for name, one in properties.items() if not self._is_read_only(one)}, needed

    def _is_read_only(self, schema: Any) -> bool:
        return self._schema(schema).get("readOnly") is True

    def _in_body(self, name: str, told: Any, required: bool) -> ApiField:
        schema = self._schema(told)
        of = self._schema(schema.get("items")) if _type(schema) == "array" else schema
        file = _type(of) == "file" or of.get("format") == "binary" or "contentMediaType" in of
        return ApiField(
            name=name, place="body", required=required, type=_type(schema), words=_about(schema, {}), file=file
        )

    def _schema(self, value: Any) -> Mapping[str, Any]:
        return _object(followed(self._document, value))


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
    of = _object(schema.get("items"))
    choices = schema.get("enum") or of.get("enum")
    if isinstance(choices, list):
        parts.append("one of " + ", ".join(str(one)[:60] for one in choices[:20]) + (", …" if choices[20:] else ""))
    if schema.get("default") is not None:
        parts.append(f"{str(schema['default'])[:60]} by default")
    words = _words(parameter.get("description") or schema.get("description"))
    return ": ".join(filter(None, (", ".join(filter(None, parts)), words)))[:2000]


def _servers(document: Mapping[str, Any]) -> list[str]:
    if "swagger" in document:
        host = str(document.get("host") or "")
        base = str(document.get("basePath") or "")
        schemes = [str(one) for one in _list(document.get("schemes"))] or ["https"]
        best = "https" if "https" in schemes else schemes[0]
        return [f"{best}://{host}{base}".rstrip("/") if host else base.rstrip("/")]
    return _urls(document.get("servers")) or [""]


def _urls(servers: Any) -> list[str]:
    found = []
    for server in map(_object, _list(servers)):
        url = str(server.get("url") or "")
        for name, variable in _object(server.get("variables")).items():
            url = url.replace(f"{{{name}}}", str(_object(variable).get("default", "")))
        found.append(url.rstrip("/")[:2000])
    return found


def base_url_of(servers: list[str]) -> str:
    """Return the URL that an API's paths follow: the first server that is whole; "" where somebody must say it."""
    return next((url for url in servers if urlsplit(url).scheme in ("https", "http") and urlsplit(url).netloc), "")


def _schemes(document: Mapping[str, Any]) -> Iterator[str]:
    known = _object(document.get("securityDefinitions") or _object(document.get("components")).get("securitySchemes"))
    for name, one in known.items():
        scheme = _object(one)
        match scheme.get("type"), str(scheme.get("scheme") or "").lower():
            case ("http", "bearer"):
                yield f"{name}: a token in the header Authorization (Bearer)"
            case ("http", "basic") | ("basic", _):
                yield f"{name}: user and password"
            case ("apiKey", _):
                yield f"{name}: a key in the {scheme.get('in')} {scheme.get('name')}"[:200]
            case ("oauth2", _) | ("openIdConnect", _):
                yield f"{name}: OAuth2"
            case (kind, _):
                yield f"{name}: {kind}"[:200]


def _media(told: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    return [str(one) for one in _list(told.get("consumes")) or _list(document.get("consumes"))] or ["application/json"]


def _best(media: list[str]) -> str:
    """Return the content type that is the easiest to fill in."""

    def place(one: str) -> int:
        plain = one.partition(";")[0].strip().lower()
        return next(index for index, (pattern, _) in enumerate(_KINDS) if re.fullmatch(pattern, plain))

    return min(media, key=place)


def _words(value: Any) -> str:
    return " ".join(str(value or "").split())[:1000]


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
