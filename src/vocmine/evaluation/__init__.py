"""How good a model is: labels and predictions come in, figures with bootstrap intervals go out.

`metrics` (labels), `probabilities`, `selective` (abstention) and `paired` (two models) hold the figures; `calibration`
fits temperatures; `folds`, `datasets` and `noise` give what to measure on; `measures` and `results` make the tables of
a comparison.
"""

from vocmine.evaluation.calibration import cooled, temperature
from vocmine.evaluation.datasets import data_folder, load
from vocmine.evaluation.folds import Folds, read_folds
from vocmine.evaluation.labelled import Dataset
from vocmine.evaluation.metrics import accuracy, macro_f1
from vocmine.evaluation.noise import NOISE, word_errors
from vocmine.evaluation.paired import Difference, McNemar, mcnemar, paired_difference
from vocmine.evaluation.probabilities import brier, calibration_error, negative_log_likelihood
from vocmine.evaluation.registry import REGISTERED, DatasetCard
from vocmine.evaluation.results import Comparison
from vocmine.evaluation.selective import RiskCoverage, risk_coverage

__all__ = [
    "NOISE",
    "REGISTERED",
    "Comparison",
    "Dataset",
    "DatasetCard",
    "Difference",
    "Folds",
    "McNemar",
    "RiskCoverage",
    "accuracy",
    "brier",
    "calibration_error",
    "cooled",
    "data_folder",
    "load",
    "macro_f1",
    "mcnemar",
    "negative_log_likelihood",
    "paired_difference",
    "read_folds",
    "risk_coverage",
    "temperature",
    "word_errors",
]
