"""Whatever the bytes, a reader gives rows or refuses the file: it does not fail otherwise, nor hang, nor lose rows."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import vocmine as vm
from vocmine.errors import InputError
from vocmine.ingest.formats import FORMATS

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FUZZ = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.large_base_example],
)


@pytest.fixture(scope="module")
def cases():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        import fuzz_cases

        yield fuzz_cases


@pytest.fixture(scope="module")
def seeds(cases):
    return cases.seeds()


def test_every_format_has_files_to_spoil(seeds):
    assert [name for name, files in seeds.items() if not files] == ["msg"]


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_a_broken_file_is_read_or_refused(kind, cases, seeds, tmp_path):
    @FUZZ
    @given(cases.broken_files(seeds[kind.name], kind.suffixes))
    def check(case):
        name, data = case
        (tmp_path / name).write_bytes(data)
        cases.outcome(kind, tmp_path / name)

    check()


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.name)
def test_files_cut_off_anywhere_are_read_or_refused(kind, cases, seeds, tmp_path):
    for name, data in seeds[kind.name][:2]:
        for end in {*range(0, len(data), max(len(data) // 20, 1)), len(data) - 1}:
            (tmp_path / name).write_bytes(data[:end])
            cases.outcome(kind, tmp_path / name)


@pytest.mark.parametrize("memory", [1, None])
def test_what_read_makes_of_a_broken_file(memory, cases, seeds, tmp_path):
    @FUZZ
    @given(cases.broken_files([file for files in seeds.values() for file in files], [".csv", ".json", ".txt", ""]))
    def check(case):
        name, data = case
        (tmp_path / name).write_bytes(data)
        try:
            corpus = vm.read(tmp_path / name, memory=memory)
        except InputError:
            return
        cases.check_read({name: corpus})

    check()


MEMORY = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from fuzz_cases import outcome, seeds
from vocmine.ingest.formats import FORMATS
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
for kind, (name, files) in zip(FORMATS, seeds().items()):
    data = b"".join(content for _, content in files) or bytes(1000)
    file = Path(sys.argv[2], f"export{kind.suffixes[0]}")
    file.write_bytes(data * (200_000 // len(data) + 1))
    before = peak()
    outcome(kind, file)
    print(name, peak() - before)
"""


def test_memory_follows_the_size_of_the_file(tmp_path):
    script = [sys.executable, "-c", MEMORY, str(BENCHMARKS), str(tmp_path)]
    told = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    mebibytes = dict(line.split() for line in told.splitlines())
    assert set(mebibytes) == {kind.name for kind in FORMATS}
    assert {name: grown for name, grown in mebibytes.items() if int(grown) > 100} == {}
