"""What every test needs: the development data where they are, and loud skips where they are not."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def development_data():
    """Folder of the development data; a test that asks for it is skipped, with the reason, where it is not set."""
    folder = os.environ.get("VOCMINE_DATA")
    if not folder:
        pytest.skip("VOCMINE_DATA is not set: the development data are not on this machine")
    return Path(folder)


@pytest.fixture(scope="session")
def miner():
    """The embedded model, loaded once."""
    from vocmine import Miner

    return Miner(device="cpu")
