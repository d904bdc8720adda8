"""Contacts in French, a model small enough to score them at once, and streams of both."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import vocmine as vm
from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine.streaming import stream
from vocmine.streaming.scoring import Score

SENTENCES = (
    "Bonjour, je n'ai toujours pas reçu le colis.",
    "Merci, le service est parfait !",
    "La facture de l'été est fausse, et personne ne répond.",
    "Toujours pas de réponse !",
    "Merci bonjour",
)


def reviews(n, first=0):
    """One row a contact; every seventh has no text."""
    rows = range(first, first + n)
    return pd.DataFrame(
        {
            "id": [f"a{row}" for row in rows],
            "texte": [None if row % 7 == 3 else f"{SENTENCES[row % 5]} Dossier {row}." for row in rows],
            "date": [f"{1 + row % 28:02d}/03/2025" for row in rows],
            "région": [None if row % 3 else "Nord" for row in rows],
        }
    )


def calls(n, first=0):
    """Three or four rows a contact, customer and agent in turn."""
    rows = [
        (f"c{call}", speaker, f"{SENTENCES[(call + turn) % 5]}", f"agence {call % 4}", f"{turn} min")
        for call in range(first, first + n)
        for turn, speaker in enumerate(["client", "conseiller", "client", "conseiller"][: 3 + call % 2])
    ]
    return pd.DataFrame(rows, columns=["contact_id", "speaker", "text", "agence", "durée"])


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    vm.Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors()).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_miner(tiny_folder):
    return vm.Miner(tiny_folder, device="cpu")


@pytest.fixture
def streamed(tiny_miner):
    """Stream with the tiny model, in chunks of ten rows."""
    return partial(stream, score=tiny_miner.score, signature={"model_id": "tiny"}, chunk_rows=10)


def content(folder):
    """Every file of a stream by its name, save those that hold timings and say what file was read."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "run" and path.suffix == ".parquet"
    }


@dataclass
class FailsAfter:
    """A score that works some times, then fails: the run is cut off there."""

    score: Score
    times: int

    def __call__(self, corpus):
        self.times -= 1
        if self.times < 0:
            raise KeyboardInterrupt
        return self.score(corpus)


@dataclass
class EndsItsProcess:
    """A score that ends its process when it meets a contact: each time, or the first only."""

    score: Score
    contact_id: str
    once: Path | None = None

    def __call__(self, corpus):
        met = self.contact_id in corpus.contacts["contact_id"].to_pylist()
        if met and not (self.once and self.once.exists()):
            if self.once:
                self.once.touch()
            os._exit(9)
        return self.score(corpus)
