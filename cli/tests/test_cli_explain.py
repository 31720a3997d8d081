"""`motcua explain` against a stub of processing's answers."""

from __future__ import annotations

import httpx
import pytest
from motcua_cli.main import app
from typer.testing import CliRunner, Result

CODE = "000.00.31.H16-200106-0001"
PAGE = f"Hồ sơ {CODE}\n02/03/2026  Tính  480/480\n"


class Stub:
    """Answers with a page, and remembers what was asked."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        if self.status == 200:
            return httpx.Response(200, text=PAGE)
        return httpx.Response(self.status, json={"title": "No such thing"})


def use(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_stub(*, base_url: str, timeout: float) -> httpx.Client:
        transport = httpx.MockTransport(stub)
        return real(transport=transport, base_url=base_url, timeout=timeout)

    real = httpx.Client
    monkeypatch.setattr(httpx, "Client", with_stub)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["explain", *words])


def test_the_page_is_printed_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    stub = Stub()
    use(stub, monkeypatch)
    done = run(CODE, "--lang", "en", "--at", "2020-10-30T17:00:00+07:00")
    assert done.exit_code == 0, done.output
    assert done.output == PAGE
    (url,) = stub.asked
    assert url.path == f"/v1/dossiers/{CODE}/explain"
    assert dict(url.params) == {
        "lang": "en",
        "format": "text",
        "at": "2020-10-30T17:00:00+07:00",
    }


@pytest.mark.parametrize(
    ("status", "sentence"), [(404, "There is no dossier"), (422, "No such thing")]
)
def test_a_refusal_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, status: int, sentence: str
) -> None:
    use(Stub(status), monkeypatch)
    done = run(CODE)
    assert done.exit_code == 1
    assert sentence in done.output
    assert "Traceback" not in done.output


def test_a_service_that_is_away_is_one_sentence() -> None:
    done = run(CODE, "--url", "http://127.0.0.1:1")
    assert done.exit_code == 1
    assert "does not answer" in done.output
