"""Files of e-mails come in; rows go out, one message a row, its text whole, quotes and signatures included.

`eml`, `mbox` and `outlook` each read one format; they share `headers` and `parts` (fields, MIME), `charsets`, `body`
(which part is the text), `people` (who writes to whom), `threads` (which conversation) and `rows`.
"""

from __future__ import annotations

from typing import Final

from vocmine.ingest.files import Format
from vocmine.ingest.mail.eml import EML
from vocmine.ingest.mail.mbox import MBOX
from vocmine.ingest.mail.outlook import MSG

FORMATS: Final[tuple[Format, ...]] = (MSG, MBOX, EML)
"""In the order in which a file is tried."""

__all__ = ["FORMATS"]
