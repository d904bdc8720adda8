"""Builds the tokenizer: XLM-R's Unigram rules over whichever pieces were kept."""

from __future__ import annotations

import io
from collections.abc import Sequence

from sentencepiece import SentencePieceTrainer, sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
SPACE = "▁"


def build_tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """Build a tokenizer that adds ``<s>`` and ``</s>``, and neither truncates nor pads.

    Parameters
    ----------
    pieces : sequence of (str, float)
        Piece and log-probability, in the order of the token ids; the special tokens among them.
    """
    ids = {piece: index for index, (piece, _) in enumerate(pieces)}
    tokenizer = Tokenizer(Unigram(list(pieces), unk_id=ids["<unk>"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(_nmt_nfkc()), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(SPACE, "always")]
    )
    tokenizer.decoder = decoders.Metaspace(SPACE, "always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[(token, ids[token]) for token in ("<s>", "</s>")]
    )
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in SPECIAL])
    return tokenizer


def _nmt_nfkc() -> bytes:
    """Return SentencePiece's built-in normalisation table, taken from a throw-away model of one letter."""
    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e"] * 20),
        model_writer=model,
        vocab_size=12,
        model_type="unigram",
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    return bytes(proto.normalizer_spec.precompiled_charsmap)
