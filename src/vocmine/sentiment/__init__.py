"""Sentiment: the polarity of segments comes in; that of turns and contacts, and its course, go out."""

from vocmine.sentiment.rollup import RollUp, roll_up
from vocmine.sentiment.trajectory import CLEARLY_NEGATIVE, Trajectory, trajectory
from vocmine.sentiment.turns import customer_turns

__all__ = ["CLEARLY_NEGATIVE", "RollUp", "Trajectory", "customer_turns", "roll_up", "trajectory"]
