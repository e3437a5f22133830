"""Vulnerabilities that were published of products like this one, tried here (docs/security/published-cves.md)."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import PASSWORD, World
from tests.api.test_examples import node, well
from tests.api.test_routes import is_problem


def with_code(language: str, code: str) -> dict[str, Any]:
    """Return a workflow with a code node."""
    start, end = node("start", "manual_trigger", "Start"), node("code", language, "Code", code=code)
    edges = [{"id": "e", "source": "start", "target": "code"}]
    return {"schema": 1, "name": "W", "nodes": [start, end], "edges": edges}


def test_cve_2025_3248_and_cve_2026_33017_code_is_not_run_to_check_or_build_it(world: World, tmp_path: Path) -> None:
    """Langflow ran decorators and defaults of code that was sent to be checked, without asking who sent it."""
    mark = tmp_path / "ran"
    code = f"@exec(\"open('{mark}', 'w')\")\ndef f(x=open('{mark}', 'w')):\n    pass\n"
    for path in ("/api/workflows/validate", "/api/workflows", "/api/expressions/preview"):
        assert is_problem(world.anonymous().post(path, json=with_code("python", code)), 401, "not_logged_in")
    client = world.person()
    for language in ("python", "javascript"):
        client.post("/api/workflows/validate", json=with_code(language, code))
        client.post("/api/workflows", json=with_code(language, code))
    assert not mark.exists()


ESCAPES = (
    '{{ this.constructor.constructor("return process")() }}',
    '{{ (function(){ return this.process.mainModule.require("child_process").execSync("id") })() }}',
    "{{ ({})[`constructor`][`constructor`](`return process.env`)() }}",
    '{{ [].map.constructor("return globalThis.process")().env }}',
    '{{ new (Object.getPrototypeOf(async function(){}).constructor)("return process")() }}',
)
"""Of CVE-2025-68613, of the way around its first mend (GHSA-v98v-ff95-f3cp) and of CVE-2026-25049, all of n8n."""


@pytest.mark.parametrize("text", ESCAPES)
def test_cve_2025_68613_and_cve_2026_25049_expressions_have_nothing_to_reach(text: str, world: World) -> None:
    answer = world.person().post("/api/expressions/preview", json={"text": text, "input": []})
    assert answer.status_code in (200, 422), answer.text
    told = answer.text
    for reached in ("uid=", "mainModule", "STEPWEAVE_", "/usr/bin", "DATABASE_URL"):
        assert reached not in told.replace(text, ""), told


def test_cve_2025_34291_no_other_site_gets_a_token_by_the_cookie(world: World) -> None:
    """Langflow let every origin send its cookie to the refresh of a session, and read the answer."""
    client = world.person()
    answer = client.post("/api/auth/refresh", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert "accessToken" not in answer.text
    again = well(client.post("/api/auth/login", json=login(client)))
    assert again["accessToken"]
    [cookie] = [one for one in client.cookies.jar if one.name == "stepweave_refresh"]
    assert (cookie.get_nonstandard_attr("SameSite") or "").lower() == "strict"
    assert cookie.has_nonstandard_attr("HttpOnly")


def login(client: Any) -> dict[str, str]:
    return {"email": well(client.get("/api/me"))["user"]["email"], "password": PASSWORD}
