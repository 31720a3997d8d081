"""What a container's health check asks: does the service say that it is ready?

Needs nothing but Python itself, so that asking every few seconds costs next to nothing.
"""

from __future__ import annotations

import os
import ssl
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection

_SECONDS = 4


def main(port: int) -> int:
    """0 where `/readyz` on loopback answers 200, else 1."""
    if os.environ.get("MOTCUA_TLS_CERTIFICATE"):
        # The certificate names the service, not loopback; who it is, is not the question here.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection: HTTPConnection = HTTPSConnection(
            "127.0.0.1", port, timeout=_SECONDS, context=context
        )
    else:
        connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return 0 if connection.getresponse().status == HTTPStatus.OK else 1
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main(int(os.environ.get("MOTCUA_HTTP_PORT") or sys.argv[1])))
