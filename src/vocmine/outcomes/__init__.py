"""Decisions: causes and owners, repeat contacts, the effect of a measure, self-care and cost.

An analysis comes in; tables go out whose every figure has an interval and leads back to contact ids.
"""
