"""The words of the report: a language comes in; sentences, numbers, dates and durations written its way go out.

The sentences stand in ``fr.json`` and ``en.json``, under the same keys and with plain spaces; French typography (the
no-break spaces of « : ; ! ? % ») is set when they are read.
"""

from vocmine.report.words.words import LANGUAGES, Words, typeset

__all__ = ["LANGUAGES", "Words", "typeset"]
