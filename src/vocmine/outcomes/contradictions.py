"""Questions and answers come in; questions that agents answer in incompatible ways go out.

Word lists stand in ``lexicons``, their patterns regular expressions of folded texts (`vocmine.text.folding.fold`):

- ``axes.csv``: axis; kind of the contradiction; said_of (``anything``: its words are, and questions must be nearer);
  tells_subject (``no``: its words tell what is said of a thing, and nothing of what it is);
- ``stances.csv``: language, axis, pole, negation (``turns``: a negation makes it the other pole; ``whole``: it holds
  its own) and pattern; the first pole of an axis is its side 1;
- ``negations.csv``: language, kind (``denies`` or ``lacks``) and pattern;
- ``quantities.csv``: unit, times (of its smallest) and pattern; ``numerals.csv``: word and value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.errors import ColumnError
from vocmine.outcomes.questions import Exchanges, exchanges, lexicon, patterns, same_questions, scored_rows
from vocmine.text import mask as masked
from vocmine.text.folding import fold
from vocmine.text.resemblance import folded_words
from vocmine.text.words import words
from vocmine.topics.neighbours import Floats, unit_rows
from vocmine.topics.roots import Roots

COLUMNS: Final = ("question", "side_a", "side_b", "contacts_a", "contacts_b", "kind")
_ALIKE: Final = {"one matter": (0.54, 0.5, 0.46, 0.42), "anything": (0.6, 0.56, 0.52)}
"""Mean cosines of exchanges on one question, by what an axis is said of: tuned on half of the planted ones."""
_GROWN: Final = 1.4
"""A looser group with so many times the contacts of the closer one within it is of more than one question."""
_ONE: Final = 0.46
"""Mean cosine from which two groups that share a contact are one."""
_LEAST: Final = 2
"""Contacts on each side: one agent's slip is no contradiction."""
_SHARED: Final = 0.5
"""Share of the smaller of two groups that makes them one."""
_LINE: Final = 0.45
"""Weight of what a product's customers speak of, beside what is said (1) and its subject (1)."""
_RULED: Final = 0.85
"""Share of the contacts that are given one of two quantities, where these are rules."""
_ABOUT: Final = {192.0: 168.0, 360.0: 336.0, 8760.0: 8640.0}
"""Hours: « huit jours » is a week, « quinze jours » two."""
_REACH: Final = 6
"""Words that a negation reaches over."""
_MOST_TEXTS: Final = 60_000
"""Segments that the meanings of words are learnt from."""
_RARE: Final = 2.0
"""A word's meaning counts by half where so many segments hold it."""
_AFTER: Final = re.compile(r"\s*(?:rien|pas|jamais|aucune?)\b")
_RESTRICTED: Final = re.compile(r"\bn(?:e |')(?:(?!pas\b)\w+ ){0,4}qu(?:e\b|')")
_CLAUSE: Final = re.compile(r"[,;:.!?]|\b(?:mais|et|but|and|pero|y)\b")
_ASIDE: Final = re.compile(r"^(?:sans|without|sin) [^,]{1,60},|\b(?:sinon|sauf|otherwise|unless|salvo)\b[^.;!]*")
_STOP: Final = re.compile(r"[.!?;]+(?=\s|$)")
_OWN_CASE: Final = re.compile(r"\b(?:je|i|yo)\b|\bj'")
"""An agent who says « je » speaks of this customer's case, not of the rule."""


def contradictions(analysis: Analysis, *, repeats: pd.DataFrame | None = None, mask: bool = True) -> pd.DataFrame:
    """Find the questions to which agents give incompatible answers.

    What each answer says is read on axes (free or charged, required or not, possible or not, kept or given back…),
    negations counted; on what it denies; and in quantities with their unit. Exchanges that take sides on the same axis
    are grouped by their words, their subject (`subjects`) and their line of products; a group in which each side is
    taken by two contacts or more contradicts itself. A quantity takes sides where it is a rule: given by two contacts
    or more, not named by the customer, and one of the two that nearly all are given; those that change with each
    contact are the customer's own. Answers in French are read, and less fully those in English and Spanish.

    Parameters
    ----------
    analysis : Analysis
    repeats : DataFrame, optional
        ``contact_id`` and ``next_id``, None where the customer did not come back.
    mask : bool
        Hide personal data in the question and in the quotes.

    Returns
    -------
    DataFrame
        One row a group, those of most contacts first: ``question``, ``side_a`` and ``side_b`` (a quote of each),
        ``contacts_a`` and ``contacts_b`` (lists of contact ids), ``kind`` (``number``, ``polarity`` or ``other``) and,
        with `repeats`, ``repeats_linked``: how many of these contacts were followed by another.

    Raises
    ------
    ColumnError
        If `repeats` lacks a column.

    Examples
    --------
    >>> from vocmine import Corpus, Miner
    >>> said = ["Non, c'est gratuit.", "Oui, c'est payant.", "Non, aucun frais.", "Oui, des frais s'appliquent."]
    >>> ask = "Le changement d'adresse est-il payant ?"
    >>> pairs = [(n, pair) for n, told in enumerate(said) for pair in (("client", ask), ("conseiller", told))]
    >>> records = [{"id": f"A{n}", "locuteur": who, "texte": text} for n, (who, text) in pairs]
    >>> found = contradictions(Miner(device="cpu").score(Corpus.from_records(records)))
    >>> found.loc[0, ["contacts_a", "contacts_b"]].tolist()
    [['A0', 'A2'], ['A1', 'A3']]
    """
    if repeats is not None and (missing := {"contact_id", "next_id"} - set(repeats.columns)):
        raise ColumnError(f"got repeats without {sorted(missing)}, expected contact_id and next_id; add them")
    held = exchanges(analysis, simple=False)
    rows = np.flatnonzero(held.frame["answer"].notna())
    held = Exchanges(held.frame.iloc[rows].reset_index(drop=True), held.questions[rows], held.answers[rows])
    rows_told = [_told(held, *group, mask=mask) for group in _groups(analysis, held)]
    found = pd.DataFrame(rows_told, columns=list(COLUMNS))
    if repeats is not None:
        back = set(repeats.loc[repeats["next_id"].notna(), "contact_id"])
        both = [[*a, *b] for a, b in zip(found["contacts_a"], found["contacts_b"], strict=True)]
        found["repeats_linked"] = pd.Series([len(back.intersection(ids)) for ids in both], dtype="int64")
    return found


def subjects(analysis: Analysis, texts: Sequence[str], languages: Sequence[str]) -> Floats:
    """Say what texts are about by the words they hold; float32, shape (n_texts, n_dimensions), rows of length 1 or 0.

    A sentence's embedding tells how it is put as much as what it is about. The mean embedding of the segments that
    hold a word, centred, tells the second; so does the sum over the words, rare ones first: « résilier sans frais ? »
    meets « rompre mon contrat ».
    """
    segments = analysis.segments[["contact_id", "turn", "segment", "text"]]
    segments = segments.iloc[scored_rows(analysis)].sort_values(["contact_id", "turn", "segment"])
    segments = segments.iloc[:: max(1, -(-len(segments) // _MOST_TEXTS))]
    codes = dict(analysis.contacts[["contact_id", "language"]].to_numpy())
    known = [words(text, str(codes[key])) for key, text in segments[["contact_id", "text"]].to_numpy()]
    asked = [words(text, code) for text, code in zip(texts, languages, strict=True)]
    roots = Roots.of(known)
    own, wanted = (
        [sorted({roots.root(word.surface, word.lemma) for word in text if word.use == "matter"}) for text in cut]
        for cut in (known, asked)
    )
    columns = {root: place for place, root in enumerate(sorted({root for text in own for root in text}))}
    counts = _counts(own, columns)
    points = unit_rows(analysis.embeddings[segments.index])
    points = unit_rows(points - points.mean(axis=0)) if len(points) else points
    number = np.asarray(counts.sum(axis=0)).ravel()
    weight = np.log((1 + len(own)) / (1 + number)) * number / (number + _RARE)
    meanings = unit_rows(counts.T @ points) * weight[:, None]
    return np.asarray(unit_rows(_counts(wanted, columns) @ meanings), dtype=np.float32)


def central(vectors: Floats, rows: NDArray[np.int64], *, among: NDArray[np.int64] | None = None) -> int:
    """Return the row nearest to all of `rows`, one of `among` if given; the first of equals."""
    chosen = rows if among is None else among
    return int(chosen[int(np.argmax(np.round(vectors[chosen] @ vectors[rows].sum(axis=0), 4)))])


def _counts(bags: list[list[str]], columns: dict[str, int]) -> sp.csr_array:
    places = [[columns[root] for root in bag if root in columns] for bag in bags]
    flat = np.array([place for bag in places for place in bag], dtype=np.int64)
    shape = (len(bags), len(columns))
    return sp.csr_array((np.ones(len(flat), dtype=np.float32), flat, np.cumsum([0, *map(len, places)])), shape=shape)


def _lines(analysis: Analysis) -> pd.DataFrame:
    """Return what the customers of each contact's product speak of: products of one line are near; 0 for none."""
    contacts = analysis.contacts.set_index("contact_id")["product"]
    products = analysis.segments["contact_id"].map(contacts)
    rows = np.intersect1d(np.flatnonzero(products.notna()), scored_rows(analysis))
    codes, names = pd.factorize(products.iloc[rows], sort=True)
    points = unit_rows(analysis.embeddings[rows]).astype(np.float64)  # the same in any order of the rows, but for 1e-12
    held = sp.csr_array((np.ones(len(rows)), (codes, np.arange(len(rows)))), shape=(len(names), len(rows)))
    sums = held @ points
    share = np.bincount(codes, minlength=len(names))[:, None] / max(len(rows), 1)
    means = pd.DataFrame(unit_rows(sums - sums.sum(axis=0) * share), index=names)
    return means.reindex(contacts).set_axis(contacts.index).fillna(0.0)


def _groups(analysis: Analysis, held: Exchanges) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], str]]:
    """Yield the rows of each side, and the kind, of what contradicts itself."""
    if held.frame.empty:
        return
    columns = held.frame[["question", "answer", "language"]].to_numpy()
    about = subjects(analysis, [_bare(f"{ask}\n{told}", code) for ask, told, code in columns], columns[:, 2].tolist())
    line = _LINE * _lines(analysis).reindex(held.frame["contact_id"]).to_numpy()
    points = unit_rows(np.hstack([unit_rows(held.questions + held.answers), about, line])).astype(np.float32)
    sided = [_sides(*row) for row in columns]
    wording = [" ".join(folded_words(answer)) for answer in columns[:, 1]]
    rows_of: dict[str, list[int]] = {}
    for row, sides in enumerate(sided):
        for axis in sides:
            rows_of.setdefault(axis, []).append(row)
    found = [
        (axis, group)
        for axis, rows in sorted(rows_of.items())
        if len(rows) >= 2 * _LEAST
        for group in _on(axis, points, {row: sided[row][axis] for row in rows})
    ]
    for axis, votes in _merged(found, points):
        rows = np.array(sorted(votes), dtype=np.int64)
        signs = np.array([votes[row] for row in rows])
        said = [wording[row] for row in rows]
        both = set(np.array(said)[signs > 0]) & set(np.array(said)[signs < 0])
        signs[[words_ in both for words_ in said]] = 0  # one sentence with and without its stops is no two answers
        one, other = sorted((rows[signs > 0], rows[signs < 0]), key=lambda side: (-len(side), *side[:1]))
        if len(other) >= _LEAST:
            yield one, other, _axes()[axis.split(":")[0]]["kind"]


def _on(axis: str, points: Floats, taken: dict[int, float]) -> list[dict[int, int]]:
    """Group the exchanges that take sides on an axis, the closest first; return the side, 1 or -1, of each row."""
    own = _axes()[axis.split(":", maxsplit=1)[0]]
    values = Counter(taken.values())
    if own["kind"] != "number" and min(values[side] for side in (1, -1)) < _LEAST:
        return []
    rows = np.array(list(taken))
    kept: list[dict[int, int]] = []
    levels = _ALIKE[own["said_of"]]
    for alike in levels[-1:] if own["kind"] == "number" else levels:  # few amounts of one's own are close by chance
        labels = same_questions(points[rows], alike=alike)
        for label in range(labels.max() + 1):
            told = {int(row): taken[row] for row in rows[labels == label]}
            sides = _ruled(told) if own["kind"] == "number" else {row: int(side) for row, side in told.items()}
            within = [place for place, closer in enumerate(kept) if closer.keys() & sides.keys()]
            if min(list(sides.values()).count(side) for side in (1, -1)) < _LEAST or len(within) > 1:
                continue
            if not within:
                kept.append(sides)
            elif len(sides) <= _GROWN * len(kept[within[0]]):
                kept[within[0]] = sides
    return kept


def _ruled(told: dict[int, float]) -> dict[int, int]:
    """Tell apart the two quantities given most, if they are the rule: most contacts are given one of them."""
    given = sorted(Counter(told.values()).items(), key=lambda pair: (-pair[1], pair[0]))[:2]
    if sum(number for _, number in given) < _RULED * len(told):
        return {}
    sides = dict(zip((value for value, _ in given), (1, -1), strict=False))
    return {row: sides[value] for row, value in told.items() if value in sides}


def _merged(groups: list[tuple[str, dict[int, int]]], points: Floats) -> list[tuple[str, dict[int, int]]]:
    """Add up the sides taken on several axes on one question; a group bears its largest axis."""
    kept: list[tuple[str, dict[int, int]]] = []
    for axis, sides in sorted(groups, key=lambda group: (-len(group[1]), sorted(group[1]), group[0])):
        for _, votes in kept:
            shared = sorted(votes.keys() & sides.keys())
            alike = float(points[sorted(votes)].mean(axis=0) @ points[sorted(sides)].mean(axis=0))
            if shared and (len(shared) >= _SHARED * len(sides) or alike >= _ONE):
                agreed = int(np.sign(sum(votes[row] * sides[row] for row in shared)))
                for row, side in sides.items():
                    votes[row] = votes.get(row, 0) + agreed * side
                break
        else:
            kept.append((axis, dict(sides)))
    return sorted(kept, key=lambda group: (-len(group[1]), sorted(group[1])))


def _told(
    held: Exchanges, one: NDArray[np.int64], other: NDArray[np.int64], kind: str, *, mask: bool
) -> dict[str, object]:
    """Quote a group by what is most central: its question, and the answer of each side."""
    texts = [held.frame["question"][central(held.questions, np.sort(np.concatenate([one, other])))]]
    texts += [held.frame["answer"][central(held.answers, side)] for side in (one, other)]
    ids = [held.frame["contact_id"][side].tolist() for side in (one, other)]
    return dict(zip(COLUMNS, [*(masked(text) if mask else text for text in texts), *ids, kind], strict=True))


def _sides(question: str, answer: str, language: str) -> dict[str, float]:
    """Say what an answer holds: axis → 1 or -1, unit → quantity, ``denied:`` and a word → -1 where it is, or 1."""
    plain = _ASIDE.sub("", fold(answer).strip())
    sums: Counter[str] = Counter()
    for axis, sign, turns, pattern in _stances(language):
        for match in pattern.finditer(plain):
            sums[axis] += -sign if turns and _negated(plain, match, language) else sign
    denial = _negations("denies")[language,]
    for word in words(plain, language):
        if word.use == "matter":
            sums[f"denied:{word.lemma}"] += -1 if denial.search(_scope(plain, word.start)) else 1
    rules = " ".join(part for part in _STOP.split(plain) if not _OWN_CASE.search(part))
    given: dict[str, set[float]] = {}
    for unit, value in _quantities(rules):
        given.setdefault(unit, set()).add(value)
    own = set(_quantities(fold(question)))
    told = {unit: value for unit, values in given.items() for value in values if len(values) == 1}
    stances = {axis: float(np.sign(total)) for axis, total in sums.items() if total}
    return stances | {unit: value for unit, value in told.items() if (unit, value) not in own}


def _quantities(folded: str) -> Iterator[tuple[str, float]]:
    pattern, numerals, units = _measures()
    for match in pattern.finditer(folded):
        number = numerals[match[1]] if match[1] in numerals else float(match[1].replace(",", "."))
        unit, times = units[next(place for place, group in enumerate(match.groups()[1:]) if group)]
        yield unit, _ABOUT.get(number * times, number * times)


def _negated(plain: str, match: re.Match[str], language: str) -> bool:
    """Say whether a negation of the same clause reaches what was found; « ne… que » is none."""
    before = _scope(plain, match.start())
    if language == "fr" and _RESTRICTED.search(before + plain[match.start() : match.end() + 4]):
        return False
    after = language == "fr" and _AFTER.match(plain, match.end()) is not None
    return after or any(_negations(kind)[language,].search(before) for kind in ("denies", "lacks"))


def _scope(plain: str, start: int) -> str:
    return " ".join(_CLAUSE.split(plain[:start])[-1].split()[-_REACH:]) + " "


def _bare(text: str, language: str) -> str:
    """Leave out the words that take sides, and tell nothing of the subject."""
    folded, held = fold(text), list(text)
    for axis, _, _, pattern in _stances(language):
        for match in pattern.finditer(folded) if _axes()[axis]["tells_subject"] == "no" else ():
            held[match.start() : match.end()] = " " * (match.end() - match.start())
    return "".join(held)


@cache
def _axes() -> dict[str, dict[str, str]]:
    return {row["axis"]: row for row in lexicon("axes")}


@cache
def _stances(language: str) -> list[tuple[str, int, bool, re.Pattern[str]]]:
    """Return axis, side, whether a negation turns it, and pattern."""
    first: dict[str, str] = {}
    return [
        (axis, 1 if first.setdefault(axis, pole) == pole else -1, negation == "turns", pattern)
        for (code, axis, pole, negation), pattern in patterns("stances", "language", "axis", "pole", "negation").items()
        if code == language
    ]


@cache
def _negations(kind: str) -> dict[tuple[str, ...], re.Pattern[str]]:
    own = [row for row in lexicon("negations") if row["kind"] == kind]
    return {(row["language"],): re.compile(rf"\b{row['pattern']}") for row in own}


@cache
def _measures() -> tuple[re.Pattern[str], dict[str, float], list[tuple[str, float]]]:
    """Return the pattern of a number and its unit (one group for each), the numerals, and the units."""
    numerals = {row["word"]: float(row["value"]) for row in lexicon("numerals")}
    rows = lexicon("quantities")
    numbers = "|".join(sorted(numerals, key=lambda word: (-len(word), word)))
    units = "|".join(f"({row['pattern']})" for row in rows)
    pattern = re.compile(rf"(?<![\w,.])(\d+(?:[.,]\d+)?|{numbers}) ?(?:de |d')?(?:{units})(?!\w)")
    return pattern, numerals, [(row["unit"], float(row["times"])) for row in rows]
