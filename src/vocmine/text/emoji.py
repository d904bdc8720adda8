"""What counts as an emoji, an emoticon, or the glue between the parts of one."""

from __future__ import annotations

import re
from typing import Final

EMOJI_CLASS: Final = (
    "\u2194-\u21aa\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\U0001f000-\U0001faff"
)
"""The inside of a regular-expression class: pictographs, flags and skin tones included."""

JOINERS_CLASS: Final = "\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
"""The inside of a class: what changes or joins the emoji before it, and never stands alone."""

EMOJI = re.compile(f"[{EMOJI_CLASS}]")

_EMOTICON: Final = r"(?<![\w:/])(?:[:;=]['’]?-?[)(\]\[DPpOo/|]|[xX]D|<3|\^\^)(?!\w)"
_FACE: Final = f"(?:[{EMOJI_CLASS}][{EMOJI_CLASS}{JOINERS_CLASS}]*|{_EMOTICON})"
FACES: Final = f"{_FACE}(?: ?{_FACE})*"
"""A pattern: one or several emoji or emoticons (`:)` `;-)` `:'(` `xD` `<3` `^^`), spaced or not."""
