"""The surest answers come first, and the curve ends where everything is answered."""

import numpy as np
import pytest

from vocmine.errors import InputError
from vocmine.evaluation import risk_coverage

LABELS = ("oui", "non")


def rows(confidences):
    return np.stack([np.asarray(confidences), 1 - np.asarray(confidences)], axis=1)


def test_the_curve_of_four_texts():
    curve, area = risk_coverage(["oui", "non", "oui", "non"], rows([0.9, 0.8, 0.7, 0.6]), LABELS)
    assert curve["coverage"].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve["risk"].tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve["threshold"].tolist() == [0.9, 0.8, 0.7, 0.6]
    assert area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_texts_of_equal_confidence_are_answered_together():
    curve, area = risk_coverage(["oui", "non", "oui", "oui"], rows([0.8] * 4), LABELS)
    assert curve.to_dict("records") == [{"coverage": 1.0, "risk": 0.25, "threshold": 0.8}]
    assert area == 0.25


def test_the_curve_stays_small_and_ends_at_the_error_rate():
    random = np.random.default_rng(0)
    confidence = random.uniform(0.5, 1, 1000)
    truth = ["oui" if hit else "non" for hit in random.random(1000) < confidence]
    curve, area = risk_coverage(truth, rows(confidence), LABELS)
    assert len(curve) == 20
    assert curve["coverage"].iloc[-1] == 1
    assert curve["risk"].iloc[-1] == pytest.approx(truth.count("non") / 1000)
    assert area < curve["risk"].iloc[-1]  # confidence tells something


def test_no_text_is_refused():
    with pytest.raises(InputError, match="got no text"):
        risk_coverage([], np.empty((0, 2)), LABELS)
