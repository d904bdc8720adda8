"""What the benchmark measures on topics."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from topics_measures import against_reasons, coherence, cut, paired, shape

REASONS = np.array(["facture"] * 20 + ["colis"] * 20)
RIGHT = np.array([0] * 20 + [1] * 20)


def test_a_perfect_partition_scores_one_and_outliers_cost():
    assert against_reasons(RIGHT, REASONS) == pytest.approx(
        dict.fromkeys(("ari", "nmi", "ari_assigned", "nmi_assigned"), 1)
    )
    some = np.where(np.arange(40) % 10 == 0, -1, RIGHT)
    found = against_reasons(some, REASONS)
    assert found["ari"] < found["ari_assigned"] == pytest.approx(1)
    assert shape(some) == {"n_topics": 2, "outliers": pytest.approx(0.1), "largest": pytest.approx(0.5)}


def test_words_are_cut_the_same_for_all():
    assert cut("L'appli : Mot de passe_2 ?") == {"l", "appli", "mot", "de", "passe", "2"}


def test_terms_told_together_are_coherent_and_overlap_gains_nothing_in_words():
    texts = ["facture trop élevée"] * 5 + ["colis jamais reçu"] * 5
    good = coherence([["facture", "élevée"], ["colis", "reçu"]], texts)
    bad = coherence([["facture", "reçu"], ["colis", "élevée"]], texts)
    assert good["npmi"] == pytest.approx(1)
    assert bad["npmi"] < -0.9
    pairs = coherence([["facture", "facture élevée"], ["colis", "colis reçu"]], texts)
    assert pairs["npmi_words"] == good["npmi_words"]
    assert good["diversity"] == 1


def test_a_difference_stands_in_the_middle_of_its_interval():
    rng = np.random.default_rng(0)
    noisy = [np.where(rng.random(40) < 0.3, 1 - RIGHT, RIGHT) for _ in range(2)]
    found = paired([RIGHT, RIGHT], noisy, REASONS)
    wanted = 1 - np.mean([against_reasons(labels, REASONS)["ari"] for labels in noisy])
    value, low, high = found["ari"]
    assert value == pytest.approx(wanted, abs=1e-3)
    assert low < value < high
    assert paired([RIGHT], [RIGHT], REASONS)["nmi"] == [0, 0, 0]
