"""The local stack: a real Kafka, a real PostgreSQL and supervised services, on loopback only."""

from motcua_cli.stack.backbone import Backbone, Ports
from motcua_cli.stack.errors import StackError
from motcua_cli.stack.kafka import KafkaServer, kafka_from_environment
from motcua_cli.stack.postgres import PostgresServer, database_from_environment
from motcua_cli.stack.supervisor import Supervisor
from motcua_cli.stack.watched import Backoff, Program

__all__ = [
    "Backbone",
    "Backoff",
    "KafkaServer",
    "Ports",
    "PostgresServer",
    "Program",
    "StackError",
    "Supervisor",
    "database_from_environment",
    "kafka_from_environment",
]
