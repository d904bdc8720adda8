"""What of the author's own lines is not the message: greetings, closings, signatures, notices, footers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from vocmine.text.cleaning import Removed
from vocmine.text.email.boilerplate import continues_notice, is_footer, notice
from vocmine.text.email.closings import begins_closing, closes, formulas, is_ceremonious, mentions_closing, tail
from vocmine.text.email.greetings import is_greeting, opening
from vocmine.text.email.lines import Line, chunks
from vocmine.text.email.markers import is_ruler
from vocmine.text.email.names import is_name, is_prose, is_sentence, says_where, signs

_DELIMITER: Final = "--"  # RFC 3676, section 4.3; the space after it is often lost
_STROKES: Final = "-_=*~+|"
_LONGEST_SIGNATURE: Final = 16  # lines
_WRAPPED_CLOSING: Final = 4  # lines
_WORDS_OF_A_CLOSING: Final = 4
_OF_CLOSINGS: Final = frozenset({"avec", "mes", "nos", "with"})
_LETTERHEAD: Final = 16  # lines that may stand above a greeting, and the greeting


class Label(NamedTuple):
    """What a line is if not the message, and why it is taken to be."""

    kind: str
    why: str


FOOTER = Label("footer", "phrase of a mail program or list")
NOTICE = Label("disclaimer", "legal words")
GREETING = Label("greeting", "words of greeting")
CLOSING = Label("closing", "words of closing")
DELIMITED = Label("signature", "after the delimiter of signatures")
SIGNED = Label("signature", "after a closing")
NAMED = Label("signature", "name at the end")


class Own:
    """A piece of the author's own text, with a label for every line that is not the message.

    Parameters
    ----------
    lines : sequence of Line
        The piece, without marks of quotation.
    first : bool, default True
        Whether nothing of the author's stands before it.
    """

    def __init__(self, lines: Sequence[Line], *, first: bool = True) -> None:
        self.first = first
        self.lines = list(lines)
        self.labels: list[Label | None] = [None] * len(lines)
        self.cuts: list[Removed] = []
        self._label_boilerplate()
        self._label_formulas()
        self._label_closings()
        self._label_signatures()
        self._label_greetings()
        self._label_rulers()

    def removed(self) -> Iterator[Removed]:
        """Yield what is not the message."""
        for line, label in zip(self.lines, self.labels, strict=True):
            if label is not None:
                yield Removed(line.outer, line.end, *label)
        yield from self.cuts

    def kept(self) -> list[Line]:
        """Return the lines that hold some of the message."""
        return [line for line, label in zip(self.lines, self.labels, strict=True) if label is None]

    def _label_boilerplate(self) -> None:
        at, legal = 0, False
        for paragraph in chunks(self.lines):
            begin = notice(paragraph)
            if begin is None and legal and continues_notice(paragraph):
                begin = 0
            legal = begin is not None
            for place, line in enumerate(paragraph):
                if is_footer(line):
                    self.labels[at + place] = FOOTER
                elif begin is not None and place >= begin:
                    self.labels[at + place] = NOTICE
            at += len(paragraph)

    def _label_formulas(self) -> None:
        """Label the lines of « Je vous prie d'agréer… », or cut it out of lines that say something else as well."""
        at = 0
        for paragraph in chunks(self.lines):
            begins = list(accumulate((len(line.key) + 1 for line in paragraph), initial=0))
            for start, end in formulas("\n".join(line.key for line in paragraph)):
                for place in range(bisect_right(begins, start) - 1, bisect_left(begins, end)):
                    self._take(at + place, max(start - begins[place], 0), end - begins[place])
            at += len(paragraph)

    def _take(self, at: int, start: int, end: int) -> None:
        """Take a piece of a line out as a closing; the whole line where only courtesies are left."""
        line = self.lines[at]
        if self.labels[at] is not None:
            return
        before, after = line.key[:start].strip(" ,."), line.text[end:].strip(" ,.")
        if (not before or closes(before, before)) and (not after or is_name(after, loose=True)):
            self.labels[at] = CLOSING
        else:
            self.cuts.append(Removed(line.start + start, min(line.start + end, line.end), *CLOSING))

    def _label_closings(self) -> None:
        for at, line in enumerate(self.lines):
            if self.labels[at] is not None:
                continue
            n_lines = self._closing(at)
            if n_lines:
                self.labels[at : at + n_lines] = [CLOSING] * n_lines
            elif (cut := tail(line)) is not None:
                self.cuts.append(Removed(line.start + cut, line.end, *CLOSING))

    def _closing(self, at: int) -> int:
        """Return how many lines from `at` are nothing but a closing, wrapped perhaps."""
        text, key = "", ""
        for n_lines, line in enumerate(self.lines[at : at + _WRAPPED_CLOSING], 1):
            if self.labels[at + n_lines - 1] is not None or (line.gap and n_lines > 1):
                return 0
            text, key = f"{text} {line.text}".strip(), f"{key} {line.key}".strip()
            if closes(text, key):
                return n_lines
            if not begins_closing(key):
                return 0
        return 0

    def _label_signatures(self) -> None:
        at = 0
        while at < len(self.lines):
            if self.labels[at] is None and self.lines[at].key == _DELIMITER:
                self.labels[at] = DELIMITED
                at = self._sign(at + 1, DELIMITED)
            elif self.labels[at] == CLOSING:
                at = self._sign(at + 1, SIGNED) if self._announces_name(at) else at + 1
            else:
                at += 1
        self._label_last()

    def _announces_name(self, at: int) -> bool:
        """Say whether a signature follows a closing: after mere thanks, only a name does."""
        if is_ceremonious(self.lines[at]):
            return True
        return at + 1 < len(self.lines) and is_name(self.lines[at + 1].text, loose=True)

    def _sign(self, at: int, label: Label) -> int:
        """Label the lines of a signature; return the position after it."""
        end = min(at + _LONGEST_SIGNATURE, len(self.lines))
        for place in range(at, end):
            line, known = self.lines[place], self.labels[place]
            if known in {CLOSING, FOOTER, NOTICE} or is_ruler(line):
                continue
            if is_prose(line) or (line.gap and place > at and is_sentence(line)):
                return place
            self.labels[place] = label
        return end

    def _label_last(self) -> None:
        """Label a name at the end that no closing announces, with what stands under it."""
        end = len(self.lines)
        while end > 0 and self.labels[end - 1] in {FOOTER, NOTICE}:
            end -= 1
        begin = end
        while begin > max(end - _LONGEST_SIGNATURE, 0) and self.labels[begin - 1] is None:
            begin -= 1
            line, under = self.lines[begin], self.lines[begin + 1 : end]
            if signs(line) and (line.gap or all(map(says_where, under))) and self._may_sign(begin):
                self.labels[begin:end] = [NAMED] * (end - begin)
                self._label_above(begin)
                return
            if is_prose(line) or line.gap:
                return

    def _label_above(self, at: int) -> None:
        """Label a few words above a name as its closing, whatever they are: « Associativement, »."""
        if at > 1 and self.labels[at - 1] is None:
            line = self.lines[at - 1]
            apart = line.gap and line.key[-1] == "," and len(line.words) <= _WORDS_OF_A_CLOSING
            if (apart or mentions_closing(line)) and (line.words[0] in _OF_CLOSINGS or not is_prose(line)):
                self.labels[at - 1] = CLOSING

    def _may_sign(self, at: int) -> bool:
        """Say whether the line before lets a name end the message: it announces nothing, nor is it missing."""
        if at == 0:
            return not self.first
        before = self.lines[at - 1]
        return before.key[-1] != ":" and (self.lines[at].gap or not is_name(before.text))

    def _label_greetings(self) -> None:
        for at, line in enumerate(self.lines[:_LETTERHEAD]):
            alone = at == 0 and len(self.lines) > 1 and self.lines[1].gap
            if self.labels[at] is None and is_greeting(line, alone=alone) and self._may_greet(at):
                self.labels[at] = GREETING
        first = next((at for at, label in enumerate(self.labels) if label is None), None)
        if first is not None and (cut := opening(self.lines[first])):
            start = self.lines[first].start
            self.cuts.append(Removed(start, start + cut, *GREETING))

    def _may_greet(self, at: int) -> bool:
        """Say whether a greeting stands where greetings do: on top, or under a letterhead."""
        if all(label is not None for label in self.labels[:at]):
            return at + 1 < len(self.lines) or self.lines[at].key[-1] in ",!" or not is_name(self.lines[at].text)
        return self.lines[at].gap and at + 1 < len(self.lines) and self.lines[at].key[-1] in ",!"

    def _label_rulers(self) -> None:
        """Give a line of strokes the label of what it sets apart."""
        for at in range(len(self.lines) - 1, -1, -1):
            if self.labels[at] is None and not self.lines[at].key.strip(_STROKES):
                below = self.labels[at + 1] if at + 1 < len(self.lines) else None
                above = self.labels[at - 1] if at else None
                self.labels[at] = below or above
