"""How good a model is: labels and predictions come in, figures with bootstrap intervals go out."""

from vocmine.evaluation.metrics import macro_f1

__all__ = ["macro_f1"]
