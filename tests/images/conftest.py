"""The tests in `on_an_engine` build and run containers: `make images-test`, not `make test`."""

import os

collect_ignore = [] if os.environ.get("MOTCUA_IMAGES") == "true" else ["on_an_engine"]
