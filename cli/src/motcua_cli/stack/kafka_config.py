"""The files that a local broker starts from: its properties and its formatted log folder."""

import base64
import subprocess
import uuid
from pathlib import Path
from string import Template

from motcua_cli.stack.errors import StackError
from motcua_cli.stack.paths import deploy_local

_FORMAT_SECONDS = 60


def write_properties(folder: Path, *, port: int, controller_port: int) -> Path:
    """Fill in `deploy/local/server.properties` for this data folder and these ports."""
    template = Template((deploy_local() / "server.properties").read_text(encoding="utf-8"))
    path = folder / "server.properties"
    path.write_text(
        template.substitute(
            port=port, controller_port=controller_port, log_dirs=(folder / "log").as_posix()
        ),
        encoding="utf-8",
    )
    return path


def cluster_id(folder: Path) -> str | None:
    """The id that the log folder was formatted with; None before."""
    meta = folder / "log" / "meta.properties"
    if not meta.is_file():
        return None
    rows = (line.partition("=") for line in meta.read_text(encoding="utf-8").splitlines())
    return next((value for name, _, value in rows if name == "cluster.id"), None)


def format_log(folder: Path, *, java: Path, class_path: str, properties: Path) -> None:
    """Give an empty log folder a cluster id; one that has an id keeps it.

    Raises:
        StackError: Kafka's StorageTool refuses the folder.
    """
    if cluster_id(folder) is not None:
        return
    tool = subprocess.run(  # noqa: S603 - the Java found, the jars verified
        (
            *(str(java), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", class_path),
            *("kafka.tools.StorageTool", "format", "--ignore-formatted"),
            *("--cluster-id", _new_cluster_id(), "--config", str(properties)),
        ),
        capture_output=True,
        text=True,
        timeout=_FORMAT_SECONDS,
        check=False,
    )
    if tool.returncode != 0:
        reason = " ".join((tool.stderr or tool.stdout).split()[-40:])
        message = f"Kafka cannot format {folder}: remove the folder to begin anew ({reason})."
        raise StackError(message)


def _new_cluster_id() -> str:
    """As `StorageTool random-uuid`, which would cost a second start of Java."""
    while True:
        drawn = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
        if not drawn.startswith("-"):  # it would read as an option
            return drawn
