"""Where the recipe lies, what it keeps between builds, and where the model goes."""

from pathlib import Path
from typing import Final

RECIPE: Final = Path(__file__).resolve().parent
CACHE: Final = RECIPE.parent / "cache"
EMBEDDED: Final = RECIPE.parent / "embedded"
BENCHMARKS: Final = RECIPE.parents[1] / "benchmarks"
