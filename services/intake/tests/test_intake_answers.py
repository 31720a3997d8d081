"""Intake answers as its OpenAPI document says, whatever is asked and however one is known to it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from documented_answers import ask
from door_requests import FromManyAddresses, describe_bodies, named_things_exist
from fastapi import FastAPI, Response
from jwt.algorithms import ECAlgorithm
from motcua_intake.adapters.processing import Processing
from motcua_intake.bootstrap import build_app
from motcua_intake.settings import IntakeSettings
from motcua_intake.testing import KEY, FakeEventLog, FakeRegistrySource, fake_world, small_registry
from motcua_kernel.parties import Publisher
from motcua_platform.settings import read_settings

if TYPE_CHECKING:
    from documented_answers import Asked

ISSUER: Final = "https://id.example"
BEYOND: Final = frozenset(
    {
        # What codes, times and words stand for, the registry and the calendar know.
        *("procedure", "unit", "department", "authority", "future", "past", "time", "sequence"),
        *("id", "source", "code", "personal-number", "mark", "dossier-code", "conflict"),
        *("unit-word", "status-word", "date", "default-date", "order"),
        # A status that needs a date, or a department, which other messages do without.
        *("required",),
        # Bytes that are no table, though they are the bytes that the document asks for.
        *("table", "headers", "mapping"),
    }
)
SIGNING: Final = ec.generate_private_key(ec.SECP256R1())


def _follows(request: httpx.Request) -> httpx.Response:
    """Processing, to which every other event is known."""
    if crc32(request.url.raw_path) % 2:
        told = {"publisher": "dak-rlap", "id": "e-1", "status": "applied"}
        return httpx.Response(200, json=told)
    problem = {"type": "urn:motcua:problem:unknown-event", "title": "-", "status": 404}
    headers = {"Content-Type": "application/problem+json"}
    return httpx.Response(404, content=json.dumps(problem), headers=headers)


def door(**settings: str) -> FastAPI:
    """Intake on a log in memory, for the publisher's key and its tokens."""
    registry = small_registry()
    known = registry.publishers["dak-rlap"]
    speaking = Publisher(known.id, known.name, known.units, known.key_sha256, subjects=("s",))
    world = fake_world(
        FakeEventLog(),
        FakeRegistrySource(registry.with_entries([(99, speaking)])),
        Processing("http://processing", httpx.MockTransport(_follows)),
    )
    given = {"MOTCUA_KAFKA_BOOTSTRAP": "localhost:1", **settings}
    return build_app(read_settings(IntakeSettings, given), world)


def token_of(folder: Path) -> tuple[dict[str, str], str]:
    """The settings of an issuer, and a token that speaks as the publisher."""
    key: dict[str, Any] = ECAlgorithm.to_jwk(SIGNING.public_key(), as_dict=True)
    path = folder / "jwks.json"
    path.write_text(json.dumps({"keys": [key | {"kid": "k", "alg": "ES256", "use": "sig"}]}))
    settings = {"MOTCUA_OIDC_ISSUER": ISSUER, "MOTCUA_OIDC_JWKS_PATH": str(path)}
    claims = {"iss": ISSUER, "aud": "motcua", "sub": "s", "exp": int(time.time()) + 3_600}
    return settings, jwt.encode(claims, SIGNING, "ES256", headers={"kid": "k"})


def check(app: FastAPI, asked: Asked) -> None:
    told = "\n".join(f"{fault}\n    {sample}" for fault, sample in asked.faults.items())
    assert not asked.faults, told
    operations = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    assert set(asked.statuses) == operations
    assert not asked.lacking(lambda status: 200 <= status < 300), asked.statuses
    guarded = {label for label in operations if "/v1/" in label}
    assert not guarded & asked.lacking(lambda status: status == 401), asked.statuses


def test_with_a_key_every_request_gets_an_answer_of_the_document() -> None:
    describe_bodies()
    app = door()
    headers = {"Authorization": f"Bearer {KEY}"}
    check(
        app,
        ask(FromManyAddresses(app), headers, beyond=BEYOND, changed=named_things_exist),
    )


def test_with_a_token_every_request_gets_an_answer_of_the_document(tmp_path: Path) -> None:
    describe_bodies()
    settings, token = token_of(tmp_path)
    app = door(**settings)
    headers = {"Authorization": f"Bearer {token}"}
    asked = ask(
        FromManyAddresses(app),
        headers,
        beyond=BEYOND,
        changed=named_things_exist,
        is_whole=False,
    )
    check(app, asked)


@pytest.mark.parametrize(
    ("answer", "check_name"),
    [
        (Response(status_code=500), "not_a_server_error"),
        (Response(status_code=418), "status_code_conformance"),
        (Response(b"{}", 200, media_type="text/html"), "content_type_conformance"),
        (Response(b'"x"', 200, media_type="application/json"), "response_schema_conformance"),
    ],
)
def test_an_answer_that_is_not_in_the_document_is_found(answer: Response, check_name: str) -> None:
    app = FastAPI()

    @app.get("/", response_model=dict[str, str])
    async def other_than_told() -> Response:
        return answer

    _ = other_than_told
    faults = ask(app, {}, beyond=()).faults
    assert any(f": {check_name}: " in fault for fault in faults), faults
