"""A cluster of our own is shut down, whatever happens; one that is joined is left as it was."""

import pytest

from vocmine.errors import DeviceError
from vocmine.scale.cluster import cluster

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray", "ignore::FutureWarning:ray")


@pytest.fixture(scope="module")
def ray():
    return pytest.importorskip("ray", reason="Ray is not installed: pip install 'vocmine[ray]'")


def test_a_cluster_of_our_own_is_shut_down_even_where_gpus_lack(ray):
    with (
        pytest.raises(DeviceError, match=r"99 GPUs were asked for, this machine has .*: ask for fewer, or join"),
        cluster(num_cpus=1, num_gpus=99),
    ):
        pass
    assert not ray.is_initialized()


def test_a_cluster_that_is_joined_is_left_with_its_settings(ray):
    from ray.data import DataContext

    with cluster(num_cpus=1, num_gpus=0):
        settings = DataContext.get_current()
        settings.enable_progress_bars = True
        with cluster(num_cpus=99, num_gpus=99):
            assert ray.cluster_resources()["CPU"] == 1
            assert not settings.enable_progress_bars
        assert ray.is_initialized()
        assert settings.enable_progress_bars
    assert not ray.is_initialized()
