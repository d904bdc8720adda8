"""A miner quick to start, and exports of contacts with what goes wrong in real ones."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine import Miner
from vocmine.inference import Model

SENTENCES = (
    "merci service !",
    "toujours pas reçu le colis",
    "la facture pas reçu !",
    "bonjour merci",
    "...",
    None,
    "le service pas le colis",
    "bonjour été",
)
CONTACTS = {"text": "message", "contact_id": "id", "at": "quand", "channel": "canal"}
TURNS = {"text": "propos", "contact_id": "dossier", "speaker": "qui", "turn": "rang"}


@pytest.fixture(scope="session")
def tiny_miner():
    return Miner(Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors()), device="cpu")


def contacts(n_rows):
    """One row a contact; some have no text, some no word, and the days are known from some of the dates alone."""
    rows = range(n_rows)
    return pd.DataFrame(
        {
            "id": [f"K{row:05d}" for row in rows],
            "message": [SENTENCES[row * 7 % len(SENTENCES)] for row in rows],
            "quand": [f"{1 + row % 28:02d}/{1 + row % 9:02d}/2025 09:12" for row in rows],
            "canal": ["Courriel" if row % 3 else "Téléphone" for row in rows],
            "région": ["Bretagne"] * n_rows,
        }
    )


def turns(n_contacts, each=3):
    """Several rows a contact, its turns one after the other."""
    rows = [(contact, rank) for contact in range(n_contacts) for rank in range(each)]
    return pd.DataFrame(
        {
            "dossier": [f"K{contact:05d}" for contact, _ in rows],
            "rang": [rank for _, rank in rows],
            "qui": ["client" if rank % 2 else "conseiller" for _, rank in rows],
            "propos": [SENTENCES[(contact + rank) % len(SENTENCES)] for contact, rank in rows],
        }
    )


def in_order(scores):
    """Sort scores by what names a row, for engines give them back in any order."""
    keys = [key for key in ("contact_id", "turn", "reason") if key in scores]
    return scores.sort_values(keys, kind="stable").reset_index(drop=True)
