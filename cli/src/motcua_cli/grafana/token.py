"""The token of Grafana: from the environment or a file, never from the command line."""

import os
from pathlib import Path
from typing import Final

from motcua_cli.errors import CommandError

TOKEN: Final = "MOTCUA_GRAFANA_TOKEN"  # noqa: S105 - the name of the variable
TOKEN_FILE: Final = f"{TOKEN}_FILE"


def read_token() -> str:
    """The token.

    Raises:
        CommandError: neither variable gives one.
    """
    file = os.environ.get(TOKEN_FILE)
    try:
        token = Path(file).read_text("utf-8") if file else os.environ.get(TOKEN, "")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"Không đọc được tệp mà {TOKEN_FILE} nêu.", f"The file of {TOKEN_FILE} cannot be read."
        ) from error
    if not token.strip():
        raise CommandError(
            f"Cần mã truy cập Grafana trong {TOKEN} hoặc {TOKEN_FILE}.",
            f"A token of Grafana is needed in {TOKEN} or {TOKEN_FILE}.",
        )
    return token.strip()
