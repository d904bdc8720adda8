"""Texts made of the tiny model's words, labelled by a rule that a linear head can learn: who says « merci » is glad."""

from __future__ import annotations

import numpy as np

WORDS = ("le", "la", "facture", "colis", "toujours", "pas", "reçu", "bonjour", "service", "été")


def texts_and_labels(n=60, seed=0, labels=("négatif", "positif")):
    random = np.random.default_rng(seed)
    texts, said = [], []
    for place in range(n):
        words = random.choice(WORDS, random.integers(3, 9)).tolist()
        if place % 2:
            words[::2] = ["merci"] * len(words[::2])
        texts.append(" ".join(words))
        said.append(labels[place % 2])
    return texts, said
