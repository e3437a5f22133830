"""The REST side: a session that logs in, keeps its access token fresh, and raises problems as `ApiError`."""

from types import TracebackType
from typing import Any

import httpx


class ApiError(Exception):
    """The API refused. `str()` is what a person reads; `status` and `problem` are what it answered (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        fields = "".join(
            f"\n  {entry.get('field', '')}: {entry.get('message', '')}" for entry in problem.get("errors", [])
        )
        super().__init__(f"{problem.get('title', 'error')} ({status}): {problem.get('detail', '')}{fields}")

    @property
    def code(self) -> str | None:
        """The problem's stable code."""
        return self.problem.get("code")


class Unreachable(Exception):
    """Nothing answers at the URL. `str()` says what to do."""


class Client:
    """A logged-in user's session, or what an API key may do. Use as an asynchronous context manager."""

    def __init__(self, url: str, api_key: str = "") -> None:
        self.url = url.rstrip("/")
        self._http = httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False)
        self._key = api_key
        self._token: str | None = api_key or None

    @property
    def has_key(self) -> bool:
        """Whether it asks by an API key."""
        return bool(self._key)

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def login(self, email: str, password: str) -> dict[str, Any]:
        """Log in and return the session's user and tenant. Raises ApiError, Unreachable."""
        return self._keep(await self.request("POST", "/api/auth/login", json={"email": email, "password": password}))

    async def get(self, path: str, **query: Any) -> Any:
        """GET `/api<path>` and return its JSON."""
        return await self.request("GET", f"/api{path}", params=query or None)

    async def post(self, path: str, json: Any = None) -> Any:
        """POST `json` to `/api<path>` and return the answer's JSON."""
        return await self.request("POST", f"/api{path}", json=json)

    async def put(self, path: str, json: Any) -> Any:
        """PUT `json` to `/api<path>` and return the answer's JSON."""
        return await self.request("PUT", f"/api{path}", json=json)

    async def request(self, method: str, path: str, **options: Any) -> Any:
        """Send one request; an expired token is renewed once. Raises ApiError, Unreachable."""
        answer = await self._send(method, path, options)
        renewable = self._token and not self._key and "/auth/" not in path
        if answer.status_code == httpx.codes.UNAUTHORIZED and renewable:
            self._keep(self._read(await self._send("POST", "/api/auth/refresh", {})))
            answer = await self._send(method, path, options)
        return self._read(answer)

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request without a token, and return whatever comes (a webhook's answer, say).

        Who looks at what a workflow serves is sent to the address where that is served, and goes there.
        """
        try:
            answer = await self._http.request(method, path, **options)
            if answer.status_code == httpx.codes.PERMANENT_REDIRECT and answer.headers["location"].endswith(path):
                answer = await self._http.request(method, answer.headers["location"], **options)
            return answer
        except httpx.TransportError as error:
            raise Unreachable(self._unreachable(error)) from error

    async def _send(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            return await self._http.request(method, path, headers=headers, **options)
        except httpx.TransportError as error:
            raise Unreachable(self._unreachable(error)) from error

    def _keep(self, session: Any) -> dict[str, Any]:
        self._token = session["accessToken"]
        kept: dict[str, Any] = session
        return kept

    def _unreachable(self, error: Exception) -> str:
        return (
            f"Stepweave does not answer at {self.url} ({type(error).__name__}). Start it with `make up`, or give --url."
        )

    @staticmethod
    def _read(answer: httpx.Response) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else None
        try:
            problem = answer.json()
        except ValueError:
            problem = {"title": answer.reason_phrase, "detail": answer.text[:300]}
        raise ApiError(answer.status_code, problem)
