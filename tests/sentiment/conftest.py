import pytest

from tests.inference.conftest import tiny_model

__all__ = ["tiny_model"]


@pytest.fixture(autouse=True, scope="package")
def _one_thread():
    """A model this small is trained sooner by one thread than by two that wait for each other."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
