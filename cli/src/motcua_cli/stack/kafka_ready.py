"""Whether a broker answers: one ApiVersions request, version 0.

https://kafka.apache.org/protocol.html#The_Messages_ApiVersions - the first request of any
client, which a broker takes only once its listeners are open to clients.
"""

import socket
import struct

from motcua_cli.stack.ports import LOOPBACK

_API_VERSIONS = 18
_CORRELATION = 1
_CLIENT = b"motcua"
_BODY = struct.pack(">hhih", _API_VERSIONS, 0, _CORRELATION, len(_CLIENT)) + _CLIENT
_REQUEST = struct.pack(">i", len(_BODY)) + _BODY
_ANSWER_HEAD = struct.Struct(">iih")  # size, correlation id, error code


def broker_answers(port: int, *, timeout: float = 1.0) -> bool:
    """True when the broker on that port of loopback answers without an error."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout) as connection:
            connection.sendall(_REQUEST)
            with connection.makefile("rb") as answer:
                head = answer.read(_ANSWER_HEAD.size)
    except OSError:
        return False
    if len(head) < _ANSWER_HEAD.size:
        return False
    _, correlation, error = _ANSWER_HEAD.unpack(head)
    return (correlation, error) == (_CORRELATION, 0)
