"""What is kept of each text, as the columns of one matrix: computed, stored and handed out as one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vocmine.inference.protocol import RunnableModel

EMBEDDING: Final = "embedding"
FEATURES: Final = "features"


@dataclass(frozen=True)
class Layout:
    """Names and widths of the parts of a row.

    Attributes
    ----------
    widths : dict of str to int
        ``embedding`` and ``features``, of width 0 where they are not asked for, then the probabilities by head, under
        ``heads.`` and its name, and the places of evidence, under ``evidence.`` and the head's.

    Examples
    --------
    >>> layout = Layout({"embedding": 2, "features": 0, "heads.sentiment": 3})
    >>> layout.width, layout["heads.sentiment"]
    (5, slice(2, 5, None))
    """

    widths: dict[str, int]

    @classmethod
    def of(cls, model: RunnableModel, *, embeddings: bool, features: bool) -> Layout:
        """Lay out what a model gives for a text."""
        return cls(
            {
                EMBEDDING: model.embedding_size if embeddings else 0,
                FEATURES: model.feature_size if features else 0,
                **{f"heads.{head.name}": len(head.labels) for head in model.heads},
                **{f"evidence.{head.name}": 2 * len(head.labels) for head in model.heads if head.input == "tokens"},
            }
        )

    def __getitem__(self, name: str) -> slice:
        """Columns of a part."""
        names = list(self.widths)
        start = sum(self.widths[other] for other in names[: names.index(name)])
        return slice(start, start + self.widths[name])

    @property
    def width(self) -> int:
        """Numbers in a row."""
        return sum(self.widths.values())

    def __str__(self) -> str:
        """Tell layouts apart: rows of one are no rows of another."""
        return " ".join(f"{name}:{width}" for name, width in self.widths.items())
