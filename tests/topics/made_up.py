"""Made-up texts with made-up embeddings: each topic is a direction, and no model is needed."""

from __future__ import annotations

import numpy as np

SAID = {
    "facture": [
        "Ma facture d'électricité a doublé",
        "Je ne comprends pas ma facture",
        "La facture de mars est trop élevée",
        "Le montant de la facture me surprend",
        "Une facture illisible, des montants partout",
    ],
    "colis": [
        "Mon colis n'est pas arrivé",
        "Colis toujours pas reçu, livraison prévue lundi",
        "Le livreur a laissé le colis dehors",
        "La livraison du colis est en retard",
        "Colis abîmé à la livraison",
    ],
    "carte": [
        "Ma carte bancaire est bloquée",
        "Carte refusée au distributeur",
        "Nouvelle carte bancaire jamais envoyée",
        "Le code de ma carte bancaire ne passe pas",
        "Carte avalée par le distributeur",
    ],
}
"""What customers say, by reason."""


def texts_and_vectors(each: int = 40, *, seed: int = 0, width: int = 32) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return texts of three reasons, their embeddings, and the rank of their reason."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"{said[place % len(said)]} {'ab'[place % 2]}{place}x", topic)
        for topic, said in enumerate(SAID.values())
        for place in range(each)
    ]
    owner = np.array([topic for _, topic in rows])
    points = np.eye(len(SAID), width)[owner] + rng.normal(0, 0.12, (len(rows), width))
    return [text for text, _ in rows], points.astype(np.float32), owner


FEW = {"n_topics": 3, "n_runs": 8}
"""Parameters under which a fit takes a second."""


class Bag:
    """Embeds a text by the words of the reasons that it holds."""

    def encode(self, sentences):
        return np.array([[word in text.lower() for word in (*SAID, "")] for text in sentences], dtype=np.float32)
