"""A model fitted on made-up texts, an analysis of them, and a model of given reasons."""

import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import FEW, SAID, Bag, texts_and_vectors


@pytest.fixture(scope="session")
def made():
    """Texts, embeddings, and the rank of each one's reason."""
    return texts_and_vectors()


@pytest.fixture(scope="session")
def fitted(made):
    texts, points, _ = made
    return vm.TopicModel(**FEW).fit(texts, embeddings=points)


@pytest.fixture(scope="session")
def analysis(made):
    texts, points, _ = made
    days = pd.date_range("2026-01-05", periods=len(texts), freq="6h", tz="Europe/Paris")
    records = [
        {"id": f"A{place}", "texte": text, "date": day.isoformat(), "locuteur": "client", "langue": "fr"}
        for place, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    return analysed(records, embeddings=points)


@pytest.fixture(scope="session")
def told(analysis, fitted):
    """The analysis with its topics."""
    return fitted.assign(analysis)


@pytest.fixture(scope="session")
def guided():
    """A model of three reasons given by their names."""
    said = [text for texts in SAID.values() for text in texts]
    reasons = {"facture": [], "colis": [], "carte": []}
    return vm.TopicModel(reasons=reasons, outlier_share=0, embedding_model=Bag()).fit(said)
