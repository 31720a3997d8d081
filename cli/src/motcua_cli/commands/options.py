"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer
from motcua_platform.errors import Misconfigured
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.settings import read_kafka

USUAL_KAFKA: Final = KafkaConnection("127.0.0.1:9092")


def _kafka_at(given: str | KafkaConnection) -> KafkaConnection:
    """Kafka at the addresses given, encrypted and authenticated as the environment says."""
    bootstrap = given.bootstrap if isinstance(given, KafkaConnection) else given
    try:
        return read_kafka(bootstrap)
    except Misconfigured as error:
        raise typer.BadParameter(str(error)) from error


Kafka = Annotated[
    KafkaConnection,
    typer.Option(
        "--bootstrap",
        parser=_kafka_at,
        envvar="MOTCUA_KAFKA_BOOTSTRAP",
        metavar="HOST:PORT",
        show_default=USUAL_KAFKA.bootstrap,
        help="Địa chỉ Kafka · Kafka's bootstrap servers; TLS, SASL: MOTCUA_KAFKA_*",
    ),
]

RegistryPaths = Annotated[
    list[Path],
    typer.Argument(help="Tệp hoặc thư mục danh mục YAML · registry files or folders"),
]

Data = Annotated[
    Path | None,
    typer.Option(help="Thư mục dữ liệu và nhật ký · folder of data and logs", show_default=False),
]

Observability = Annotated[
    bool,
    typer.Option(help="Kèm Prometheus, Alertmanager · with Prometheus and Alertmanager"),
]

ProcessingUrl = Annotated[
    str, typer.Option(envvar="MOTCUA_PROCESSING_URL", help="Dịch vụ xử lý · processing's URL")
]
DEFAULT_PROCESSING_URL = "http://127.0.0.1:8102"
