"""What the model card says in figures, from held-out probabilities: by set, language, variant, channel and noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from assess import HeldOut
from data import written
from languages import LANGUAGES
from units import ASPECTS, HEADS

from vocmine.evaluation import accuracy, brier, calibration_error, macro_f1, negative_log_likelihood, risk_coverage
from vocmine.evaluation.noise import NOISE
from vocmine.stats import Interval, bootstrap

_LEAST_CELL = 30
_DRAWS = 1_000
_ACCOUNTS = "services_publics_plus"


def figures(held_out: HeldOut) -> dict[str, Any]:
    """Return every figure of the card, as plain numbers."""
    table = held_out.table()
    table["source"] = table["set"].str.replace(r"^umsab_.*", "tweets", regex=True)
    validation = held_out.table("validation")
    of = {head: table[table["head"] == head] for head in HEADS}
    aspects = pd.concat([of[aspect] for aspect in ASPECTS])
    return {
        "held_out": {
            f"{head}/{source}": measured(rows, head)
            for head in ("sentiment", "satisfaction")
            for source, rows in of[head].groupby("source", sort=False)
        },
        "aspects": {source: _aspects(held_out, rows) for source, rows in aspects.groupby("source", sort=False)},
        "validation": _validation(validation),
        "calibration": {head: _calibration(held_out, of[head], head) for head in ("sentiment", "satisfaction")},
        "slices": _slices(of["sentiment"]),
        "noise": _noise(held_out),
    }


def measured(rows: pd.DataFrame, head: str) -> dict[str, Any]:
    """Return n, macro-F1, accuracy, negative log-likelihood, Brier score and calibration error, with 95 % intervals."""
    labels, probabilities = HEADS[head], _probabilities(rows, head)
    truth = rows["label"].tolist()
    predicted = [labels[best] for best in probabilities.argmax(axis=1)]
    return {
        "n": len(rows),
        "macro_f1": plain(macro_f1(truth, predicted)),
        "accuracy": plain(accuracy(truth, predicted)),
        "nll": plain(negative_log_likelihood(truth, probabilities, labels)),
        "brier": plain(brier(truth, probabilities, labels)),
        "ece": plain(calibration_error(truth, probabilities, labels)),
    }


def _aspects(held_out: HeldOut, rows: pd.DataFrame) -> dict[str, Any]:
    """Return for each aspect the macro-F1 of « spoken of or not » and of its polarity, and the means with intervals."""
    found: dict[str, Any] = {}
    said: dict[str, tuple[list[str], list[str]]] = {}
    polarity: dict[str, tuple[list[str], list[str]]] = {}
    for aspect in ASPECTS:
        mine = rows[rows["head"] == aspect]
        edges = {fold: held_out.threshold(aspect, fold) for fold in mine["fold"].unique()}
        spoken = (1 - mine["p_absent"]).to_numpy() >= mine["fold"].map(edges).to_numpy()
        truth = (mine["label"] != "absent").map({True: "spoken", False: "absent"}).tolist()
        said[aspect] = truth, np.where(spoken, "spoken", "absent").tolist()
        polar = mine[mine["label"].isin(["negative", "positive"])]
        guess = np.where(polar["p_positive"] > polar["p_negative"], "positive", "negative").tolist()
        polarity[aspect] = polar["label"].tolist(), guess
        counts = polar["label"].value_counts()
        found[aspect] = {
            "spoken_n": truth.count("spoken"),
            "mention": plain(macro_f1(*said[aspect])),
            "negative_n": int(counts.get("negative", 0)),
            "positive_n": int(counts.get("positive", 0)),
            "polarity": plain(macro_f1(*polarity[aspect])),
        }
    enough = [a for a in ASPECTS if min(found[a]["negative_n"], found[a]["positive_n"]) >= _LEAST_CELL]
    found["mean_mention"] = plain(_mean([said[aspect] for aspect in ASPECTS]))
    found["mean_polarity"] = plain(_mean([polarity[aspect] for aspect in enough])) | {"of": enough}
    return found


def _mean(pairs: Sequence[tuple[list[str], list[str]]]) -> Interval:
    """Return the mean macro-F1 of several tasks, their texts resampled apart."""
    random = np.random.default_rng(0)
    coded = [(np.array(truth), np.array(guess)) for truth, guess in pairs]
    means = []
    for _ in range(_DRAWS):
        draws = [random.integers(len(truth), size=len(truth)) for truth, _ in coded]
        means.append(
            np.mean([_f1(truth[rows], guess[rows]) for (truth, guess), rows in zip(coded, draws, strict=True)])
        )
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(np.mean([_f1(truth, guess) for truth, guess in coded])), float(low), float(high))


def _f1(truth: Any, guess: Any) -> float:
    """Return the mean F1 of the labels of the truth."""
    hits = truth == guess
    labels = np.unique(truth)
    return float(
        np.mean([2 * (hits & (truth == one)).sum() / ((truth == one).sum() + (guess == one).sum()) for one in labels])
    )


def _validation(rows: pd.DataFrame) -> dict[str, Any]:
    """Return macro-F1 on the validation tweets: mean, spread and interval over the fold models, one seed each."""
    found: dict[str, Any] = {}
    for code in LANGUAGES:
        mine = rows[(rows["set"] == f"umsab_{code}_val") & (rows["head"] == "sentiment")]
        found[code] = _seeds(mine)
    found["mean"] = {
        "macro_f1": round(float(np.mean([found[code]["macro_f1"] for code in LANGUAGES])), 4),
        "seeds": np.mean([found[code]["seeds"] for code in LANGUAGES], axis=0).round(4).tolist(),
    }
    return found


def _seeds(rows: pd.DataFrame) -> dict[str, Any]:
    """Mean over fold models; the interval resamples texts, the same for all of them."""
    folds = [part for _, part in rows.groupby("fold")]
    truth = np.array(folds[0]["label"].tolist())
    guesses = [_best(part, "sentiment") for part in folds]

    def mean(drawn: Any) -> float:
        return float(np.mean([_f1(truth[drawn], guess[drawn]) for guess in guesses]))

    spread = [_f1(truth, guess) for guess in guesses]
    interval = bootstrap(mean, len(truth), draws=_DRAWS)
    return {
        "n": len(truth),
        "macro_f1": round(interval.value, 4),
        "interval_95": [round(interval.low, 4), round(interval.high, 4)],
        "seeds": [round(value, 4) for value in spread],
        "sd": round(float(np.std(spread, ddof=1)), 4),
    }


def _calibration(held_out: HeldOut, rows: pd.DataFrame, head: str) -> dict[str, Any]:
    """Compare before and after the cross-fitted temperature, and say what abstaining gains."""
    labels, after = HEADS[head], _probabilities(rows, head)
    heat = rows["fold"].map({fold: held_out.temperature(head, fold) for fold in rows["fold"].unique()}).to_numpy()
    before = after ** heat[:, None]
    before /= before.sum(axis=1, keepdims=True)
    truth = rows["label"].tolist()
    found: dict[str, Any] = {}
    for name, probabilities in {"before": before, "after": after}.items():
        measures: dict[str, Callable[..., Interval]] = {
            "nll": negative_log_likelihood,
            "brier": brier,
            "ece": calibration_error,
        }
        found[name] = {key: plain(measure(truth, probabilities, labels)) for key, measure in measures.items()}
    curve = risk_coverage(truth, after, labels)
    found["risk_coverage"] = curve.curve.round(4).to_dict("records")
    found["risk_coverage_area"] = round(float(curve.area), 4)
    return found


def _slices(sentiment: pd.DataFrame) -> dict[str, Any]:
    """Macro-F1 by language, variant and channel of the texts written for this project."""
    found: dict[str, Any] = {}
    for kind in ("sentences", "accounts"):
        texts = written(kind)
        texts["id"] = [f"{kind[0]}{row}" for row in range(len(texts))]
        rows = sentiment[sentiment["set"] == kind].merge(texts.drop(columns="label", errors="ignore"), on="id")
        for column in ("language", "channel", "phenomenon"):
            if column in rows:
                found |= {
                    f"{kind}/{column}/{value!s}": measured(part, "sentiment")["macro_f1"] | {"n": len(part)}
                    for value, part in rows.groupby(column)
                    if value and len(part) >= _LEAST_CELL
                }
    return found


def _noise(held_out: HeldOut) -> dict[str, Any]:
    """Macro-F1 under each perturbation, and as written."""
    found: dict[str, Any] = {}
    for name in ("", *(f"_{each}" for each in NOISE)):
        accounts = held_out.table(f"accounts{name}") if name else held_out.table()
        accounts = accounts[accounts["set"] == _ACCOUNTS]
        tweets = held_out.table(f"validation{name}")
        tweets = tweets[tweets["set"] == "umsab_fr_val"]
        found[name.removeprefix("_") or "as_written"] = {
            "sentiment": measured(accounts[accounts["head"] == "sentiment"], "sentiment")["macro_f1"]["value"],
            "satisfaction": measured(accounts[accounts["head"] == "satisfaction"], "satisfaction")["macro_f1"]["value"],
            "umsab_fr_val": _seeds(tweets)["macro_f1"],
        }
    return found


def _best(rows: pd.DataFrame, head: str) -> Any:
    return np.array(HEADS[head])[_probabilities(rows, head).argmax(axis=1)]


def _probabilities(rows: pd.DataFrame, head: str) -> Any:
    values = rows[[f"p_{label}" for label in HEADS[head]]].to_numpy()
    return values / values.sum(axis=1, keepdims=True)


def plain(interval: Interval) -> dict[str, Any]:
    """Return an interval as plain numbers."""
    return {"value": round(interval.value, 4), "interval_95": [round(interval.low, 4), round(interval.high, 4)]}
