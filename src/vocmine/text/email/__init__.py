"""What in the body of an e-mail is its author's own new message.

In: the plain text of a body, as decoded. Out: `Cleaned`, with the author's new words, answers between quoted lines
included, and what was taken away: earlier messages, headers of forwarded ones, greetings, closings, signatures, legal
notices, footers of mail programs, marks of attachments. In doubt a line stays: to lose a customer's sentence is worse
than to keep a footer.
"""

from __future__ import annotations

from vocmine.text.email.clean import clean_email

__all__ = ["clean_email"]
