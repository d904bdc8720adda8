"""Sentiment: the polarity of segments comes in; that of turns and contacts, and its course, go out."""

from vocmine.sentiment.rollup import RollUp, roll_up
from vocmine.sentiment.trajectory import Trajectory, trajectory

__all__ = ["RollUp", "Trajectory", "roll_up", "trajectory"]
