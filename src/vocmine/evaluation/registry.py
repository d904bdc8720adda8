"""The registered data sets, as data: where each lies in the folder VOCMINE_DATA, its labels, origin and licence.

None of them is part of the package, and no test split is named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

_UMSAB_LANGUAGES: Final = {
    "fr": "french",
    "en": "english",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
}


@dataclass(frozen=True)
class DatasetCard:
    """What is known of a data set.

    Attributes
    ----------
    name : str
    path : str
        File within VOCMINE_DATA.
    text : tuple of str
        Columns of the text, put together with ``. `` between them.
    label : str
        Column of the label.
    label_map : mapping of str to str
        Label in the file → label here. Rows of another label are left out, and counted.
    languages : tuple of str
        ISO 639-1 codes.
    licence, annotators, source, use : str
        What may be done with it, who gave the labels, where it comes from, what it serves for.
    target : str
        What the labels tell: ``sentiment`` (what the text says, as read by others) or ``satisfaction`` (what its author
        declared).
    channel : str, optional
        Channel of all texts, where they are of one.
    key : str, optional
        Column of the contact ids.
    joined_to : str, optional
        File with the texts, rows matched by `key`, where `path` holds labels only.
    columns : tuple of str
        Names of the columns, where the file has no header; `header_lines` are skipped before its rows.
    header_lines : int
    """

    name: str
    path: str
    text: tuple[str, ...]
    label: str
    label_map: Mapping[str, str]
    languages: tuple[str, ...]
    licence: str
    annotators: str
    source: str
    use: str
    target: Literal["sentiment", "satisfaction"] = "sentiment"
    channel: str | None = None
    key: str | None = None
    joined_to: str | None = None
    columns: tuple[str, ...] = ()
    header_lines: int = 0


def _same(*labels: str) -> Mapping[str, str]:
    return MappingProxyType({label: label for label in labels})


def _umsab(code: str, split: Literal["train", "val"]) -> DatasetCard:
    language = _UMSAB_LANGUAGES[code]
    return DatasetCard(
        name=f"umsab_{language}" + ("_train" if split == "train" else ""),
        path=f"umsab/{language}/{split}.csv",
        text=("text",),
        label="label",
        label_map=_same("negative", "neutral", "positive"),
        languages=(code,),
        licence="research use; terms of X",
        annotators="those of the data sets that UMSAB brings together; classes balanced",
        source="UMSAB, github.com/cardiffnlp/xlm-t (874214d)",
        use="training" if split == "train" else "validation",
        channel="social",
    )


_OTHERS: Final = (
    DatasetCard(
        name="deft2017",
        path="deft2017/train.tsv",
        text=("text",),
        label="label",
        label_map=MappingProxyType(
            {"objective": "neutral", "negative": "negative", "positive": "positive", "mixed": "mixed"}
        ),
        languages=("fr",),
        licence="CeCILL header; research use",
        annotators="DEFT 2017, task 1",
        source="github.com/sam0enna/deft2017 (598bb07)",
        use="training",
        channel="social",
        columns=("id", "text", "label"),
        header_lines=8,
    ),
    DatasetCard(
        name="services_publics_plus",
        path="services_publics_plus/dev.csv",
        text=("title", "text"),
        label="sentiment_declared",
        label_map=MappingProxyType({"Positif": "positive", "Neutre": "neutral", "Négatif": "negative"}),
        languages=("fr",),
        licence="open government data, licence page not seen",
        annotators="the authors of the accounts, who declare their own sentiment",
        source="DITP, Services Publics+, github.com/LonneQuent/PE-x-DTIP (7b4616e)",
        use="cross-validation, with the folds of benchmarks/folds",
        target="satisfaction",
        key="contact_id",
    ),
    DatasetCard(
        name="signals_dev",
        path="signals_dev/labels.jsonl",
        text=("title", "text"),
        label="sentiment",
        label_map=_same("negative", "neutral", "positive", "mixed"),
        languages=("fr",),
        licence="labels made for this project; texts of services_publics_plus",
        annotators="two model annotators working apart (kappa .95) and one adjudicator; no human labels",
        source="380 accounts of services_publics_plus",
        use="cross-validation, with the folds of benchmarks/folds",
        key="contact_id",
        joined_to="services_publics_plus/dev.csv",
    ),
)

REGISTERED: Final[Mapping[str, DatasetCard]] = MappingProxyType(
    {
        card.name: card
        for card in (
            *(_umsab(code, "val") for code in _UMSAB_LANGUAGES),
            *(_umsab(code, "train") for code in _UMSAB_LANGUAGES),
            *_OTHERS,
        )
    }
)
"""Data sets that `load` knows by name."""
