"""Paragraphs of format=flowed text (RFC 3676), which Thunderbird and Apple Mail cut at 72 characters."""

from __future__ import annotations


def unflow(text: str, *, delsp: bool = False) -> str:
    r"""Join the lines of each paragraph; quoted ones keep their marks, one space apart.

    Parameters
    ----------
    text : str
        Lines ended by ``\n``; a space at the end of a line says that the next one goes on.
    delsp : bool, default False
        Whether that space belongs to the mark and not to the text.

    Examples
    --------
    >>> unflow("Le colis est \narrivé ouvert.\n> Avez-vous \n> une photo ?\n-- \nPaul")
    'Le colis est arrivé ouvert.\n> Avez-vous une photo ?\n-- \nPaul'
    """
    lines: list[str] = []
    paragraph: list[str] = []
    level = 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        if paragraph and (depth != level or not words):
            lines.append(_marked("".join(paragraph), level))
            paragraph = []
        level = depth
        goes_on = words.endswith(" ") and words != "-- "
        paragraph.append(words[:-1] if goes_on and delsp else words)
        if not goes_on:
            lines.append(_marked("".join(paragraph), level))
            paragraph = []
    if paragraph:
        lines.append(_marked("".join(paragraph), level))
    return "\n".join(lines)


def _marked(words: str, level: int) -> str:
    return ("> " * level + words) if words or not level else ("> " * level).rstrip()
