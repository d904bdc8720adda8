"""Models and labelled texts come in; what users would get from each, with intervals, slices and tests, goes out.

`contenders` brings every kind of model (a name, a folder, a `Miner`, a scikit-learn classifier) to one form; `contest`
runs them in turns on the same texts. The figures themselves are those of `vocmine.evaluation`.
"""

from vocmine.comparison.contest import compare

__all__ = ["compare"]
