import socket

import pytest
from motcua_cli.local import addresses as ports
from motcua_cli.local.addresses import Addresses, choose_addresses
from motcua_cli.local.services import Servers, environment, program
from motcua_platform.kafka_connection import KafkaConnection

SERVERS = Servers(KafkaConnection("127.0.0.1:9092"), "postgresql://postgres@127.0.0.1:5432/motcua")
ADDRESSES = Addresses(
    intake="http://127.0.0.1:8101",
    processing="http://127.0.0.1:8102",
    metrics="http://127.0.0.1:8103",
)
COMMON = {
    "MOTCUA_ENVIRONMENT": "development",
    "MOTCUA_ACCESS": "open",
    "MOTCUA_KAFKA_BOOTSTRAP": "127.0.0.1:9092",
    "MOTCUA_KAFKA_SECURITY": "plaintext",
    "MOTCUA_HTTP_HOST": "127.0.0.1",
}


@pytest.mark.parametrize(
    ("service", "own"),
    [
        (
            "intake",
            {"MOTCUA_HTTP_PORT": "8101", "MOTCUA_PROCESSING_URL": "http://127.0.0.1:8102"},
        ),
        (
            "processing",
            {"MOTCUA_HTTP_PORT": "8102", "MOTCUA_DATABASE_URL": SERVERS.database_url},
        ),
        (
            "metrics",
            {"MOTCUA_HTTP_PORT": "8103", "MOTCUA_PROCESSING_URL": "http://127.0.0.1:8102"},
        ),
    ],
)
def test_a_child_gets_exactly_its_own_settings(
    service: str, own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_DATABASE_URL", "postgresql://elsewhere/motcua")
    monkeypatch.setenv("MOTCUA_CACHE", "/somewhere")
    child = program(service, SERVERS, ADDRESSES)
    given = {name: value for name, value in (child.env or {}).items() if name.startswith("MOTCUA_")}
    assert given == COMMON | own
    assert child.argv[-1] == f"motcua_{service}"


def test_a_child_keeps_the_rest_of_the_environment() -> None:
    made = environment({"HTTP_PORT": "1"}, {"PATH": "/bin", "MOTCUA_HTTP_PORT": "2"})
    assert made == {"PATH": "/bin", "MOTCUA_HTTP_PORT": "1"}


def test_a_taken_port_is_replaced_by_a_free_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind((ports.HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        usual = {"processing": taken, "intake": 0, "metrics": 0}
        monkeypatch.setattr(ports, "USUAL_PORTS", usual)
        assert choose_addresses().port("processing") not in {0, taken}
