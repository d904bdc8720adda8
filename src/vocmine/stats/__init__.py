"""Plain numpy and scipy statistics: arrays come in, numbers with their intervals go out."""

from vocmine.stats.intervals import Interval, bootstrap, resample, wilson

__all__ = ["Interval", "bootstrap", "resample", "wilson"]
