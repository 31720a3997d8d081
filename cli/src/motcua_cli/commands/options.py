"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Bootstrap = Annotated[
    str,
    typer.Option(
        envvar="MOTCUA_KAFKA_BOOTSTRAP",
        help="Địa chỉ Kafka host:port · Kafka's bootstrap servers",
    ),
]
DEFAULT_BOOTSTRAP = "127.0.0.1:9092"

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
