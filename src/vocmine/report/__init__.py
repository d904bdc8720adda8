"""The report: an `Analysis` comes in; a plain summary, sentences a manager reads, and one offline HTML page go out.

`summarise` gives every figure as built-in types; `headlines` puts the main ones into sentences; `report` writes the
page. What the page shows is a list of sections (`vocmine.report.sections`), each with its figures, its charts and its
template. Calling the package itself writes the page: ``vm.report(analysis, "voc.html")``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from vocmine.report.headlines import headlines
from vocmine.report.page import report
from vocmine.report.summary import Summary, summarise

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from vocmine.analysis import Analysis
    from vocmine.issues import Alerts
    from vocmine.outcomes import Decisions, Effect

__all__ = ["Summary", "headlines", "report", "summarise"]


class _CallablePackage(ModuleType):
    """The package, which importing it binds to ``vocmine.report``, where the function is expected too."""

    def __call__(
        self,
        analysis: Analysis,
        path: str | os.PathLike[str],
        *,
        language: str = "fr",
        title: str | None = None,
        mask: bool = True,
        n_quotes: int = 12,
        notice: str | None = None,
        alerts: Alerts | None = None,
        outcomes: Decisions | None = None,
        effects: Sequence[Effect] = (),
    ) -> Path:
        """Write the page, as `report` says."""
        return report(
            analysis,
            path,
            language=language,
            title=title,
            mask=mask,
            n_quotes=n_quotes,
            notice=notice,
            alerts=alerts,
            outcomes=outcomes,
            effects=effects,
        )


sys.modules[__name__].__class__ = _CallablePackage
