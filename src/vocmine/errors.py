"""Every error the library raises on purpose.

::

    VocmineError
    ├── InputError              (ValueError)         what was given cannot be used
    │   ├── ColumnError                              a column is missing, doubtful or of the wrong kind
    │   └── ReadError                                a file cannot be read
    ├── ModelError
    │   ├── ModelNotFoundError  (FileNotFoundError)  no model at that name or path
    │   └── ModelFormatError                         a model folder that is incomplete or altered
    ├── PrivacyTimeoutError     (TimeoutError)       a text took too long to look through: it must not be let through
    ├── DeviceError             (RuntimeError)       the device asked for is not there
    ├── OutputError             (OSError)            what was asked for cannot be written: disk full, folder read-only
    ├── WorkerError             (RuntimeError)       a process that scores ended, twice, on the same rows
    ├── NotScoredError                               what is asked for was not computed yet
    └── SavedAnalysisError                           a saved analysis that is incomplete or of another version

Messages say what was got, what was expected and what to do. They never hold a customer's words.
"""

from __future__ import annotations


class VocmineError(Exception):
    """Root of all errors raised on purpose by vocmine."""


class InputError(VocmineError, ValueError):
    """What was given cannot be used."""


class ColumnError(InputError):
    """A column is missing, doubtful or of the wrong kind."""


class ReadError(InputError):
    """A file cannot be read."""


class ModelError(VocmineError):
    """A model cannot be used."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """No model is found at the given name or path."""


class ModelFormatError(ModelError):
    """A model folder is incomplete, altered, or of a format that this version does not read."""


class PrivacyTimeoutError(VocmineError, TimeoutError):
    """A text took too long to look through for personal data; it must not be let through."""


class DeviceError(VocmineError, RuntimeError):
    """The device asked for is not available."""


class OutputError(VocmineError, OSError):
    """What was asked for cannot be written."""


class WorkerError(VocmineError, RuntimeError):
    """A process that scores ended, twice, on the same rows."""


class NotScoredError(VocmineError):
    """What is asked for was not computed yet."""


class SavedAnalysisError(VocmineError):
    """A saved analysis is incomplete or was written by an incompatible version."""
