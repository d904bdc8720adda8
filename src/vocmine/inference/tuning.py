"""Trains the upper layers of an encoder, with a head on its features, on labelled texts.

The head comes from a probe: from a random one, the first steps would spoil the encoder. Lower layers, which know the
language and not the task, learn more slowly, and word embeddings not at all: most words do not occur.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import log_softmax
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from vocmine.inference.backends.trainable import TrainableBert, TrainableEncoder, TrainableTransformer
from vocmine.inference.device import choose_device
from vocmine.inference.headed import HeadedModel
from vocmine.inference.huggingface import HuggingFaceModel
from vocmine.inference.pieces import Pieces
from vocmine.inference.pretrained import Model
from vocmine.inference.protocol import RunnableModel
from vocmine.inference.run import pad
from vocmine.inference.tokens import tokenise

_BATCH: Final = 16
"""Texts a step."""
_BATCH_TOKENS: Final = 4_096
"""Most tokens a step; a text that is longer makes a step alone."""
_LAYER_DECAY: Final = 0.85
"""Learning rate of a layer, over that of the layer above it."""
_HEAD_RATE: Final = 10.0
"""Learning rate of the head, over that of the highest layer."""
_WARM_UP: Final = 0.1
_WEIGHT_DECAY: Final = 0.01
_LONGEST_STEP: Final = 1.0
_PATIENCE: Final = 2
"""Passes in a row that may read the texts held out no better: the first, where steps are longest, often does not."""
_TEMPERATURES: Final = np.geomspace(0.5, 8.0, 25)


@dataclass(frozen=True)
class Lesson:
    """What to learn.

    Attributes
    ----------
    pieces : Pieces
    labels : int array of shape (n_texts,)
    weights : float array of shape (n_texts,)
    held_out : bool array of shape (n_texts,)
        Texts that only judge: training ends after two passes that read them no better, and the best weights are kept.
    """

    pieces: Pieces
    labels: NDArray[np.intp]
    weights: NDArray[np.float64]
    held_out: NDArray[np.bool_]


@dataclass(frozen=True)
class Course:
    """How to learn it.

    Attributes
    ----------
    epochs : int
        Most passes over the texts.
    learning_rate : float
        Of the highest layer, after warm-up.
    layers : int, optional
        How many layers are trained, counted from the top; by default all.
    device : str
        As in `choose_device`.
    seed : int
    progress : bool
    """

    epochs: int
    learning_rate: float
    layers: int | None
    device: str
    seed: int
    progress: bool


class Tuned(NamedTuple):
    """What training gave; `attach_head` makes a model of it.

    Attributes
    ----------
    trained : dict of str to float32 array
        Weights of the encoder, named as its format names them.
    weight, bias : float32 arrays of shape (labels, width) and (labels,)
        Of the head.
    epochs : int
        Passes that these weights come from.
    held_out : float64 array of shape (n_held_out, labels)
        Logits of the texts held out.
    """

    trained: dict[str, NDArray[np.float32]]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    epochs: int
    held_out: NDArray[np.float64]


def tune(
    model: Model | HuggingFaceModel | HeadedModel,
    lesson: Lesson,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32],
    course: Course,
) -> Tuned:
    """Train the upper layers of a model and a head; the same seed gives the same weights on the same CPU.

    Parameters
    ----------
    model : Model, HuggingFaceModel or HeadedModel
        Stays as it is.
    lesson : Lesson
        None of its pieces is beyond the model's window.
    weight : float32 array of shape (labels, width)
        Of the head to begin with.
    bias : float32 array of shape (labels,)
    course : Course

    Raises
    ------
    InputError
        The encoder has fewer layers than are to be trained.

    Notes
    -----
    AdamW, its learning rate warmed up over the first tenth of the steps and falling to 0 from there; gradients
    clipped to length 1. Features, loss and steps are in float32 on every device.
    """
    device = choose_device(course.device)
    with torch.random.fork_rng(devices=[device] if device.startswith("cuda") else []):
        torch.manual_seed(course.seed)
        training = _Training(_trainable(model, course.layers, device), lesson, model, (weight, bias), device)
        return training.run(course)


class _Training:
    def __init__(
        self,
        encoder: TrainableEncoder,
        lesson: Lesson,
        model: RunnableModel,
        head: tuple[NDArray[np.float32], NDArray[np.float32]],
        device: str,
    ) -> None:
        self._encoder, self._lesson, self._device = encoder, lesson, device
        self._head = [torch.from_numpy(array.copy()).to(device).requires_grad_() for array in head]
        self._pad_token_id = model.pad_token_id
        tokenised = tokenise(lesson.pieces.segments, model)
        self._ids = [tokenised.ids[place] for place in tokenised.places]
        self._starts = np.searchsorted(lesson.pieces.owner, np.arange(len(lesson.labels) + 1))
        self._tokens = np.add.reduceat([len(row) for row in self._ids], self._starts[:-1])
        self._order = np.random.default_rng(torch.initial_seed())

    @property
    def _parameters(self) -> list[Tensor]:
        return [*(tensor for layer in self._encoder.layers for tensor in layer), *self._head]

    def run(self, course: Course) -> Tuned:
        held_out, learnt = (np.flatnonzero(mask) for mask in (self._lesson.held_out, ~self._lesson.held_out))
        optimiser = _optimiser(self._encoder.layers, self._head, course.learning_rate)
        plan = [list(self._batches(self._order.permutation(learnt))) for _ in range(course.epochs)]
        steps = sum(map(len, plan))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace((step + 0.5) / steps))
        best, best_loss, epochs = self._snapshot(), self._loss_of(held_out), 0
        with tqdm(total=steps, unit="step", disable=not course.progress) as bar:
            for epoch, batches in enumerate(plan, start=1):
                for rows in batches:
                    self._step(rows, optimiser)
                    schedule.step()
                    bar.update()
                loss = self._loss_of(held_out)
                if not len(held_out) or loss < best_loss:
                    best, best_loss, epochs = self._snapshot(), loss, epoch
                elif epoch - epochs >= _PATIENCE:
                    break
        with torch.no_grad():
            for parameter, value in zip(self._parameters, best, strict=True):
                parameter.copy_(value)
        weight, bias = (tensor.detach().cpu().numpy() for tensor in self._head)
        return Tuned(self._encoder.trained(), weight, bias, epochs, self._logits_of(held_out))

    def _step(self, rows: NDArray[np.intp], optimiser: torch.optim.Optimizer) -> None:
        self._encoder.train(on=True)
        loss = self._loss(self._logits(rows), rows)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._parameters, _LONGEST_STEP)
        optimiser.step()

    def _logits(self, rows: NDArray[np.intp]) -> Tensor:
        """Encode the segments of texts, gather them by text, and apply the head; [texts, labels]."""
        segments = np.concatenate([np.arange(self._starts[row], self._starts[row + 1]) for row in rows])
        ids, mask = pad(self._ids, segments, self._pad_token_id)
        features = self._encoder.features(
            torch.from_numpy(ids).to(self._device), torch.from_numpy(mask).to(self._device)
        )
        share = torch.from_numpy(self._lesson.pieces.share[segments].astype(np.float32)).to(self._device)
        counts = self._starts[rows + 1] - self._starts[rows]
        owner = torch.from_numpy(np.repeat(np.arange(len(rows)), counts)).to(self._device)
        gathered = features.new_zeros(len(rows), features.shape[1]).index_add(0, owner, features * share[:, None])
        return functional.linear(gathered, *self._head)

    def _loss(self, logits: Tensor, rows: NDArray[np.intp]) -> Tensor:
        labels = torch.from_numpy(self._lesson.labels[rows].astype(np.int64)).to(self._device)
        weights = torch.from_numpy(self._lesson.weights[rows].astype(np.float32)).to(self._device)
        # Over the mean weight of all texts and not of these, so that a batch of light ones makes a small step.
        scale = float(self._lesson.weights[~self._lesson.held_out].mean())
        return (functional.cross_entropy(logits, labels, reduction="none") * weights).mean() / scale

    def _batches(self, order: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        """Cut texts into steps, in order."""
        start = tokens = 0
        for place, row in enumerate(order):
            if place > start and (place - start == _BATCH or tokens + self._tokens[row] > _BATCH_TOKENS):
                yield order[start:place]
                start, tokens = place, 0
            tokens += int(self._tokens[row])
        if len(order):
            yield order[start:]

    @torch.no_grad()
    def _logits_of(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        self._encoder.train(on=False)
        found = [self._logits(batch).cpu().numpy() for batch in self._batches(rows)]
        return np.concatenate([np.zeros((0, len(self._head[1]))), *found])

    def _loss_of(self, rows: NDArray[np.intp]) -> float:
        """Return the mean loss of texts held out, at the temperature that suits them; infinite where there is none."""
        weights, labels = self._lesson.weights[rows], self._lesson.labels[rows]
        if not weights.any():
            return np.inf
        # What reads better is often too sure at first, and is calibrated in the end.
        logged = log_softmax(self._logits_of(rows) / _TEMPERATURES[:, None, None], axis=2)
        return -float(np.average(logged[:, np.arange(len(rows)), labels], axis=1, weights=weights).max())

    def _snapshot(self) -> list[Tensor]:
        return [parameter.detach().clone() for parameter in self._parameters]


def _trainable(model: Model | HuggingFaceModel | HeadedModel, layers: int | None, device: str) -> TrainableEncoder:
    if isinstance(model, Model):
        return TrainableBert(model, layers, device)
    return TrainableTransformer(model.base if isinstance(model, HeadedModel) else model, layers, device)


def _optimiser(layers: list[list[Tensor]], head: list[Tensor], rate: float) -> torch.optim.AdamW:
    """Give each layer its learning rate; biases and normalisation are not drawn to 0."""
    groups = [(layer, rate * _LAYER_DECAY**depth) for depth, layer in enumerate(reversed(layers))]
    return torch.optim.AdamW(
        [
            {"params": part, "lr": pace, "weight_decay": decay}
            for tensors, pace in [*groups, (head, rate * _HEAD_RATE)]
            for part, decay in (
                ([tensor for tensor in tensors if tensor.ndim > 1], _WEIGHT_DECAY),
                ([tensor for tensor in tensors if tensor.ndim == 1], 0.0),
            )
        ]
    )


def _pace(done: float) -> float:
    """Return the share of the learning rate once a share of the training is done.

    Examples
    --------
    >>> [round(_pace(done), 2) for done in (0.05, 0.1, 0.55, 1.0)]
    [0.5, 1.0, 0.5, 0.0]
    """
    return max(0.0, min(done / _WARM_UP, (1 - done) / (1 - _WARM_UP)))
