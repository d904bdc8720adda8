"""New contacts come in; topics keep their ids, new ones are born, silent ones are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vocmine.topics.state import State
from vocmine.topics.units import Units

if TYPE_CHECKING:
    from vocmine.topics.fitting import Settings


def updated(
    state: State, units: Units, settings: Settings, span: tuple[pd.Timestamp | None, pd.Timestamp | None]
) -> State:
    raise NotImplementedError
