"""The OpenAPI 3.1 documents of the services, as they serve them at /openapi.json."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from motcua_intake import bootstrap as intake
from motcua_intake.settings import IntakeSettings
from motcua_platform.problems import MEDIA_TYPE
from motcua_platform.settings import read_settings
from motcua_processing.bootstrap import Processing
from motcua_processing.settings import Settings as ProcessingSettings

_NOWHERE: Final = "localhost:1"


@cache
def intake_document() -> dict[str, Any]:
    """That of intake, with every endpoint."""
    given = {"MOTCUA_KAFKA_BOOTSTRAP": _NOWHERE, "MOTCUA_PROCESSING_URL": f"http://{_NOWHERE}"}
    settings = read_settings(IntakeSettings, given)
    return intake.build_app(settings, intake.kafka_world(settings)).openapi()


@cache
def processing_document() -> dict[str, Any]:
    """That of processing, with every endpoint."""
    given = {
        "MOTCUA_KAFKA_BOOTSTRAP": _NOWHERE,
        "MOTCUA_DATABASE_URL": f"postgresql://{_NOWHERE}/motcua",
        "MOTCUA_PUBLIC_TOTALS": "true",
    }
    return Processing(read_settings(ProcessingSettings, given)).app().openapi()


def examples_of_problems(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The example of each problem type that a document shows, by the type's last word."""
    return {
        kind: example["value"]
        for path in document["paths"].values()
        for operation in path.values()
        for response in operation["responses"].values()
        for kind, example in response.get("content", {})
        .get(MEDIA_TYPE, {})
        .get("examples", {})
        .items()
    }


def in_json(document: dict[str, Any]) -> str:
    """A document as a file."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
