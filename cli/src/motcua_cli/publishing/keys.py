"""API keys of publishers, kept in one file that only its owner may read."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import msgspec

from motcua_cli.errors import CommandError

Keys = dict[str, str]
"""The key of each publisher by its id."""


def read_keys(file: Path) -> Keys:
    """The keys of a file: a JSON object from publisher to key.

    Raises:
        CommandError: the file cannot be read.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError) as error:
        raise CommandError(
            f"Không đọc được tệp khóa {file}; cần một đối tượng JSON từ nguồn gửi đến khóa.",
            f"The key file {file} cannot be read; it has to be a JSON object of publisher to key.",
        ) from error


def ensure_keys(file: Path, publishers: Iterable[str]) -> Keys:
    """The keys of a file, which is made, or gets keys for publishers that have none."""
    keys = read_keys(file) if file.exists() else {}
    missing = [publisher for publisher in publishers if publisher not in keys]
    if missing:
        keys |= {publisher: secrets.token_urlsafe(32) for publisher in missing}
        _write(file, keys)
    return keys


def sha256_of(key: str) -> str:
    """What the registry holds of a key, lower-case hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def _write(file: Path, keys: Keys) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = file.with_suffix(".new")
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(msgspec.json.format(msgspec.json.encode(keys)))
    whole.replace(file)
