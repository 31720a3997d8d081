"""The three ways to check: the door itself, a file of events, a publisher at work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import httpx

from motcua_cli.conformance.exchanges import Exchange, read_events, read_verdicts
from motcua_cli.conformance.findings import Finding
from motcua_cli.conformance.judging import judge
from motcua_cli.conformance.recording import RecordingDoor, recording
from motcua_cli.errors import CommandError

_BATCH: Final = 200
_POLL_SECONDS: Final = 0.2
_HEADERS: Final = {"Content-Type": "application/cloudevents-batch+json"}


def judge_file(http: httpx.Client, file: Path) -> list[Finding]:
    """Send the events of a file, one a line, to the sandbox in their order, and judge them.

    What only a publisher at work can show (retries) is skipped.
    """
    return judge(list(_sent(http, file)))


def _sent(http: httpx.Client, file: Path) -> Iterator[Exchange]:
    with file.open("rb") as content:
        lines = (line.strip() for line in content if line.strip())
        while batch := list(islice(lines, _BATCH)):
            body = b"[" + b",".join(batch) + b"]"
            events = read_events(body)
            if not events:
                raise CommandError(
                    f"{file}: có dòng không phải là một sự kiện JSON.",
                    f"{file}: a line is no JSON event.",
                )
            started = time.monotonic()
            answer = http.post("/v1/events", content=body, headers=_HEADERS)
            verdicts = read_verdicts(answer.status_code, answer.content, events)
            if not verdicts:
                raise CommandError(
                    f"Môi trường thử không trả lời cho lô sự kiện (HTTP {answer.status_code}).",
                    f"The sandbox gave no verdicts (HTTP {answer.status_code}).",
                )
            ended = time.monotonic()
            yield Exchange(started, ended, events, answer.status_code, verdicts=verdicts)


def judge_publisher(
    sandbox: httpx.Client,
    port: int,
    quiet_seconds: float,
    longest_seconds: float,
    listening: Callable[[str], None],
) -> list[Finding]:
    """Stand in front of the sandbox until the publisher has fallen silent, then judge it.

    `listening` is told the URL that the publisher is to use instead of the sandbox's.
    """
    with recording(sandbox, port) as (door, url):
        listening(url)
        _until_silent(door, quiet_seconds, longest_seconds)
        return judge(door.exchanges)


def _until_silent(door: RecordingDoor, quiet_seconds: float, longest_seconds: float) -> None:
    give_up = time.monotonic() + longest_seconds
    while time.monotonic() < give_up:
        if door.exchanges and door.idle_seconds > quiet_seconds:
            return
        time.sleep(_POLL_SECONDS)
