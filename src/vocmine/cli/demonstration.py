"""What the demonstration needs: its contacts, and proof that nothing leaves the machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vocmine.errors import ReadError, VocmineError


def sample_file(package: Path, name: str) -> Path:
    """Return a file of the sample: inside an installed package, or beside the sources of a checkout."""
    for path in (package / "_examples" / name, package.parents[1] / "examples" / name):
        if path.exists():
            return path
    raise ReadError("the sample contacts are not in this installation; install the package again")


@contextmanager
def network_closed() -> Iterator[None]:
    """Refuse every connection, so that the demonstration proves what it says."""

    def refuse(*_: object, **__: object) -> None:
        raise VocmineError("a connection was attempted while the network is closed; please report it")

    kept = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo
    socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = kept  # type: ignore[method-assign]
