"""A mapping (cấu hình nhập) as a registry file, made from what intake found in a table."""

from __future__ import annotations

from typing import Any

import yaml


def mapping_file(publisher: str, name: str, table: dict[str, Any]) -> str:
    """The YAML of a mapping that reads such tables, from the first line of the answer.

    A sheet is named only where the table has one; the row of headers is left to be looked for.

    >>> table = {"columns": [{"field": "dossier", "header": "Mã hồ sơ"}]}
    >>> print(mapping_file("xa-24733", "igate", table), end="")
    - importMapping:
        publisher: xa-24733
        name: igate
        source: /xa-24733/import
        columns:
        - field: dossier
          header: Mã hồ sơ
    """
    mapping = {
        "publisher": publisher,
        "name": name,
        "source": f"/{publisher}/import",
        "sheet": table.get("sheet"),
        "columns": table["columns"],
    }
    entry = {"importMapping": {member: value for member, value in mapping.items() if value}}
    return yaml.safe_dump([entry], allow_unicode=True, sort_keys=False)
