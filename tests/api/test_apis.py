"""APIs of a workspace: what is read of OpenAPI documents, what is refused, and what nodes get of them."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from local.settings import ROOT
from tests.api.conftest import World
from tests.api.test_examples import created, node, well
from tests.api.test_routes import is_problem

SHELF = """\
openapi: 3.1.0
info: {title: Shelf, version: 2024-05-01, description: Books of a library.}
servers: [{url: "https://{region}.shelf.example/v2/", variables: {region: {default: eu}}}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  parameters:
    Page: {name: page, in: query, schema: {type: [integer, "null"], default: 1}, description: Which page.}
  schemas:
    Named: {type: object, required: [title], properties: {title: {type: string}, id: {type: string, readOnly: true}}}
    Book:
      allOf:
        - $ref: '#/components/schemas/Named'
        - {type: object, properties: {genre: {enum: [novel, no]}, next: {$ref: '#/components/schemas/Book'}}}
paths:
  /books:
    get:
      operationId: listBooks
      summary: List books
      description: By title.
      tags: [books]
      parameters: [{$ref: '#/components/parameters/Page'}, {name: tag, in: query, schema: {type: array}}]
      responses:
        200:
          description: The books.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Book'}}}}
        404: {description: No such page.}
        500: {$ref: '#/components/responses/Missing'}
    post:
      operationId: addBook
      tags: [books]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
  /books/{id}/cover:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      deprecated: true
      requestBody:
        content: {multipart/form-data: {schema: {properties: {image: {type: string, format: binary}, alt: {}}}}}
"""
PATH = "/api/apis"


def add(client: TestClient, document: str = SHELF, **more: Any) -> Any:
    return well(client.post(PATH, json={"document": document, **more}), 201)


def choices(client: TestClient, field: str, search: str = "", **params: Any) -> list[dict[str, Any]]:
    body = {"field": field, "params": params, "search": search}
    answer = well(client.post("/api/node-types/api_operation/options", json=body))
    return [{name: one[name] for name in one if one[name]} for one in answer["options"]]


def asking(api: str, operation: str, **params: Any) -> dict[str, Any]:
    """Return a workflow with a node that asks."""
    ask = node("ask", "api_operation", "Ask", api=api, operation=operation, **params)
    edges = [{"id": "e", "source": "start", "sourcePort": "main", "target": "ask", "targetPort": "main"}]
    return {"schema": 1, "name": "Asks", "nodes": [node("start", "manual_trigger", "Start"), ask], "edges": edges}


def test_an_operation_says_what_it_takes_and_answers(world: World) -> None:
    client = world.person()
    path = f"{PATH}/{add(client)['id']}/operation"
    told = well(client.get(path, params={"id": "listBooks"}))
    assert [(one["name"], one["place"], one["required"], one["type"]) for one in told["fields"]] == [
        ("page", "query", False, "integer"),
        ("tag", "query", False, "array"),
    ]
    assert (told["label"], told["words"], told["body"]) == ("List books", "By title.", None)
    gives = "a list of title (string), id (string), genre, next (object)"
    json = {"mediaType": "application/json"}
    assert told["answers"] == [
        {"status": "200", "words": "The books.", **json, "gives": gives},
        {"status": "404", "words": "No such page.", "mediaType": "", "gives": ""},
    ]
    cover = well(client.get(path, params={"id": "PUT /books/{id}/cover"}))
    body = {"mediaType": "multipart/form-data", "required": False, "whole": False}
    assert (cover["body"], cover["answers"]) == (body, [])
    assert is_problem(client.get(path, params={"id": "burnBooks"}), 404, "not_found")
    assert is_problem(world.person().get(path, params={"id": "listBooks"}), 404, "not_found")


# readmeio/rdme 1052, pb33f/libopenapi 286, 42Crunch/vscode-openapi 279, swagger-api/swagger-ui 5436, OAI 3148: answers
# that are of other files, made of themselves, of nothing, or nullable, are told as far as they go.
ANSWERS = """\
openapi: 3.1.0
servers: [{url: https://x.example}]
paths:
  /x:
    get:
      operationId: get
      responses:
        200: {description: Fine, content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}
        201: {description: Elsewhere, content: {application/json: {schema: {$ref: 'other.yml#/Node'}}}}
        202: {content: {application/json: {schema: true}}}
        203: {content: {application/json: {schema: {type: array, items: {type: [string, "null"]}}}}}
        204: null
        4XX: {description: Wrong, content: {text/html: {}}}
        default: {$ref: '#/components/responses/Bad'}
        x-more: {}
components:
  schemas:
    Node:
      allOf: [{$ref: '#/components/schemas/Node'}]
      properties: {next: {$ref: '#/components/schemas/Node'}, at: {type: ["null", string]}, pin: {writeOnly: true}}
  responses: {Bad: {description: Else}}
"""


def test_odd_answers_are_told_as_far_as_they_go(world: World) -> None:
    client = world.person()
    made = add(client, ANSWERS)
    assert made["problems"] == []
    told = well(client.get(f"{PATH}/{made['id']}/operation", params={"id": "get"}))["answers"]
    assert [(one["status"], one["words"], one["gives"]) for one in told] == [
        ("200", "Fine", "next (object), at (string)"),
        ("202", "", ""),
        ("203", "", "a list of string"),
        ("204", "", ""),
        ("4XX", "Wrong", ""),
        ("default", "Else", ""),
    ]


def test_an_api_is_read_listed_changed_and_deleted(world: World) -> None:
    client = world.person()
    made = add(client)
    assert (made["name"], made["version"], made["baseUrl"]) == ("Shelf", "2024-05-01", "https://eu.shelf.example/v2")
    assert (made["schemes"], made["problems"]) == (["key: a key in the header X-Key"], [])
    told = {one["id"]: (one["label"], one["method"], one["path"], one["deprecated"]) for one in made["operations"]}
    assert told == {
        "listBooks": ("List books", "GET", "/books", False),
        "addBook": ("addBook", "POST", "/books", False),
        "PUT /books/{id}/cover": ("PUT /books/{id}/cover", "PUT", "/books/{id}/cover", True),
    }
    [entry] = well(client.get(PATH))["items"]
    assert [one["id"] for one in entry["operations"]] == list(told)
    light = {"id", "label", "group", "method", "path", "deprecated"}
    assert all(set(one) == light for one in [*entry["operations"], *made["operations"]])
    assert well(client.get(f"{PATH}/{made['id']}/document")) == {"document": SHELF}
    changed = well(client.put(f"{PATH}/{made['id']}", json={"name": "Books", "baseUrl": "http://shelf.local:8080/x/"}))
    assert (changed["name"], changed["baseUrl"], len(changed["operations"])) == (
        "Books",
        "http://shelf.local:8080/x",
        3,
    )
    assert is_problem(client.post(PATH, json={"document": SHELF, "name": "bOOks"}), 409, "name_taken")
    stranger = world.person()
    assert well(stranger.get(PATH)) == {"items": []}
    for method, more in (("GET", ""), ("GET", "/document"), ("DELETE", "")):
        assert is_problem(stranger.request(method, f"{PATH}/{made['id']}{more}"), 404, "not_found")
    well(client.delete(f"{PATH}/{made['id']}"), 204)
    assert well(client.get(PATH)) == {"items": []}


def test_a_node_chooses_api_operation_and_values(world: World) -> None:
    client = world.person()
    id = add(client)["id"]
    assert choices(client, "api") == [{"value": id, "label": "Shelf", "detail": "https://eu.shelf.example/v2"}]
    found = choices(client, "operation", "put COVER", api=id)
    assert [(one["value"], one["detail"]) for one in found] == [
        ("PUT /books/{id}/cover", "no longer to be used: PUT /books/{id}/cover")
    ]
    assert choices(client, "values.name", api=id, operation="listBooks") == [
        {"value": "page", "label": "page", "detail": "integer, 1 by default: Which page."},
        {"value": "tag", "label": "tag", "detail": "array"},
    ]
    assert choices(client, "body.name", api=id, operation="addBook") == [
        {"value": "title", "label": "title", "detail": "string", "required": True},
        {"value": "genre", "label": "genre", "detail": "one of novel, no"},
        {"value": "next", "label": "next", "detail": "object"},
    ]
    [path] = choices(client, "values.name", api=id, operation="PUT /books/{id}/cover")
    assert path["required"]
    assert choices(client, "values.name", api=id, operation="gone") == []
    assert choices(world.person(), "operation", api=id) == []


def test_a_machine_carries_the_operation_that_it_was_published_with(world: World) -> None:
    client = world.person()
    api = add(client)["id"]
    id = created(client, asking(api, "listBooks"))
    well(client.post(f"/api/workflows/{id}/publish"))
    first = carried(world)
    assert first["baseUrl"] == "https://eu.shelf.example/v2"
    assert [one["name"] for one in first["operation"]["fields"]] == ["page", "tag"]
    assert first["operation"]["fields"][1]["explode"]
    other = SHELF.replace("/books:", "/volumes:")
    well(client.put(f"{PATH}/{api}", json={"document": other}))
    assert carried(world) == first
    well(client.post(f"/api/workflows/{id}/publish"))
    assert carried(world)["operation"]["path"] == "/volumes"
    assert well(client.get(f"/api/workflows/{id}"))["document"]["nodes"][1]["params"]["operation"] == "listBooks"


def carried(world: World) -> Any:
    """Return what the machine that was made last carries."""
    definition = json.loads(list(world.machines.versions.values())[-1][-1])
    return _carried(definition)


def _carried(value: Any) -> Any:
    if isinstance(value, dict):
        if isinstance(value.get("operation"), dict) and "baseUrl" in value["operation"]:
            return value["operation"]
        return next((found for one in value.values() if (found := _carried(one))), None)
    return next((found for one in value if (found := _carried(one))), None) if isinstance(value, list) else None


def test_a_node_that_asks_for_what_is_not_there_is_told_before_it_runs(world: World) -> None:
    client = world.person()
    api = add(client)["id"]
    for document, code in (
        (asking("00000000-0000-4000-8000-000000000000", "listBooks"), "api_missing"),
        (asking("Shelf", "listBooks"), "api_missing"),
        (asking(api, "gone"), "api_operation_missing"),
    ):
        told = well(client.post("/api/workflows/validate", json=document))["diagnostics"]
        assert [(one["code"], one["severity"], one["nodeId"]) for one in told] == [(code, "error", "ask")]
        id = created(client, document)
        refused = client.post(f"/api/workflows/{id}/publish")
        assert is_problem(refused, 422, "workflow_invalid")
        assert [one["code"] for one in refused.json()["diagnostics"]] == [code]
    assert well(client.post("/api/workflows/validate", json=asking(api, "listBooks")))["diagnostics"] == []


def test_a_node_that_is_pinned_needs_no_api_until_it_is_published(world: World) -> None:
    client = world.person()
    document = asking("no-such", "listBooks")
    document["nodes"][1]["pinned"] = {"main": [{"json": {"id": 1}}]}
    id = created(client, document)
    well(client.post(f"/api/workflows/{id}/run", json={}), 202)
    assert is_problem(client.post(f"/api/workflows/{id}/publish"), 422, "workflow_invalid")


def test_what_is_no_document_is_left_to_the_compiler(world: World) -> None:
    client = world.person()
    for nodes in (True, 7, "api_operation", {"type": "api_operation"}, [None, "x", {"type": "api_operation"}]):
        assert client.post("/api/workflows/validate", json={"nodes": nodes}).status_code == 200


OPEN: dict[str, Any] = {"openapi": "3.0.3", "info": {"title": "T"}, "servers": [{"url": "https://t.example"}]}


def document(**paths: Any) -> str:
    return json.dumps({**OPEN, "paths": paths})


def bomb() -> str:
    """YAML that is small, and large where it is written out."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join([*lines, "openapi: 3.0.0", "paths: {/x: {get: {}}}"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1, column 2"),
        ("paths: [", "YAML is wrong at line"),
        ("just words", "no OpenAPI document"),
        ("[]", "no OpenAPI document"),
        ("!!python/object/apply:os.system ['true']", "YAML is wrong"),
        ("a: &a [*a]\nopenapi: 3.0.0", "nested more than"),
        (bomb(), "values"),
        ("[" * 3000, "deep"),
        ('{"a":' * 20000 + "1" + "}" * 20000, "deep"),
        ('{"paths": {}}', "does not say which version"),
        ('{"openapi": "4.0.0", "paths": {"/": {}}}', "'4.0.0'"),
        ('{"openapi": "3.0.0", "paths": {}}', "no `paths`"),
        (document(**{"/x": {"parameters": []}}), "No operation"),
        (document(**{"/x": {"get": {"parameters": [{"$ref": "#/nowhere"}]}}}), "'#/nowhere' leads to nothing"),
        (document(**{"/x": {"get": {"parameters": [{"$ref": "https://a.example/x.json#/p"}]}}}), "leads out"),
        (json.dumps({**OPEN, "a": {"$ref": "#/a"}, "paths": {"/x": {"$ref": "#/a"}}}), "in a circle"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_with_the_place(world: World, text: str, words: str) -> None:
    answer = world.person().post(PATH, json={"document": text})
    assert is_problem(answer, 422, "api_invalid")
    assert words in answer.json()["detail"]


def test_what_is_odd_is_left_out_and_told(world: World) -> None:
    client = world.person()
    odd = {
        "/a/{id}": {
            "get": {"operationId": "same", "parameters": [{"$ref": "#/gone"}]},
            "post": {"operationId": "same", "parameters": [{"name": "b", "in": "moon"}]},
            "delete": {"operationId": "same", "parameters": [{"name": "Accept", "in": "header"}]},
            "x-more": {},
        },
        "no-slash": {"get": {}},
        "x-internal": {},
    }
    made = add(client, document(**odd))
    assert [one["id"] for one in made["operations"]] == ["DELETE /a/{id}", "same"] or [
        one["id"] for one in made["operations"]
    ] == ["same", "DELETE /a/{id}"]
    assert len(made["problems"]) == 4
    path = choices(client, "values.name", api=made["id"], operation="DELETE /a/{id}")
    assert [(one["value"], one["required"]) for one in path] == [("id", True)]


@pytest.mark.parametrize(
    "url", ["ftp://x.example", "x.example", "https://u:p@x.example", "https://x.example?a=1", "/v1"]
)
def test_a_url_that_is_none_is_refused_at_its_field(world: World, url: str) -> None:
    answer = world.person().post(PATH, json={"document": SHELF, "baseUrl": url})
    assert is_problem(answer, 422, "invalid_request")
    assert [one["field"] for one in answer.json()["errors"]] == ["baseUrl"]


def test_a_document_without_a_whole_server_needs_a_url(world: World) -> None:
    client = world.person()
    text = json.dumps({"openapi": "3.0.0", "servers": [{"url": "/v1"}], "paths": {"/x": {"get": {}}}})
    assert is_problem(client.post(PATH, json={"document": text}), 422, "invalid_request")
    made = add(client, text, baseUrl="https://x.example/v1")
    assert (made["name"], made["baseUrl"], made["servers"]) == ("API", "https://x.example/v1", ["/v1"])


def test_a_schema_that_is_made_of_itself_ends(world: World) -> None:
    client = world.person()
    node_ = {
        "anyOf": [{"$ref": "#/components/schemas/N"}] * 9,
        "properties": {"v": {}, "n": {"$ref": "#/components/schemas/N"}},
    }
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/N"}}}}
    text = json.dumps(
        {**OPEN, "components": {"schemas": {"N": node_}}, "paths": {"/x": {"post": {"requestBody": body}}}}
    )
    id = add(client, text)["id"]
    assert {one["value"] for one in choices(client, "body.name", api=id, operation="POST /x")} == {"v", "n"}


def test_the_products_own_document_is_an_api(world: World) -> None:
    client = world.person()
    text = (ROOT / "docs" / "reference" / "openapi.json").read_text()
    made = add(client, text, baseUrl="https://stepweave.example")
    assert made["problems"] == []
    assert {"addApi", "listWorkflows"} <= {one["id"] for one in made["operations"]}


OTHERS: dict[str, tuple[str, dict[str, list[str]]]] = {
    # What importers elsewhere were reported to refuse, to leave out or to hang on: the document, and by operation
    # what it takes. langgenius/dify 20534, hahwul/gori 1166
    "parameters and bodies by reference": (
        """\
openapi: 3.0.3
servers: [{url: https://x.example}]
paths:
  /users/{id}:
    put:
      operationId: put
      parameters: [{$ref: '#/components/parameters/Id'}]
      requestBody: {$ref: '#/components/requestBodies/User'}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {type: string, enum: [a, b]}}}
  requestBodies: {User: {content: {application/json; charset=utf-8: {schema: {properties: {name: {}}}}}}}
""",
        {"put": ["path id", "body name"]},
    ),
    # hahwul/gori 1166, qoretechnologies/qore 2338, swagger-api/swagger-editor 857, pyopenapi/pyswagger 149
    "Swagger 2.0 with numbers for texts": (
        """\
swagger: 2.0
info: {version: 1.10, title: 7}
host: x.example
paths:
  /pets:
    post:
      operationId: add
      parameters:
        - {in: body, name: body, schema: {type: object, properties: {name: {type: string}}}}
        - {in: query, name: body, type: string}
      responses: {405: {description: no}}
""",
        {"add": ["query body", "body name"]},
    ),
    # PagerDuty/api-schema 129, OpenAPITools/openapi-generator 2631
    "the same parameter twice, and from elsewhere in the document": (
        """\
openapi: 3.0.2
servers: [{url: https://x.example/v1/}]
paths:
  /a:
    parameters: [{$ref: '#/x-defs/omit'}, {$ref: '#/x-defs/omit'}]
    get: {operationId: a, parameters: [{name: omit, in: query, schema: {type: integer}}]}
x-defs: {omit: {name: omit, in: query, schema: {type: string}}}
""",
        {"a": ["query omit"]},
    ),
    # postmanlabs/postman-app-support 7740, openapi-to-postman 128, hasura/graphql-engine 9817
    "an author has posts, and a post an author": (
        """\
openapi: 3.0.0
servers: [{url: https://x.example}]
paths:
  /posts:
    post:
      operationId: write
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Post'}}}}
components:
  schemas:
    Post: {allOf: [{$ref: '#/components/schemas/Author'}], properties: {author: {$ref: '#/components/schemas/Author'}}}
    Author: {allOf: [{$ref: '#/components/schemas/Post'}], properties: {posts: {type: array, items: {}}}}
""",
        {"write": ["body author", "body posts"]},
    ),
    # swagger-api/swagger-ui 8021, readmeio/rdme 779: YAML's dates
    "dates, and noes": (
        """\
openapi: 3.1.0
info: {title: no, version: 2015-04-22T10:03:19.323-07:00}
servers: [{url: https://x.example}]
paths:
  /x: {get: {operationId: on, parameters: [{name: d, in: query, schema: {type: string, default: 1999-12-31}}]}}
""",
        {"on": ["query d"]},
    ),
}


@pytest.mark.parametrize(("text", "takes"), OTHERS.values(), ids=OTHERS)
def test_what_other_importers_stumble_over(world: World, text: str, takes: dict[str, list[str]]) -> None:
    client = world.person()
    made = add(client, text)
    assert made["problems"] == []
    found = {}
    for operation in made["operations"]:
        params = {"api": made["id"], "operation": operation["id"]}
        call = well(client.post("/api/workflows/validate", json=asking(made["id"], operation["id"])))
        assert call["diagnostics"] == []
        values, body = (choices(client, f"{name}.name", **params) for name in ("values", "body"))
        places = {"/users/{id}": "path"}
        found[operation["id"]] = [f"{places.get(operation['path'], 'query')} {one['value']}" for one in values]
        found[operation["id"]] += [f"body {one['value']}" for one in body]
    assert found == takes
