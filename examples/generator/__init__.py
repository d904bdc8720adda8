"""Composer of the invented sample contacts.

Hand-written parts (``examples/parts/*.yaml``) and a seed come in; the turns of several
thousand French customer contacts go out, with the full truth of what was planted in them.
"""

from .tables import Sample, generate, write

__all__ = ["Sample", "generate", "write"]
