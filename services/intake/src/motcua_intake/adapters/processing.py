"""Processing's answer about an event, passed on as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import httpx

from motcua_intake.domain.errors import ProcessingAway

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS: Final = 5.0
_PASSED_ON: Final = ("authorization", "x-api-key", "accept-language")
_ANSWERS: Final = frozenset({200, 401, 403, 404, 429, 503})
"""What processing says of an event; anything else is no answer to the question."""


class Processing:
    """Asks processing with the credentials of whoever asks us: it judges them itself."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """`transport` is for tests."""
        self._http = httpx.AsyncClient(
            base_url=url, timeout=_SECONDS, trust_env=False, transport=transport
        )

    async def verdict(
        self, publisher: str, event_id: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        """What became of an event.

        Raises:
            ProcessingAway: it does not answer, or not what was asked.
        """
        kept = {name: headers[name] for name in _PASSED_ON if name in headers}
        path = f"/v1/events/{_segment(publisher)}/{_segment(event_id)}"
        try:
            found = await self._http.get(path, headers=kept)
        except httpx.TransportError as error:
            raise ProcessingAway from error
        if found.status_code not in _ANSWERS:
            raise ProcessingAway
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _segment(text: str) -> str:
    """A text as one segment of a path, which no dots in it lead out of.

    >>> _segment("../a b")
    '%2E%2E%2Fa%20b'
    """
    return quote(text, safe="").replace(".", "%2E")
