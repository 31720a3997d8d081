"""Tokens: good ones say who, every bad one gets the same answer."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import threading
import time
from http.client import IncompleteRead
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from motcua_kernel.parties import Account, Grant, Publisher, Role
from motcua_kernel.registry import Registry
from motcua_kernel.units import Unit, UnitLevel
from motcua_platform.access.guard import Guard, Who, install_guard
from motcua_platform.access.key_sets import PATIENCE_SECONDS, REFRESH_SECONDS, KeySet
from motcua_platform.access.testing import settings_of
from motcua_platform.access.tokens import MAX_TOKEN, Tokens
from motcua_platform.domain_clock import real_now
from motcua_platform.problems import install_problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from motcua_kernel.registry import Entry

RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
STRANGER = rsa.generate_private_key(65537, 2048)
ISSUER, AUDIENCE = "https://id.example", "motcua"
ENTRIES: tuple[Entry, ...] = (
    Unit("666", "666", "Huyện", UnitLevel.DISTRICT),
    Publisher("district", "", ("666",), subjects=("s-publisher",)),
    Account("reader", (Grant(Role.READER, ("666",)),), subjects=("s-reader",)),
    Account("gone", (Grant(Role.READER, ("666",)),), subjects=("s-gone",), revoked=True),
)
REGISTRY = Registry().with_entries(enumerate(ENTRIES))
SETTINGS = settings_of(oidc_issuer=ISSUER, oidc_audience=AUDIENCE, oidc_jwks_path="unused")


def jwks(*names: str) -> bytes:
    keys = {
        "rsa": RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True) | {"alg": "RS256"},
        "ec": ECAlgorithm.to_jwk(EC.public_key(), as_dict=True) | {"alg": "ES256"},
    }
    return json.dumps(
        {"keys": [keys[name] | {"kid": name, "use": "sig"} for name in names]}
    ).encode()


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    given = {"iss": ISSUER, "aud": AUDIENCE, "sub": "s-reader", "iat": now, "exp": now + 300}
    return {name: value for name, value in (given | changes).items() if value is not None}


def token(
    told: dict[str, Any] | None = None, key: Any = RSA, alg: str = "RS256", kid: str | None = "rsa"
) -> str:
    return jwt.encode(told or claims(), key, alg, headers={"kid": kid} if kid else None)


def verifier(document: bytes | None = None) -> Tokens:
    return Tokens(KeySet(lambda: document or jwks("rsa", "ec")), SETTINGS)


@pytest.fixture
def client() -> AsyncClient:
    app = FastAPI()
    install_problems(app)
    install_guard(app, Guard(lambda: REGISTRY, lambda: True, real_now, SETTINGS, verifier()))

    @app.get("/units/{unit}")
    async def unit(who: Who, unit: str) -> str:
        who.must_read(unit)
        return who.principal.id

    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


def hs256_with_the_public_key() -> str:
    """The classic attack: the public key taken for a shared secret."""
    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts: list[dict[str, Any]] = [{"alg": "HS256", "kid": "rsa", "typ": "JWT"}, claims()]
    signing = b".".join(encoded(json.dumps(part).encode()) for part in parts)
    return (signing + b"." + encoded(hmac.digest(public, signing, "sha256"))).decode()


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def unsigned() -> str:
    return jwt.encode(claims(), "", "none", headers={"kid": "rsa"})


PAST, FUTURE = int(time.time()) - 3600, int(time.time()) + 3600
BAD = {
    "no signature": unsigned(),
    "HS256 with the public key": hs256_with_the_public_key(),
    "a stranger's key": token(key=STRANGER),
    "another issuer": token(claims(iss="https://evil.example")),
    "no issuer": token(claims(iss=None)),
    "another audience": token(claims(aud="other")),
    "no audience": token(claims(aud=None)),
    "expired": token(claims(exp=PAST)),
    "no expiry": token(claims(exp=None)),
    "not yet": token(claims(nbf=FUTURE)),
    "an unknown key id": token(kid="other"),
    "no key id": token(kid=None),
    "the wrong algorithm for the key": token(kid="ec"),
    "no subject": token(claims(sub=None)),
    "an unknown subject": token(claims(sub="stranger")),
    "a revoked account": token(claims(sub="s-gone")),
    "huge": token(claims(more="x" * MAX_TOKEN)),
    "garbage": "a.b.c",
    "a changed body": ".".join([*token().split(".")[:1], *token(claims(sub="x")).split(".")[1:]]),
    "nothing": "",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_every_bad_token_gets_the_same_401(client: AsyncClient, bad: str) -> None:
    headers = {"Authorization": f"Bearer {bad}"} if bad else {}
    answer = await client.get("/units/666", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:motcua:problem:unauthenticated"
    nothing = await client.get("/units/666")
    assert answer.json() == nothing.json()


@pytest.mark.parametrize(
    "make",
    [
        token,
        lambda: token(key=EC, alg="ES256", kid="ec"),
        lambda: token(claims(sub="s-publisher")),
        lambda: token(claims(aud=["x", AUDIENCE])),
        lambda: token(claims(exp=int(time.time()) - 5)),
    ],
    ids=["RSA", "EC", "a publisher's", "several audiences", "within the leeway"],
)
async def test_a_good_token_says_who_and_the_registry_what(
    client: AsyncClient, make: Callable[[], str]
) -> None:
    good = make()
    answer = await client.get("/units/666", headers={"Authorization": f"Bearer {good}"})
    assert answer.status_code == 200
    other = await client.get("/units/999", headers={"Authorization": f"Bearer {good}"})
    assert other.status_code == 403
    assert other.json() | {"units": ["999"], "role": "reader"} == other.json()


async def test_keys_are_read_again_for_an_unknown_id_but_not_for_each() -> None:
    now, reads = [0.0], 0

    def source() -> bytes:
        nonlocal reads
        reads += 1
        return jwks("rsa") if reads == 1 else jwks("rsa", "ec")

    keys = KeySet(source, lambda: now[0])
    assert await keys.key("rsa")
    assert await keys.key("ec") is None
    assert reads == 1
    now[0] += PATIENCE_SECONDS + 1
    assert await keys.key("ec")
    assert await keys.key("nothing") is None
    assert reads == 2


async def test_the_last_good_keys_stay_while_the_issuer_is_away() -> None:
    now, away = [0.0], False

    def source() -> bytes:
        if away:
            raise OSError
        return jwks("rsa")

    tokens = Tokens(KeySet(source, lambda: now[0]), SETTINGS)
    assert await tokens.subject(token()) == "s-reader"
    away, now[0] = True, 10_000.0
    assert await tokens.subject(token(claims(sub="s-publisher"))) == "s-publisher"


@pytest.mark.parametrize("answer", [IncompleteRead(b"{"), b"[]", b"null", b'{"keys": 5}', b"{"])
async def test_an_issuer_that_answers_nonsense_fails_no_request(
    answer: IncompleteRead | bytes,
) -> None:
    def read() -> bytes:
        if isinstance(answer, bytes):
            return answer
        raise answer

    assert await KeySet(read).key("rsa") is None


async def test_a_token_is_forgotten_when_it_expires_or_the_keys_change() -> None:
    document, real, passing = jwks("rsa"), time.time(), [0.0]
    keys = KeySet(lambda: document, lambda: passing[0])
    tokens = Tokens(keys, SETTINGS, lambda: real + passing[0])
    told = token()
    assert await tokens.subject(told) == "s-reader"
    document, passing[0] = jwks("ec"), 100.0
    assert await keys.key("ec")
    assert await tokens.subject(told) is None


async def test_a_token_of_a_withdrawn_key_ends_though_no_other_token_comes() -> None:
    document, real, passing = jwks("rsa"), time.time(), [0.0]
    keys = KeySet(lambda: document, lambda: passing[0])
    tokens = Tokens(keys, SETTINGS, lambda: real)
    told = token(claims(exp=int(real) + 86_400))
    assert await tokens.subject(told) == "s-reader"
    document, passing[0] = jwks("ec"), REFRESH_SECONDS
    assert await tokens.subject(told) == "s-reader"
    passing[0] += 1
    assert await tokens.subject(told) is None


async def test_a_slow_issuer_holds_up_one_request_and_not_the_others() -> None:
    answers, passing = threading.Event(), [0.0]
    answers.set()

    def source() -> bytes:
        answers.wait(10)
        return jwks("rsa")

    tokens = Tokens(KeySet(source, lambda: passing[0]), SETTINGS)
    told = token()
    assert await tokens.subject(told) == "s-reader"
    answers.clear()
    passing[0] = REFRESH_SECONDS + 1
    first = asyncio.ensure_future(tokens.subject(told))
    await asyncio.sleep(0)
    assert await tokens.subject(told) == "s-reader"
    assert not first.done()
    answers.set()
    assert await first == "s-reader"
