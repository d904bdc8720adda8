"""Texts, the vectors they must have, and the ways into a cache that the tests of it share."""

from hashlib import shake_128

import numpy as np

WIDTH = 64
MIB = 2**20
SCOPE = "embedded 3f2a, float32, features"
TEXTS = [
    "Bonjour, je n’ai toujours pas reçu ma facture.",
    "Merci, tout est réglé !",
    "Ça fait trois fois que j’appelle…",
    "🤬",
]


def encoded(texts, width=WIDTH):
    """What an encoder would give: numbers that depend on the text alone, so that a mix-up shows."""
    drawn = b"".join(shake_128(text.encode()).digest(2 * width) for text in texts)
    return np.frombuffer(drawn, dtype="<i2").reshape(len(texts), width) / np.float32(3)


def numbered(begin, end):
    return [f"Ma commande n° {number} n’est pas arrivée." for number in range(begin, end)]


def put(cache, texts):
    cache.put(SCOPE, texts, encoded(texts))


def held(cache, texts):
    """Which texts are held, all that is said of them being true."""
    vectors, found = cache.get(SCOPE, texts, WIDTH)
    np.testing.assert_array_equal(vectors[found], encoded(texts)[found])
    assert np.isnan(vectors[~found]).all()
    return found


def database(cache):
    """Where its vectors lie."""
    return cache.folder / "vectors.sqlite"
