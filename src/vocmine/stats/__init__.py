"""Plain numpy and scipy statistics: arrays come in, numbers with their intervals go out."""

from vocmine.stats.intervals import Interval, bootstrap, wilson

__all__ = ["Interval", "bootstrap", "wilson"]
