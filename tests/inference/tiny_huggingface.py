"""Hugging Face folders small enough for tests: random weights, a tokenizer trained here, one for each architecture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

TEXTS = [
    "Merci !",
    "Toujours pas remboursé, c'est honteux.",
    "Je voudrais changer l'adresse de livraison de ma commande",
    "La facture de mars est fausse et personne ne rappelle depuis trois semaines",
    "Très bon accueil, dossier réglé en deux jours.",
]
HIDDEN, PLACES = 32, 60
POLARITY_NAMES = ("négatif", "neutre", "positif")

_SIZES = {
    "hidden_size": HIDDEN,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "initializer_range": 0.3,  # wide enough for texts to get logits of their own
}
_DISTILBERT_SIZES = {"dim": HIDDEN, "n_layers": 2, "n_heads": 4, "hidden_dim": 64, "initializer_range": 0.3}
_FAIRSEQ = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_BERT = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_DEBERTA = ("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]")


class Architecture(NamedTuple):
    """What sets an architecture apart: its names in transformers, its tokenizer, its positions."""

    stem: str
    tokenizer: str
    special: tuple[str, ...]
    sizes: dict[str, object]
    longest: int


ARCHITECTURES = {
    "camembert": Architecture("Camembert", "unigram", _FAIRSEQ, {**_SIZES, "pad_token_id": 1}, PLACES - 2),
    "xlm-roberta": Architecture("XLMRoberta", "unigram", _FAIRSEQ, {**_SIZES, "pad_token_id": 1}, PLACES - 2),
    "roberta": Architecture("Roberta", "bpe", _FAIRSEQ, {**_SIZES, "pad_token_id": 1}, PLACES - 2),
    "bert": Architecture("Bert", "wordpiece", _BERT, {**_SIZES, "pad_token_id": 0}, PLACES),
    "distilbert": Architecture("DistilBert", "wordpiece", _BERT, {**_DISTILBERT_SIZES, "pad_token_id": 0}, PLACES),
    "deberta-v2": Architecture(
        "DebertaV2",
        "unigram",
        _DEBERTA,
        {
            **_SIZES,
            "pad_token_id": 0,
            "relative_attention": True,
            "position_biased_input": False,
            "pos_att_type": ["p2c", "c2p"],
            "type_vocab_size": 0,
        },
        PLACES,
    ),
}


def write_tokenizer(folder: Path, architecture: Architecture, model_max_length: int = 512) -> int:
    """Train a tokenizer on the texts, write it as the architecture's own class reads it, and return its size."""
    tokenizer, trainer = _untrained(architecture)
    tokenizer.train_from_iterator(TEXTS * 4, trainer)
    first, last = ("<s>", "</s>") if architecture.special is _FAIRSEQ else ("[CLS]", "[SEP]")
    ends = [(token, tokenizer.token_to_id(token)) for token in (first, last)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{first} $A {last}", special_tokens=ends)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    settings = {"tokenizer_class": f"{architecture.stem}Tokenizer", "model_max_length": model_max_length}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return tokenizer.get_vocab_size()


def _untrained(architecture: Architecture) -> tuple[Tokenizer, trainers.Trainer]:
    special = list(architecture.special)
    if architecture.tokenizer == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
        unknown = special[3]
        return tokenizer, trainers.UnigramTrainer(
            vocab_size=150, special_tokens=special, unk_token=unknown, show_progress=False
        )
    if architecture.tokenizer == "bpe":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(), decoders.ByteLevel()
        letters = pre_tokenizers.ByteLevel.alphabet()
        return tokenizer, trainers.BpeTrainer(
            vocab_size=320, special_tokens=special, initial_alphabet=letters, show_progress=False
        )
    tokenizer = Tokenizer(models.WordPiece(unk_token=special[1]))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer, trainers.WordPieceTrainer(vocab_size=150, special_tokens=special, show_progress=False)


def write_classifier(folder: Path, name: str, labels: tuple[str, ...] = POLARITY_NAMES, **settings: object) -> Path:
    """Write a sequence-classification folder with random weights from a fixed seed."""
    return _write(folder, name, "ForSequenceClassification", id2label=dict(enumerate(labels)), **settings)


def write_encoder(folder: Path, name: str, head: str = "Model", **settings: object) -> Path:
    """Write an encoder, bare or with a head that classifies no texts such as ``ForMaskedLM``."""
    return _write(folder, name, head, **settings)


def _write(folder: Path, name: str, head: str, **settings: object) -> Path:
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    architecture = ARCHITECTURES[name]
    rows = write_tokenizer(folder, architecture)
    config = getattr(transformers, f"{architecture.stem}Config")(
        **{"vocab_size": rows, "max_position_embeddings": PLACES, **architecture.sizes, **settings}
    )
    torch.manual_seed(0)
    getattr(transformers, f"{architecture.stem}{head}")(config).save_pretrained(folder)
    return folder


def theirs(folder: Path, texts: list[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits and mean token vectors as transformers computes them, in one padded batch."""
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    module = transformers.AutoModelForSequenceClassification.from_pretrained(folder).float().eval()
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        output = module(**inputs, output_hidden_states=True)
    mask = inputs["attention_mask"][:, :, None]
    return output.logits.numpy(), ((output.hidden_states[-1] * mask).sum(1) / mask.sum(1)).numpy()
