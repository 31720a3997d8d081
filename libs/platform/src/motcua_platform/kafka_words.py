"""A `KafkaConnection` in the words of each client library."""

from __future__ import annotations

from typing import Any

from faststream.security import BaseSecurity, SASLScram256, SASLScram512

from motcua_platform.kafka_connection import KafkaConnection


def aiokafka_words(kafka: KafkaConnection) -> dict[str, Any]:
    """Keyword arguments of aiokafka's consumer, producer and admin client.

    Raises:
        Misconfigured: a file of TLS cannot be used.
    """
    words: dict[str, Any] = {
        "bootstrap_servers": kafka.servers,
        "security_protocol": _PROTOCOLS[kafka.security],
    }
    if kafka.tls is not None:
        words["ssl_context"] = kafka.tls.context()
    if kafka.scram is not None:
        words |= {
            "sasl_mechanism": kafka.scram.mechanism,
            "sasl_plain_username": kafka.scram.username,
            "sasl_plain_password": kafka.scram.password,
        }
    return words


def kafka_python_words(kafka: KafkaConnection) -> dict[str, Any]:
    """Keyword arguments of kafka-python's clients, which took over aiokafka's names.

    Raises:
        Misconfigured: a file of TLS cannot be used.
    """
    return aiokafka_words(kafka)


def faststream_words(kafka: KafkaConnection) -> BaseSecurity | None:
    """The `security` of FastStream's Kafka broker.

    Raises:
        Misconfigured: a file of TLS cannot be used.
    """
    if kafka.tls is None:
        return None
    context = kafka.tls.context()
    if kafka.scram is None:
        return BaseSecurity(ssl_context=context)
    made = SASLScram512 if kafka.scram.mechanism == "SCRAM-SHA-512" else SASLScram256
    return made(kafka.scram.username, kafka.scram.password, ssl_context=context)


_PROTOCOLS = {"plaintext": "PLAINTEXT", "tls": "SSL", "sasl_tls": "SASL_SSL"}
