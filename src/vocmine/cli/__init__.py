"""The command line, ``vocmine demo`` and the commands of `vocmine.cli.commands`.

Exit codes: 0 done; 1 the input, model, device or a folder cannot be used (the message says what to do); 2 wrong usage;
3 the file was read but no contact could be scored.
"""

from __future__ import annotations

import io
import sys

from vocmine.cli.commands import app
from vocmine.cli.output import fail
from vocmine.errors import VocmineError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and turn errors raised on purpose, and those of files, into a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks « → » must not cost the run
    try:
        app()
    except VocmineError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or 'a file'}: {error.strerror or error}; check the path, its rights and the room left")
