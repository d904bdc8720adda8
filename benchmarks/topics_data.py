"""What topics are measured on: development data and samples come in, texts with embeddings and reasons go out.

All methods get the same embeddings, the library's. They are kept in a folder that the caller names (another one when
the model changes), never in the repository: it holds the texts of others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import vocmine as vm
from vocmine.corpus.customers import customer_turns
from vocmine.errors import ModelFormatError
from vocmine.evaluation import data_folder, load
from vocmine.inference import Embedder, Model

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
ACCOUNT_REASONS = HERE / "data" / "topics_accounts.tsv"

Floats = NDArray[np.float32]
Strings = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Documents:
    """Texts to find topics in.

    Attributes
    ----------
    name : str
        Of the set.
    texts : list of str
    embeddings : float32 array of shape (n, dimensions)
        Of length 1.
    labels : str array of shape (n,), or None
        Reason of each text; None where nobody has labelled them.
    languages, contacts : str array of shape (n,)
        Language of each text, and id of the contact that it comes from.
    """

    name: str
    texts: list[str] = field(repr=False)
    embeddings: Floats = field(repr=False)
    labels: Strings | None = field(repr=False)
    languages: Strings = field(repr=False)
    contacts: Strings = field(repr=False)

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[np.intp]) -> Documents:
        """Return some of the texts, in the order of `rows`."""
        return Documents(
            self.name,
            [self.texts[row] for row in rows.tolist()],
            self.embeddings[rows],
            None if self.labels is None else self.labels[rows],
            self.languages[rows],
            self.contacts[rows],
        )


def load_documents(name: str, folder: Path) -> Documents:
    """Load a set by its name among `SETS`.

    Parameters
    ----------
    name : str
    folder : Path
        Where embeddings and analyses are kept from one call to the next; created if needed.

    Raises
    ------
    ReadError
        If the set is of the development data and VOCMINE_DATA does not name their folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return SETS[name](folder)


def sib200(folder: Path) -> Documents:
    """Load 800 French sentences of 7 categories: SIB-200's training and development splits."""
    source = data_folder() / "sib200_fra"
    frames = [pd.read_csv(source / f"{split}.tsv", sep="\t", quoting=3, dtype=str) for split in ("train", "dev")]
    frame = pd.concat(frames, ignore_index=True)
    texts, kept = frame["text"].tolist(), folder / "sib200.npy"
    if not kept.exists():
        np.save(kept, embed(texts))
    languages = np.full(len(texts), "fr")
    return Documents(
        "sib200", texts, np.load(kept), _strings(frame["category"]), languages, _strings(frame["index_id"])
    )


def samples(folder: Path) -> Documents:
    """Load the invented sample contacts, a text each; the reasons are those that they were written for."""
    return by_contact(sample_analysis(folder), "samples", _reasons(EXAMPLES / "truth" / "contacts.csv", ","))


def accounts(folder: Path) -> Documents:
    """Load the accounts of Services Publics+, a text each."""
    return by_contact(account_analysis(folder), "accounts", _account_reasons())


def account_segments(folder: Path) -> Documents:
    """Load the segments of these accounts; each has the reason of its account."""
    return by_segment(account_analysis(folder), "account_segments", _account_reasons())


SETS: Mapping[str, Callable[[Path], Documents]] = {
    loader.__name__: loader for loader in (sib200, samples, accounts, account_segments)
}


def sample_analysis(folder: Path) -> vm.Analysis:
    """Score the sample contacts, or load what was scored."""
    return _scored(folder / "samples", lambda: vm.read(EXAMPLES / "contacts.csv"))


def account_analysis(folder: Path) -> vm.Analysis:
    """Score the accounts, title and text together, or load what was scored."""

    def corpus() -> vm.Corpus:
        data = load("services_publics_plus")
        return vm.Corpus.from_pandas(pd.DataFrame({"contact_id": data.ids, "text": data.texts}))

    return _scored(folder / "accounts", corpus)


def embed(texts: list[str]) -> Floats:
    """Embed whole texts as the library embeds segments."""
    return _embedder().embed(texts)


def by_contact(analysis: vm.Analysis, name: str, reasons: Mapping[str, str] | None) -> Documents:
    """Make a document of what each customer says in a contact.

    Its embedding is the mean of its segments', weighted by their characters and brought to length 1. A contact without
    a segment that could be scored is left out.
    """
    spoken = _spoken(analysis)
    _, first, owner = np.unique(spoken["owner"], return_index=True, return_inverse=True)
    sums = np.zeros((len(first), analysis.embeddings.shape[1]), dtype=np.float32)
    weights = spoken["text"].str.len().to_numpy(dtype=np.float32)
    np.add.at(sums, owner, analysis.embeddings[spoken.index] * weights[:, None])
    means = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    texts = spoken.groupby("owner")["text"].agg(" ".join).tolist()
    return _documents(name, texts, means, spoken.iloc[first], reasons)


def by_segment(analysis: vm.Analysis, name: str, reasons: Mapping[str, str] | None) -> Documents:
    """Make a document of each segment of customers that could be scored; its reason is that of its contact."""
    spoken = _spoken(analysis)
    return _documents(name, spoken["text"].tolist(), analysis.embeddings[spoken.index], spoken, reasons)


@cache
def _embedder() -> Embedder:
    embedder = Model.from_pretrained("embedded").embedder
    if embedder is None:
        raise ModelFormatError("the embedded model names no embedder, expected one: its encoder reads sentiment")
    return embedder


def _spoken(analysis: vm.Analysis) -> pd.DataFrame:
    """Return the customers' segments that have an embedding: text, row of the contact, its id and language."""
    keys = ["contact_id", "turn"]
    turns = pd.MultiIndex.from_frame(analysis.corpus.turns.select(keys).to_pandas())
    segments = analysis.segments[[*keys, "text"]]
    owner = customer_turns(analysis.corpus)[turns.get_indexer(pd.MultiIndex.from_frame(segments[keys]))]
    counts = (owner >= 0) & np.isfinite(analysis.embeddings[:, 0])
    languages = analysis.corpus.contacts["language"].to_numpy()[owner]
    return segments.assign(owner=owner, language=languages)[counts]


def _documents(
    name: str, texts: list[str], embeddings: Floats, rows: pd.DataFrame, reasons: Mapping[str, str] | None
) -> Documents:
    contacts = rows["contact_id"].tolist()
    labels = None if reasons is None else np.array([reasons[contact] for contact in contacts])
    return Documents(name, texts, embeddings, labels, _strings(rows["language"]), np.array(contacts))


def _scored(kept: Path, corpus: Callable[[], vm.Corpus]) -> vm.Analysis:
    if not (kept / "manifest.json").is_file():  # written last
        vm.Miner(signals=False).score(corpus()).save(kept)
    return vm.Analysis.load(kept)


def _account_reasons() -> dict[str, str] | None:
    return _reasons(ACCOUNT_REASONS, "\t") if ACCOUNT_REASONS.is_file() else None


def _reasons(path: Path, separator: str) -> dict[str, str]:
    frame = pd.read_csv(path, sep=separator, dtype=str)
    return dict(zip(frame["contact_id"], frame["reason"], strict=True))


def _strings(values: pd.Series) -> Strings:
    return np.array(values.tolist(), dtype=np.str_)
