"""The test kit: good publishers pass, each bad habit is found by its own check."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from motcua_cli.conformance.exchanges import BUSY, DROPPED, Exchange, Sent, read_events
from motcua_cli.conformance.findings import Finding
from motcua_cli.conformance.judging import judge
from motcua_cli.conformance.recording import RETRY_SECONDS, recording
from motcua_cli.conformance.running import judge_publisher
from motcua_cli.main import app
from motcua_client import Client, Pace, Spool
from motcua_client.answers import Verdict
from motcua_client.testing import FakeIntake
from typer.testing import CliRunner


def sent(number: int, dossier: str = "d", **changes: Any) -> Sent:
    event = {
        "id": f"e-{number}",
        "subject": dossier,
        "time": f"2026-03-02T08:{number:02}:00+07:00",
        "source": "/x",
        "sequence": str(number),
    }
    (one,) = read_events(json.dumps(event | changes).encode())
    return one


def accepted(at: float, *events: Sent, **changes: Any) -> Exchange:
    verdicts = tuple(Verdict(one.id, "accepted") for one in events)
    one = Exchange(at, at + 0.5, events, verdicts=verdicts)
    return msgspec.structs.replace(one, **changes)


def busy(at: float, *events: Sent) -> Exchange:
    return Exchange(at, at + 0.5, events, 503, BUSY, 2.0)


def rejected(at: float, event: Sent, rule: str) -> Exchange:
    verdict = Verdict(event.id, "rejected", "/x", rule, "cái đúng")
    return Exchange(at, at + 0.5, (event,), 422, verdicts=(verdict,))


def failed(*exchanges: Exchange) -> list[str]:
    return [one.check for one in judge(exchanges) if one.verdict == "failed"]


def finding(check: str, *exchanges: Exchange) -> Finding:
    return next(one for one in judge(exchanges) if one.check == check)


def test_a_publisher_without_bad_habits_passes_every_check() -> None:
    first, second = sent(1), sent(2)
    lost = accepted(4, first, second, fate=DROPPED)
    story = (busy(0, first, second), lost, accepted(5, first, second), accepted(6, sent(3)))
    assert failed(*story) == []
    assert finding("retry-429", *story).verdict == "skipped"


HABITS: dict[str, tuple[str, tuple[Exchange, ...]]] = {
    "gives up after 503": ("retry-503", (busy(0, sent(1)), accepted(5, sent(2)))),
    "does not wait": ("retry-503", (busy(0, sent(1)), accepted(0.6, sent(1)))),
    "gives up after a lost answer": (
        "retry-dropped",
        (accepted(0, sent(1), fate=DROPPED), accepted(5, sent(2))),
    ),
    "a new id at each attempt": (
        "retry-dropped",
        (accepted(0, sent(1), fate=DROPPED), accepted(5, sent(1, id="other"))),
    ),
    "another content at each attempt": (
        "conflict",
        (accepted(0, sent(1)), accepted(5, sent(1, time="2026-03-02T09:00:00+07:00"))),
    ),
    "newest first": ("order", (accepted(0, sent(2)), accepted(5, sent(1)))),
    "two requests of one dossier at once": (
        "one-at-a-time",
        (accepted(0, sent(1)), accepted(0.1, sent(2))),
    ),
    "sends what is rejected again": (
        "rejected-once",
        (rejected(0, sent(1), "unit"), rejected(5, sent(1), "unit")),
    ),
    "an id of other letters": ("ids", (rejected(0, sent(1), "id"),)),
    "a clock without offset": ("clock", (rejected(0, sent(1), "time"),)),
    "a name in an event": ("person", (rejected(0, sent(1), "unknown-field"),)),
    "a stranger's unit": ("authority", (rejected(0, sent(1), "authority"),)),
    "another fault": ("rejections", (rejected(0, sent(1), "dossier-code"),)),
}


@pytest.mark.parametrize("habit", HABITS)
def test_each_bad_habit_is_found_by_its_check(habit: str) -> None:
    check, exchanges = HABITS[habit]
    assert check in failed(*exchanges)


def test_a_rejected_event_is_named_with_field_rule_and_what_would_be_right() -> None:
    story = rejected(0, sent(1), "unit")
    assert finding("authority", story).details == ("e-1 /x [unit]: cái đúng",)


def test_nothing_seen_is_not_a_pass() -> None:
    assert [one.verdict for one in judge([])] == ["failed"]


def test_equal_values_are_equal_contents_whatever_the_spelling() -> None:
    one = read_events(b'{"id": "a", "subject": "b"}')
    assert read_events(b'[{"subject":"b","id":"a"}]') == one
    assert read_events(b"\xff") == ()


def events(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"e-{number}",
            "subject": f"d-{number % 3}",
            "time": f"2026-03-02T08:{number:02}:00+07:00",
            "source": "/x",
            "sequence": str(number),
        }
        for number in range(count)
    ]


@pytest.fixture
def intake() -> FakeIntake:
    return FakeIntake()


@pytest.fixture
def sandbox(intake: FakeIntake) -> httpx.Client:
    return httpx.Client(transport=intake.transport(), base_url="http://sandbox")


def test_our_own_client_passes_through_every_fault(
    sandbox: httpx.Client, intake: FakeIntake, tmp_path: Path
) -> None:
    with recording(sandbox, 0) as (door, url), Spool(tmp_path) as spool:
        spool.put(events(30))
        pace = Pace(first=0.01, patience=30)
        with Client(url, "key", spool, batch_events=10, pace=pace) as client:
            client.drain()
        found = judge(door.exchanges)
    assert [(one.check, one.details) for one in found if one.verdict != "passed"] == []
    assert len(intake.journal) == 30
    assert all(one.ended >= one.started for one in door.exchanges)


def test_a_publisher_at_work_is_judged_once_it_has_fallen_silent(
    sandbox: httpx.Client, tmp_path: Path
) -> None:
    def publish(url: str) -> None:
        pace = Pace(first=0.01, patience=30)
        with Spool(tmp_path) as spool, Client(url, "key", spool, pace=pace) as client:
            client.publish_batch(events(5))

    def listening(url: str) -> None:
        threading.Thread(target=publish, args=(url,), daemon=True).start()

    found = judge_publisher(sandbox, 0, 3.0, 60.0, listening)
    assert {one.verdict for one in found} == {"passed"}


def test_a_publisher_that_never_comes_is_waited_for_no_longer_than_said(
    sandbox: httpx.Client,
) -> None:
    (found,) = judge_publisher(sandbox, 0, 3.0, 0.1, lambda _: None)
    assert (found.check, found.verdict) == ("events", "failed")


def test_a_body_that_comes_in_chunks_or_packed_is_read(sandbox: httpx.Client) -> None:
    body = json.dumps(events(2)).encode()
    with recording(sandbox, 0) as (door, url), httpx.Client(trust_env=False) as http:
        http.post(f"{url}/v1/events", content=iter([body[:9], body[9:]]))
        packed = {"Content-Encoding": "gzip"}
        with pytest.raises(httpx.TransportError):
            http.post(f"{url}/v1/events", content=gzip.compress(body), headers=packed)
        seen = [[event.id for event in one.events] for one in door.exchanges]
    assert seen == [["e-0", "e-1"], ["e-0", "e-1"]]


def test_a_publisher_that_tries_once_fails(sandbox: httpx.Client) -> None:
    with recording(sandbox, 0) as (door, url):
        answers: list[int] = []
        for event in events(4):
            try:
                answers.append(
                    httpx.post(f"{url}/v1/events", json=event, trust_env=False).status_code
                )
            except httpx.TransportError:
                answers.append(0)
        found = {one.check: one for one in judge(door.exchanges)}
    assert answers == [503, 0, 429, 202]
    assert {name for name, one in found.items() if one.verdict == "failed"} >= {
        "settled",
        "retry-503",
        "retry-dropped",
        "retry-429",
    }
    assert "e-0" in found["settled"].details[0]
    assert RETRY_SECONDS > 0


@contextmanager
def served(intake: FakeIntake) -> Generator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = intake.answer(httpx.Request("POST", "http://x/v1/events", content=body))
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["conformance", *arguments])


def test_the_command_judges_a_file_and_ends_by_its_result(
    intake: FakeIntake, tmp_path: Path
) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join(json.dumps(one) for one in events(5)), "utf-8")
    with served(intake) as url:
        good = run(url, "--no-door", "--events", str(file))
        backwards = "\n".join(json.dumps(one | {"id": f"x{one['id']}"}) for one in events(5)[::-1])
        file.write_text(backwards, "utf-8")
        bad = run(url, "--no-door", "--events", str(file))
    assert good.exit_code == 0, good.output
    assert "ĐẠT · pass" in good.output
    assert bad.exit_code == 1
    assert "KHÔNG ĐẠT · FAIL" in bad.output
    assert "Sự kiện của một hồ sơ theo thứ tự xảy ra" in bad.output


def test_the_command_says_when_no_sandbox_answers() -> None:
    result = run("http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "http://127.0.0.1:1" in result.stderr
