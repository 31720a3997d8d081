"""Waiting until services answer that they are ready, and saying why one does not get there."""

import time
from collections.abc import Mapping
from typing import Final

import httpx

from motcua_cli.errors import CommandError
from motcua_cli.stack import Supervisor

READY_SECONDS: Final = 90.0
_POLL_SECONDS: Final = 0.1
_RESTARTS_THAT_TELL: Final = 3


def wait_ready(
    questions: Mapping[str, str],
    supervisor: Supervisor,
    seconds: float = READY_SECONDS,
) -> None:
    """Poll each service until it is ready; `questions` names the URL that tells.

    Raises:
        CommandError: a service ended again and again, or `seconds` have passed.
    """
    give_up = time.monotonic() + seconds
    with httpx.Client(timeout=2.0, trust_env=False) as http:
        for service, question in questions.items():
            while not _is_ready(http, question):
                fails = supervisor.restarts(service) >= _RESTARTS_THAT_TELL
                if fails or time.monotonic() > give_up:
                    log = supervisor.log_of(service)
                    raise CommandError(
                        f"Dịch vụ {service} chưa sẵn sàng; xem {log}.",
                        f"The service {service} did not become ready; see {log}.",
                    )
                time.sleep(_POLL_SECONDS)


def _is_ready(http: httpx.Client, url: str) -> bool:
    try:
        return http.get(url).is_success
    except httpx.TransportError:
        return False
