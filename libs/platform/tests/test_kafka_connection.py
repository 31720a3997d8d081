"""How Kafka is reached: what is refused, and what each client library is told."""

from __future__ import annotations

import pickle
import ssl
from typing import TYPE_CHECKING

import pytest
import trustme
from aiokafka import AIOKafkaConsumer
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from faststream.security import BaseSecurity, SASLScram256, SASLScram512
from motcua_platform.errors import Misconfigured
from motcua_platform.kafka_connection import KafkaConnection, Mechanism, Scram, Tls
from motcua_platform.kafka_words import aiokafka_words, faststream_words, kafka_python_words
from motcua_platform.settings import ServiceSettings, read_kafka, read_settings

if TYPE_CHECKING:
    from pathlib import Path

HERE = "127.0.0.1:9092"
THERE = "kafka-0.example:9093,kafka-1.example:9093"
PASSWORD = "not to be seen"  # noqa: S105 - of nobody


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, a certificate with its key, and another's key."""
    folder = tmp_path_factory.mktemp("pem")
    authority = trustme.CA()
    one, other = authority.issue_cert("intake"), authority.issue_cert("metrics")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    one.cert_chain_pems[0].write_to_path(str(folder / "one.pem"))
    one.private_key_pem.write_to_path(str(folder / "one.key"))
    other.private_key_pem.write_to_path(str(folder / "other.key"))
    locked = load_pem_private_key(one.private_key_pem.bytes(), None).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSWORD.encode())
    )
    (folder / "locked.key").write_bytes(locked)
    (folder / "nothing.pem").write_text("nothing\n", "utf-8")
    return folder


def read(bootstrap: str = HERE, **settings: str) -> KafkaConnection:
    return read_kafka(bootstrap, {f"MOTCUA_{name}": value for name, value in settings.items()})


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"KAFKA_SECURITY": "sasl_tls"}, "kafka_username and kafka_password: both"),
        (
            {"KAFKA_SECURITY": "sasl_tls", "KAFKA_USERNAME": "intake"},
            "kafka_username and kafka_password: both",
        ),
        ({"KAFKA_USERNAME": "intake"}, "kafka_username: only with kafka_security=sasl_tls"),
        (
            {"KAFKA_SECURITY": "tls", "KAFKA_PASSWORD": PASSWORD},
            "kafka_password: only with kafka_security=sasl_tls",
        ),
        ({"KAFKA_SASL_MECHANISM": "SCRAM-SHA-256"}, "kafka_sasl_mechanism: only with"),
        ({"KAFKA_TLS_CA": "ca.pem"}, "kafka_tls_ca: only with kafka_security=tls or sasl_tls"),
        (
            {"KAFKA_SECURITY": "tls", "KAFKA_TLS_CERTIFICATE": "one.pem"},
            "kafka_tls_certificate and kafka_tls_key: both, or none",
        ),
        (
            {"KAFKA_SECURITY": "tls", "KAFKA_TLS_KEY": "one.key"},
            "kafka_tls_certificate and kafka_tls_key: both, or none",
        ),
        ({"KAFKA_SECURITY": "sasl"}, "MOTCUA_KAFKA_SECURITY: Input should be 'plaintext', 'tls'"),
        ({"KAFKA_SECURITY": "sasl_tls", "KAFKA_SASL_MECHANISM": "PLAIN"}, "KAFKA_SASL_MECHANISM:"),
        ({"KAFKA_PASSWROD": PASSWORD}, "MOTCUA_KAFKA_PASSWROD:"),
        ({"KAFKA_SECURITY": "tls", "KAFKA_TLS_CA": "/nowhere"}, "kafka_tls_ca: a PEM file"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_field_and_rule(
    settings: dict[str, str], named: str
) -> None:
    with pytest.raises(Misconfigured, match=named) as refused:
        read(**settings)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize("bootstrap", ["", "kafka", "kafka:", ":9092", "kafka:port", "a:1,,b:2"])
def test_an_address_without_host_or_port_is_refused(bootstrap: str) -> None:
    with pytest.raises(Misconfigured, match="kafka_bootstrap: host:port"):
        read(bootstrap, KAFKA_SECURITY="plaintext")


@pytest.mark.parametrize(
    ("certificate", "key"),
    [
        ("one.pem", "other.key"),
        ("one.pem", "locked.key"),
        ("one.pem", "absent.key"),
        ("nothing.pem", "one.key"),
    ],
)
def test_a_certificate_and_a_key_that_cannot_be_used_together_are_refused(
    pem: Path, certificate: str, key: str
) -> None:
    with pytest.raises(Misconfigured, match="kafka_tls_certificate and kafka_tls_key: PEM") as told:
        read(
            KAFKA_SECURITY="tls",
            KAFKA_TLS_CERTIFICATE=str(pem / certificate),
            KAFKA_TLS_KEY=str(pem / key),
        )
    assert str(pem) not in str(told.value)


def test_the_content_of_a_file_in_the_place_of_its_path_is_refused(pem: Path) -> None:
    with pytest.raises(Misconfigured, match="kafka_tls_ca: a PEM file"):
        read(KAFKA_SECURITY="tls", KAFKA_TLS_CA_FILE=str(pem / "ca.pem"))


def test_production_speaks_in_the_clear_beyond_loopback_only_where_that_is_said() -> None:
    with pytest.raises(Misconfigured, match="kafka_security: beyond loopback tls or sasl_tls"):
        read(THERE)
    with pytest.raises(Misconfigured, match="kafka_security: beyond loopback"):
        read(f"{HERE},{THERE}")
    assert read(THERE, KAFKA_SECURITY="plaintext").security == "plaintext"
    assert read(THERE, ENVIRONMENT="development").security == "plaintext"
    for loopback in (HERE, "localhost:9092", "[::1]:9092"):
        assert read(loopback).security == "plaintext"


def test_a_service_is_told_in_the_same_words(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n", "utf-8")
    settings = read_settings(
        ServiceSettings,
        {
            "MOTCUA_HTTP_PORT": "0",
            "MOTCUA_KAFKA_BOOTSTRAP": THERE,
            "MOTCUA_KAFKA_SECURITY": "sasl_tls",
            "MOTCUA_KAFKA_USERNAME": "intake",
            "MOTCUA_KAFKA_PASSWORD_FILE": str(secret),
        },
    )
    assert settings.kafka == KafkaConnection(THERE, Tls(), Scram("intake", PASSWORD))
    assert PASSWORD not in f"{settings!r}{settings.kafka!r}{settings.kafka}"


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "SCRAM-SHA-256"])
@pytest.mark.parametrize("has_certificate", [True, False])
@pytest.mark.parametrize("has_scram", [True, False])
def test_settings_made_of_a_connection_read_back_as_the_same(
    pem: Path, mechanism: Mechanism, *, has_certificate: bool, has_scram: bool
) -> None:
    tls = Tls(str(pem / "ca.pem"))
    if has_certificate:
        tls = Tls(str(pem / "ca.pem"), str(pem / "one.pem"), str(pem / "one.key"))
    scram = Scram("intake", PASSWORD, mechanism) if has_scram else None
    kafka = KafkaConnection(THERE, tls, scram)
    assert read(kafka.bootstrap, **kafka.settings()) == kafka
    assert pickle.loads(pickle.dumps(kafka)) == kafka  # noqa: S301 - for the rebuild's processes


def test_a_password_is_proved_inside_tls_only() -> None:
    with pytest.raises(ValueError, match="inside TLS only"):
        KafkaConnection(HERE, None, Scram("intake", PASSWORD))


def test_in_the_clear_no_library_is_told_of_certificates_or_passwords() -> None:
    kafka = KafkaConnection("a:1, b:2")
    told = {"bootstrap_servers": ["a:1", "b:2"], "security_protocol": "PLAINTEXT"}
    assert aiokafka_words(kafka) == told
    assert kafka_python_words(kafka) == told
    assert faststream_words(kafka) is None


def test_with_tls_each_library_checks_who_answers(pem: Path) -> None:
    tls = Tls(str(pem / "ca.pem"), str(pem / "one.pem"), str(pem / "one.key"))
    kafka = KafkaConnection(THERE, tls)
    for words in (aiokafka_words(kafka), kafka_python_words(kafka)):
        context = words["ssl_context"]
        assert words["security_protocol"] == "SSL"
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
        assert "sasl_mechanism" not in words
    security = faststream_words(kafka)
    assert type(security) is BaseSecurity
    assert security.use_ssl
    assert security.ssl_context is tls.context()


@pytest.mark.parametrize(
    ("mechanism", "made"), [("SCRAM-SHA-512", SASLScram512), ("SCRAM-SHA-256", SASLScram256)]
)
def test_with_a_password_each_library_is_told_mechanism_and_user(
    pem: Path, mechanism: Mechanism, made: type[SASLScram512 | SASLScram256]
) -> None:
    kafka = KafkaConnection(THERE, Tls(str(pem / "ca.pem")), Scram("intake", PASSWORD, mechanism))
    for words in (aiokafka_words(kafka), kafka_python_words(kafka)):
        assert words["security_protocol"] == "SASL_SSL"
        assert words["sasl_mechanism"] == mechanism
        assert words["sasl_plain_username"] == "intake"
        assert words["sasl_plain_password"] == PASSWORD
    security = faststream_words(kafka)
    assert isinstance(security, made)
    assert (security.username, security.password) == ("intake", PASSWORD)
    assert security.ssl_context is not None


async def test_the_words_are_those_that_aiokafka_takes(pem: Path) -> None:
    kafka = KafkaConnection(HERE, Tls(str(pem / "ca.pem")), Scram("intake", PASSWORD))
    AIOKafkaConsumer(**aiokafka_words(kafka))
