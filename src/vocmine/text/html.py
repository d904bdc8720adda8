"""HTML of e-mails to plain text, laid out as a mail program would write it.

Lexbor (through selectolax) reads the markup, as browsers do. What is ours is the layout: one block a line, what is
quoted behind ``>``, so that a cleaner of plain text finds the marks that it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

RULER: Final = "_" * 32
"""What a horizontal line becomes: Outlook writes it so in plain text, above the message it answers."""

_UNSEEN: Final = frozenset(
    ("head", "style", "script", "title", "template", "xml", "svg", "iframe", "object", "audio", "video", "noframes")
)
_BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol", "p", "pre", "section", "table"),
        *("caption", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)
_HIDING: Final = re.compile(
    r"display\s{0,9}:\s{0,9}none|max-height\s{0,9}:\s{0,9}0(?:px)?\s{0,9}(?:[;\"'!]|$)", re.IGNORECASE
)
# Gmail indents what its authors indent with a blockquote without border.
_INDENTED: Final = re.compile(r"border(?:-left)?\s{0,9}:\s{0,9}(?:none|0)", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")

_MOST_TAGS: Final = 5_000
"""Up to here the parser's worst case, tags times depth, is nothing; beyond, depth is bounded first."""
_DEEPEST: Final = 500
_MOST_LEVELS: Final = 20
"""Levels of quotes and lists that lines show: their marks must not outgrow the words."""
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})[^<>]*>")
_WITHOUT_END: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_MANY_CHARACTERS: Final = 20_000
"""Up to here no tag has too many attributes; the parser compares each with all others of its tag."""
_ATTRIBUTE: Final = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
# Matches every tag, whatever its attributes: where it failed, the search would begin again within the tag.
_ATTRIBUTES: Final = re.compile(rf"(<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,100}}+)(?:{_ATTRIBUTE})*+")
# The parser opens these anew in every block that follows: their number is multiplied by that of the blocks.
_FORMATTING: Final = re.compile(
    r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)


def html_to_text(html: str) -> str:
    r"""Return the text that a reader of the message sees, one block a line.

    Items of lists begin with ``-``, blockquotes with ``>``; horizontal lines are `RULER`. Links give their text,
    images nothing, save those that stand for an emoji. Left out: style, scripts, hidden elements.

    Parameters
    ----------
    html : str
        A document or a fragment, well formed or not.

    Returns
    -------
    str
        Lines joined by ``\n``; never two empty lines on end. Depth and time are bounded: of elements within more than
        500 others, in a document of more than 5,000 tags, the words are kept and the layout is not.

    Examples
    --------
    >>> print(html_to_text("<p>Bonjour,</p><ul><li>un <b>avoir</b></li></ul><blockquote>Le 3 mai</blockquote>"))
    Bonjour,
    - un avoir
    > Le 3 mai
    """
    from selectolax.lexbor import LexborHTMLParser

    html = _FORMATTING.sub(r"<\1span", html.replace("\0", ""))
    if len(html) > _MANY_CHARACTERS:
        html = _ATTRIBUTES.sub(r"\1", html)
    if html.count("<") > _MOST_TAGS:
        html = _flattened(html)
    body = LexborHTMLParser(_encodable(html)).body
    if body is None:
        return ""
    page = _Page(hiding=_HIDING.search(html) is not None)
    for node, leaving in _walk(body, page):
        (page.leave if leaving else page.enter)(node)
    page.end_line()
    return "\n".join(_without_blank_runs(page.lines))


def _encodable(html: str) -> str:
    return html if html.isascii() else html.encode("utf-8", "replace").decode("utf-8")


def _flattened(html: str) -> str:
    """Take the tags out of what is nested too deep; tags that do not match count as nested, to be on the safe side."""
    nested: list[str] = []

    def kept(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _WITHOUT_END:
            return tag[0]
        deep = len(nested) >= _DEEPEST
        if not tag[1]:
            nested.append(name)
            deep = len(nested) > _DEEPEST
        elif nested and nested[-1] == name:
            nested.pop()
        return " " if deep and name not in _UNSEEN else tag[0]

    return _TAG.sub(kept, html)


def _walk(body: LexborNode, page: _Page) -> Iterator[tuple[LexborNode, bool]]:
    """Give every node when it begins, and every element seen when it ends; no recursion, whatever the depth."""
    node: LexborNode | None = body
    open_elements: list[LexborNode] = []
    while node is not None:
        child = None
        if not page.hides(node):
            yield node, False
            child = node.first_child
            if child is not None:
                open_elements.append(node)
                node = child
                continue
            yield node, True
        while node.next is None and open_elements:
            node = open_elements.pop()
            yield node, True
        node = node.next if open_elements else None


@dataclass
class _Page:
    """The lines written so far, and the state that the next one is written in."""

    hiding: bool
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    preformatted: int = 0
    lists: int = 0
    item: str = ""
    attributions: list[bool] = field(default_factory=list)
    """For each Yahoo quotation that is open, whether its first line is still to come."""

    def hides(self, node: LexborNode) -> bool:
        """Tell whether nothing of this element is seen."""
        tag = node.tag
        if tag in _UNSEEN or tag == "-comment":
            return True
        if not self.hiding or tag is None or tag.startswith("-"):
            return False
        attributes = node.attributes
        return "hidden" in attributes or _HIDING.search(attributes.get("style") or "") is not None

    def enter(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "-text":
            self._write(node.text_content or "")
        elif tag == "br":
            self.end_line(always=True)
        elif tag in {"td", "th"}:
            self._begin_cell()
        elif tag == "img":
            self._write(_emoji(node.attributes.get("alt") or ""))
        elif tag == "hr":
            self._rule(node)
        elif tag in _BLOCKS:
            self.end_line()
            self._open(tag, node)

    def leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag not in _BLOCKS:
            return
        self.end_line()
        if tag == "blockquote" and _is_quotation(node):
            self.quotes -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag in {"ul", "ol"}:
            self.lists -= 1
        elif tag == "li":
            self.item = ""
        elif tag == "div" and _is_yahoo(node):
            self.quotes -= not self.attributions.pop()

    def end_line(self, *, always: bool = False) -> None:
        """Write the line down; an empty one only where it is asked for, or made of no-break spaces."""
        if not self.line and not always:
            return
        words = "".join(self.line)
        text = words.strip() if not self.preformatted else words.rstrip()
        text = "-- " if text == "--" else text
        if text or always or "\xa0" in words:
            indent = "  " * (min(self.lists, _MOST_LEVELS) - 1) + self.item if self.item and text else ""
            self.lines.append("> " * min(self.quotes, _MOST_LEVELS) + indent + text)
            self.item = "" if text else self.item
        self.line.clear()
        if text and self.attributions and self.attributions[-1]:
            self.attributions[-1] = False
            self.quotes += 1

    def _open(self, tag: str, node: LexborNode) -> None:
        if tag == "blockquote" and _is_quotation(node):
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag in {"ul", "ol"}:
            self.lists += 1
        elif tag == "li":
            self.item = "- "
        elif tag == "div" and _is_yahoo(node):
            self.attributions.append(True)

    def _write(self, text: str) -> None:
        if self.preformatted:
            first, *others = text.split("\n")
            self.line.append(first)
            for other in others:
                self.end_line(always=True)
                self.line.append(other)
            return
        folded = _BLANKS.sub(" ", text)
        if folded == " " and (not self.line or self.line[-1].endswith(" ")):
            return
        if folded:
            self.line.append(folded[1:] if folded[0] == " " and self.line and self.line[-1].endswith(" ") else folded)

    def _begin_cell(self) -> None:
        """Begin a line, unless the cell before is a label such as « Objet : »."""
        if "".join(self.line[-3:]).rstrip().endswith(":"):
            self._write(" ")
        else:
            self.end_line()

    def _rule(self, node: LexborNode) -> None:
        self.end_line()
        # Zimbra tells its own line, above the message answered, by this name.
        self.line.append("----- Mail original -----" if node.attributes.get("id") == "zwchr" else RULER)
        self.end_line()


def _is_quotation(blockquote: LexborNode) -> bool:
    attributes = blockquote.attributes
    if attributes.get("type") == "cite" or "quote" in (attributes.get("class") or ""):
        return True
    return _INDENTED.search(attributes.get("style") or "") is None


def _is_yahoo(div: LexborNode) -> bool:
    """Tell the quotations that Yahoo sets apart by nothing but their class; the first line says who wrote."""
    return "yahoo_quoted" in (div.attributes.get("class") or "")


def _emoji(alternative: str) -> str:
    """Return what an image says in place of an emoji: symbols alone, which pictures and their titles never are."""
    symbols = 0 < len(alternative) <= 8 and not any(each.isalnum() or each.isascii() for each in alternative)
    return alternative if symbols else ""


def _without_blank_runs(lines: list[str]) -> Iterator[str]:
    """Leave out empty lines at both ends, and all but the first of several; an empty quoted line is one."""
    pending = ""
    begun = blank = False
    for line in lines:
        if not line.strip("> \t\xa0"):
            pending, blank = pending if blank else line.rstrip(), True
            continue
        if begun and blank:
            yield pending
        begun, blank = True, False
        yield line
