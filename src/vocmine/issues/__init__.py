"""Emerging issues: contacts with their topics and signals come in; alerts that keep a budget of false ones go out."""

from vocmine.issues.alerts import Alerts
from vocmine.issues.detector import IssueDetector
from vocmine.issues.emerging import emerging_themes

__all__ = ["Alerts", "IssueDetector", "emerging_themes"]
