"""Questions to processing's HTTP API; a service that is starting again is waited for."""

import os
import time
from collections.abc import Mapping
from typing import Any, Final

import httpx
import msgspec

from motcua_cli.errors import CommandError

KEY_VARIABLE: Final = "MOTCUA_KEY"
_PATIENCE_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.25
_AWAY: Final = 503


def client_of(url: str, seconds: float) -> httpx.Client:
    """A client with a limit of seconds a request; no proxy stands before this machine itself.

    The key of an account comes from the environment, never from an argument that others can see.
    """
    beyond = httpx.URL(url).host not in {"127.0.0.1", "localhost", "::1"}
    key = os.environ.get(KEY_VARIABLE, "")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(timeout=seconds, trust_env=beyond, headers=headers)


class Progress(msgspec.Struct, frozen=True):
    """Records that processing has not applied, and states that it has not published."""

    lag: int
    unpublished: int


class ProcessingApi:
    """Asks processing, for at most half a minute a question."""

    def __init__(self, http: httpx.Client, url: str) -> None:
        """Use `http` for the API at `url`."""
        self._http = http
        self.url = url

    def get(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        """The answer's body.

        Raises:
            CommandError: there is none in time, or it is a refusal.
        """
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: bytes) -> bytes:
        """The answer's body to a JSON body.

        Raises:
            CommandError: as for `get`.
        """
        return self._ask("POST", path, content=body, headers={"Content-Type": "application/json"})

    def progress(self) -> Progress:
        """How far processing is."""
        return msgspec.json.decode(self.get("/v1/progress"), type=Progress)

    def _ask(self, method: str, path: str, **request: Any) -> bytes:
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while True:
            answer = self._attempt(method, path, request)
            if isinstance(answer, bytes):
                return answer
            if time.monotonic() > give_up:
                raise CommandError(
                    f"{self.url}{path} không trả lời ({answer}).",
                    f"{self.url}{path} does not answer ({answer}).",
                )
            time.sleep(_POLL_SECONDS)

    def _attempt(self, method: str, path: str, request: dict[str, Any]) -> bytes | str:
        """The answer's body, or why there is none yet."""
        try:
            response = self._http.request(method, f"{self.url}{path}", **request)
        except httpx.TransportError as error:
            return type(error).__name__
        if response.status_code == _AWAY:
            return f"HTTP {_AWAY}"
        if not response.is_success:
            told = response.text if response.is_client_error else ""
            raise CommandError(
                f"{self.url}{path} trả lời HTTP {response.status_code}.",
                f"{self.url}{path} answered HTTP {response.status_code}. {told}".rstrip(),
            )
        return response.content
