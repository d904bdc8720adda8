"""The number of topics is tried, and BERTopic composed."""

import logging

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.topics.made_up import FEW, SAID
from vocmine.topics import ConsensusClustering
from vocmine.topics.choice import choose
from vocmine.topics.compose import compose


def test_choice_same_each_time(made):
    a = choose(made[1], made[0], "fr", seed=0, candidates=(2, 3, 5))
    b = choose(made[1], made[0], "fr", seed=0, candidates=(2, 3, 5))
    pd.testing.assert_frame_equal(a, b)
    assert a.index.tolist() == [2, 3, 5]
    assert a["stability"].between(-1, 1).all()
    assert a["score"].between(0, 1).all()
    assert a.index[a["chosen"]].tolist() == [3]
    assert a["chosen"].sum() == 1
    assert a.loc[a["chosen"], "score"].iloc[0] == a["score"].max()


def test_choice_skips_too_many(made):
    assert choose(made[1], made[0], "fr", seed=0, candidates=(2, 8, 50)).index.tolist() == [2, 8]


@pytest.mark.parametrize("rows", [3, 4, 10])
def test_choice_tiny(rows):
    texts = [t for group in SAID.values() for t in group][:rows]
    table = choose(np.eye(rows, 16, dtype=np.float32), texts, "fr", seed=0)
    assert table["chosen"].sum() == 1


def test_compose_copies_the_users_parts_and_leaves_the_logger():
    from sklearn.decomposition import PCA

    own = PCA(2)
    before = logging.getLogger("BERTopic").level
    bertopic = compose(ConsensusClustering(3), ["fr"], [], {"umap_model": own, "hdbscan_model": None})
    assert bertopic.umap_model is not own
    assert bertopic.umap_model.n_components == 2
    assert isinstance(bertopic.hdbscan_model, ConsensusClustering)
    assert logging.getLogger("BERTopic").level == before


def test_user_vectorizer_ctfidf_representation(made):
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    v = CountVectorizer()
    model = vm.TopicModel(
        **FEW, vectorizer_model=v, ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True)
    ).fit(made[0], embeddings=made[1])
    assert isinstance(model.bertopic_.vectorizer_model, CountVectorizer)
    assert not hasattr(v, "vocabulary_")


def test_random_state_of_numpy_untouched(made):
    np.random.seed(1)  # noqa: NPY002 - the state that is not to be touched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    vm.TopicModel(**FEW).fit(made[0], embeddings=made[1])
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
