"""Run processing: `python -m motcua_processing`."""

from __future__ import annotations

from motcua_platform.logs import configure_logs
from motcua_platform.service import serve
from motcua_platform.settings import read_settings

from motcua_processing.bootstrap import Processing
from motcua_processing.settings import Settings


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings(Settings)
    configure_logs("processing", settings.log_level)
    serve(Processing(settings).app(), settings)


if __name__ == "__main__":
    main()
