"""Public messages and reviews come in; the list of those that wait for a word of the company goes out.

`cues` finds what a message asks, threatens or praises, by word lists; `pending` finds the conversations whose last word
is a customer's; `priority` ranks them.
"""

from vocmine.mentions.priority import needs_reply

__all__ = ["needs_reply"]
