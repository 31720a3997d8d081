"""Where the local stack keeps its files.

`<repository>/.cache` holds what can be downloaded again, `<repository>/var` holds data and logs.
Git ignores both.
"""

import os
from pathlib import Path

from motcua_cli.stack.errors import StackError

CACHE_VARIABLE = "MOTCUA_CACHE"
_LANDMARK = Path("deploy/local/pom.xml")


def repository_root() -> Path:
    """The checkout that holds `deploy/local/`, looked for upwards from this file, then from here.

    Raises:
        StackError: outside a checkout.
    """
    here = (*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents)
    for folder in here:
        if (folder / _LANDMARK).is_file():
            return folder
    message = f"Run motcua inside a checkout of its repository ({_LANDMARK} was not found)."
    raise StackError(message)


def deploy_local() -> Path:
    """The folder with the pom, the jar checksums and the configuration of the local Kafka."""
    return repository_root() / "deploy" / "local"


def cache_folder() -> Path:
    """The folder of downloads: `MOTCUA_CACHE`, or `.cache` in the checkout."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).resolve() if named else repository_root() / ".cache"


def run_folder() -> Path:
    """The folder of data and logs: `var` in the checkout."""
    return repository_root() / "var"
