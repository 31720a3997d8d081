"""Imported tables in XLSX: a whole file, or the parts of one with NUL between them."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from reading_tables import read_table

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FRAME: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="r3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
}
_PARTS: Final = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")


def one_input(data: bytes) -> None:
    """Refused for a named reason, or rows within the limits, told alike by both readers."""
    read_table(data if data.startswith(b"PK\x03\x04") else workbook_of(data))


def workbook_of(data: bytes) -> bytes:
    """A workbook whose sheet, strings and styles are the three parts of the input."""
    parts = dict(zip(_PARTS, data.split(b"\x00", 2), strict=False))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in _FRAME.items():
            archive.writestr(name, text)
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()
