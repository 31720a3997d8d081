"""One target under the coverage-guided fuzzer.

Usage: fuzz_one.py TARGET [options and folders of libFuzzer]
"""

from __future__ import annotations

import shlex
import sys
import warnings
from typing import Any, Final

import atheris
from fuzz_targets import target_of

WATCHED: Final = ["motcua_intake", "motcua_kernel", "motcua_platform", "openpyxl", "csv"]
"""The packages whose branches guide the fuzzer."""


def main(name: str, options: list[str]) -> None:
    """Fuzz until libFuzzer's own limits or a finding end the process."""
    warnings.simplefilter("ignore")
    fuzzer: Any = atheris
    with fuzzer.instrument_imports(include=WATCHED):
        target = target_of(name)
    # libFuzzer starts itself anew by these words to merge corpora.
    fuzzer.Setup([shlex.join([sys.executable, __file__, name]), *options], target)
    fuzzer.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
