"""An analysis comes in; drafts of a FAQ go out, made of real questions and of real answers, with their sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.outcomes.contradictions import central, contradictions, subjects
from vocmine.outcomes.questions import Exchanges, exchanges, same_questions
from vocmine.stats.intervals import wilson
from vocmine.text import mask as masked
from vocmine.text.folding import fold
from vocmine.topics.neighbours import Floats, unit_rows

COLUMNS: Final = (
    "question",
    "answer",
    "contact_ids",
    "answer_contact_id",
    "n_contacts",
    "per_month",
    "absorbed",
    "absorbed_low",
    "absorbed_high",
    "contradicted",
)
_FEWEST: Final = 3
"""Contacts that a draft cites, at least."""
_ALIKE: Final = 0.62
"""Mean cosine of questions that ask the same."""
_AGREES: Final = 0.3
"""Cosine from which an answer says what another does."""
_LONGEST: Final = 240
"""Characters of a question that reads at a glance."""
_BACK: Final = pd.Timedelta(days=14)
"""A customer who writes again within this time came back."""
_MONTH: Final = 365.25 / 12
_OWN_CASE: Final = re.compile(r"\b(?:je|i|yo)\b|\bj'")
_CLAUSE: Final = re.compile(r"[,;:.!?]+")
_FEWEST_WORDS: Final = 3
_UNSETTLED: Final = frozenset({"unresolved", "anger", "repeat_contact"})
_HEADING: Final = """# Foire aux questions : propositions

Chaque proposition est faite d'une question et d'une réponse réelles, à relire avant toute publication. « Contacts
évitables » est une borne haute : la part des contacts où la réponse donnée va dans le même sens, si tous ces clients
lisaient la foire aux questions et s'en contentaient.
"""
_NONE: Final = "\nAucune question simple n'est posée assez souvent avec une réponse.\n"


@dataclass(frozen=True, eq=False)
class Faq:
    """Drafts of a FAQ.

    Attributes
    ----------
    drafts : DataFrame
        One row a draft, the most asked first: ``question`` (the most central one), ``answer`` (the one that most other
        answers agree with), ``contact_ids`` (contacts that ask it, three or more), ``answer_contact_id``,
        ``n_contacts``, ``per_month`` (contacts a month, NaN without dates), ``absorbed``, ``absorbed_low`` and
        ``absorbed_high`` (contacts a month, at most, that the entry might absorb, and its 95 % interval) and
        ``contradicted`` (agents answer it in incompatible ways: settle this first).
    """

    drafts: pd.DataFrame

    def to_markdown(self) -> str:
        """Return the drafts as a French page, each with the contacts it comes from."""
        parts = [_section(place, row) for place, (_, row) in enumerate(self.drafts.iterrows(), 1)]
        return _HEADING + ("".join(parts) or _NONE)


def faq(analysis: Analysis, *, n: int = 20, min_contacts: int = _FEWEST, mask: bool = True) -> Faq:
    """Draft a FAQ from the simple questions that come back, and from the answers that agents gave.

    The answer of a draft comes, where one does, from a contact whose customer was content and did not come back within
    two weeks. It serves the contacts that were given an answer like it; their share of the answered ones, with Wilson's
    interval, times the volume is what the entry might absorb at most: nobody knows yet who would read it.

    Parameters
    ----------
    analysis : Analysis
    n : int
        Drafts at most.
    min_contacts : int
        Contacts that ask a question, at least; 3 or more.
    mask : bool
        Hide personal data.

    Returns
    -------
    Faq

    Raises
    ------
    InputError
        If `n` is below 1, or `min_contacts` below 3.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> from vocmine import Corpus, Miner
    >>> turns = [("client", "Comment changer mon adresse ?"), ("conseiller", "Dans l'espace client, rubrique Profil.")]
    >>> records = [{"id": f"A{n}", "locuteur": who, "texte": said} for n in range(3) for who, said in turns]
    >>> faq(Miner(device="cpu").score(Corpus.from_records(records))).drafts["answer"].tolist()
    ["Dans l'espace client, rubrique Profil."]
    """
    if n < 1 or min_contacts < _FEWEST:
        raise InputError(f"got n={n} and min_contacts={min_contacts}, expected n of 1, min_contacts of 3 or more")
    held = exchanges(analysis)
    if held.frame.empty:
        return Faq(pd.DataFrame(columns=list(COLUMNS)))
    about = subjects(analysis, held.frame["question"].tolist(), held.frame["language"].tolist())
    points = np.asarray(unit_rows(np.hstack([unit_rows(held.questions), about])), dtype=np.float32)
    labels = same_questions(points, alike=_ALIKE)
    answered = np.array([_general(answer) for answer in held.frame["answer"]])
    groups = [np.flatnonzero(labels == label) for label in np.flatnonzero(np.bincount(labels) >= min_contacts)]
    groups = sorted((rows for rows in groups if answered[rows].any()), key=lambda rows: (-len(rows), rows[0]))
    return Faq(_drafts(analysis, held, points, groups[:n], mask=mask))


def _drafts(
    analysis: Analysis, held: Exchanges, points: Floats, groups: list[NDArray[np.int64]], *, mask: bool
) -> pd.DataFrame:
    settled, months = _settled(analysis).reindex(held.frame["contact_id"]).to_numpy(dtype=bool), _months(analysis)
    against = contradictions(analysis, mask=False)
    sides = [(set(a), set(b)) for a, b in zip(against["contacts_a"], against["contacts_b"], strict=True)]
    rows = []
    for group in groups:
        draft = _draft(held, points, group, settled, months)
        ids, source = set(draft["contact_ids"]), draft["answer_contact_id"]
        draft["contradicted"] = any((ids & a and ids & b) or source in a | b for a, b in sides)
        rows.append(draft | {key: masked(draft[key]) for key in ("question", "answer") if mask})
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"contradicted": bool})


def _draft(
    held: Exchanges, points: Floats, group: NDArray[np.int64], settled: NDArray[np.bool_], months: float
) -> dict[str, Any]:
    frame = held.frame
    short = group[frame["question"].str.len().to_numpy()[group] <= _LONGEST]
    asked = central(points, short if len(short) else group)
    told = group[frame["answer"].notna().to_numpy()[group]]
    general = np.array([row for row in told if _general(frame["answer"][row])])
    content = general[settled[general]]
    chosen = central(held.answers, told, among=content if len(content) else general)
    served = int((held.answers[told] @ held.answers[chosen] >= _AGREES).sum())
    share, monthly = wilson(served, len(told)), len(group) / months
    return {
        "question": frame["question"][asked],
        "answer": frame["answer"][chosen],
        "contact_ids": frame["contact_id"][group].tolist(),
        "answer_contact_id": frame["contact_id"][chosen],
        "n_contacts": len(group),
        "per_month": monthly,
        "absorbed": share.value * monthly,
        "absorbed_low": share.low * monthly,
        "absorbed_high": share.high * monthly,
    }


def _general(answer: str | None) -> bool:
    """Say whether an answer tells more than what its agent does for one customer."""
    clauses = _CLAUSE.split(fold(answer)) if answer else []
    return any(len(clause.split()) >= _FEWEST_WORDS and not _OWN_CASE.search(clause) for clause in clauses)


def _settled(analysis: Analysis) -> pd.Series:
    """Say of each contact whether its customer was content at its end, and did not come back, as far as is known."""
    contacts = analysis.contacts.sort_values(["customer_id", "started_at", "contact_id"])
    same = contacts["customer_id"].notna() & (contacts["customer_id"] == contacts["customer_id"].shift(-1))
    back = same & (contacts["started_at"].shift(-1) - contacts["started_at"] <= _BACK)
    grieved = contacts["signals"].map(lambda keys: bool(_UNSETTLED.intersection(keys if keys is not None else ())))
    return (~back & ~grieved & (contacts["sentiment"] != "negative")).set_axis(contacts["contact_id"])


def _months(analysis: Analysis) -> float:
    days = analysis.contacts["started_at"].dropna().dt.floor("D")
    return (int((days.max() - days.min()).days) + 1) / _MONTH if len(days) else float("nan")


def _section(place: int, row: pd.Series) -> str:
    lines = [f"## {place}. {_inline(row['question'])}", f"> {_inline(row['answer'])}"]
    if row["contradicted"]:
        lines.append("**À trancher d'abord :** des conseillers répondent autrement à cette question.")
    if np.isfinite(row["per_month"]):
        bounds = f"[{_figure(row['absorbed_low'])} ; {_figure(row['absorbed_high'])}]"
        volume = f"Volume : {_figure(row['per_month'])} par mois. "
        lines.append(f"{volume}Contacts évitables : au plus {_figure(row['absorbed'])} par mois {bounds}.")
    source = f"Réponse tirée du contact {row['answer_contact_id']}. "
    lines.append(f"{source}Sources ({row['n_contacts']} contacts) : {', '.join(map(str, row['contact_ids']))}.")
    return "\n" + "\n\n".join(lines) + "\n"


def _inline(text: str) -> str:
    """Return a text on one line, in which nothing is taken for Markdown."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))


def _figure(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
