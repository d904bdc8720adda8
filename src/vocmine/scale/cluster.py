"""A Ray cluster to work on: the one that is joined already, or one of our own on this machine."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from vocmine.errors import DeviceError, InputError


@contextmanager
def cluster(*, num_cpus: int, num_gpus: float) -> Iterator[None]:
    """Work on Ray quietly.

    Where ``ray.init`` has not been called, a cluster is started on this machine, which tells nobody of its use and
    serves no page, and is shut down at the end.

    Parameters
    ----------
    num_cpus : int
        Cores that are asked of a cluster of our own. It may count more than there are: they only bound what runs at
        once.
    num_gpus : float
        GPUs that it must find.

    Raises
    ------
    InputError
        If Ray is not installed.
    DeviceError
        If this machine has not as many GPUs.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise InputError("Ray is not installed, and this runs on it: pip install 'vocmine[ray]'") from error
    ours = not ray.is_initialized()
    if ours:
        ray.init(
            address="local",
            num_cpus=num_cpus,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    try:
        if ours and (there := ray.cluster_resources().get("GPU", 0)) < num_gpus:
            raise DeviceError(
                f"{num_gpus} GPUs were asked for, this machine has {there:.0f}: "
                "ask for fewer, or join a cluster that has them with ray.init(address=...)"
            )
        with _quiet():
            yield
    finally:
        if ours:
            ray.shutdown()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Ray Data from telling each of its steps, and give the caller's settings back."""
    from ray.data import DataContext

    context, log = DataContext.get_current(), logging.getLogger("ray.data")
    before = context.enable_progress_bars, context.print_on_execution_start, log.level
    context.enable_progress_bars = context.print_on_execution_start = False
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        context.enable_progress_bars, context.print_on_execution_start = before[:2]
        log.setLevel(before[2])
