"""Files shared by links: who has one gets the file, as a download, until it is over."""

from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from fastapi.testclient import TestClient

from stepweave_data.store.files import Files
from tests.api.conftest import World
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

FILE = {"size": 3, "sha256": "ab", "mimeType": "text/html"}


class Kept:
    """The files of a new tenant."""

    def __init__(self, world: World, databases: Databases) -> None:
        person = world.person()
        self.tenant = person.get("/api/me").json()["tenant"]["id"]
        [self._project] = (one["id"] for one in person.get("/api/projects").json()["items"])
        self._url = databases.app

    def does(self, name: str, *given: object) -> object:
        """Do something with its files, in a transaction of its own."""
        with psycopg.connect(self._url) as connection:
            connection.execute("SELECT set_config('app.tenant_id', %s, true)", (self.tenant,))
            return getattr(Files(connection, self.tenant, self._project), name)(*given)

    def link(self, path: str, seconds: int = 3600) -> str:
        """Share what is under a path, and return the link's path."""
        found = self.does("share", path, seconds)
        assert isinstance(found, dict)
        return f"/api/shared/{found['token']}/any.html"


@pytest.fixture
def kept(world: World, databases: Databases) -> Kept:
    made = Kept(world, databases)
    made.does("put", "reports/jän 1.html", {**FILE, "key": f"{made.tenant}/one"})
    return made


@pytest.fixture
def stranger(world: World) -> TestClient:
    client = world.anonymous()
    client.follow_redirects = False
    return client


def test_a_link_leads_to_the_file_that_is_there_now(kept: Kept, stranger: TestClient) -> None:
    link = kept.link("reports/jän 1.html")
    answer = stranger.get(link)
    assert (answer.status_code, answer.content) == (302, b"")
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    target = urlsplit(answer.headers["location"])
    assert target.path == f"/{kept.tenant}/one"
    assert parse_qs(target.query) == {"name": ["jän 1.html"], "type": ["text/html"], "seconds": ["60"]}
    kept.does("put", "reports/jän 1.html", {**FILE, "key": f"{kept.tenant}/two"})
    assert urlsplit(stranger.get(link).headers["location"]).path == f"/{kept.tenant}/two"


def test_a_link_ends_with_its_time_its_file_or_when_somebody_ends_it(kept: Kept, stranger: TestClient) -> None:
    path = "reports/jän 1.html"
    over, ended, other = kept.link(path, 0), kept.link(path), f"/api/shared/{'x' * 32}/a"
    assert kept.does("unshare", path) == 2
    gone = kept.link(path)
    assert kept.does("delete", path)
    kept.does("put", path, {**FILE, "key": f"{kept.tenant}/three"})  # another file in its place is not what was shared
    for link in (over, ended, gone, other):
        assert is_problem(stranger.get(link), 404, "not_found")
    for link in ("/api/shared/short/a", f"/api/shared/{'%00' * 32}/a"):
        assert stranger.get(link).status_code in (404, 422)
