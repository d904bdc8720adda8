"""A file larger than the memory that a process may have is read; without a bound it is not."""

import json
import subprocess
import sys

import pytest

TEXT = "Toujours rien recu depuis lundi, et personne ne repond au telephone. " * 600 + "Merci"
READ = """
import resource, sys
import vocmine as vm
file, small, memory = sys.argv[1:]
vm.read(small)
used = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmData"))
resource.setrlimit(resource.RLIMIT_DATA, ((used << 10) + 144 * 2**20,) * 2)
corpus = vm.read(file, memory=eval(memory))
print(corpus.rows_in, corpus.turns.nbytes >> 20)
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("memory")
    small, large = folder / "petit.jsonl", folder / "grand.jsonl"
    small.write_text(json.dumps({"id": 0, "texte": "Toujours rien"}))
    with large.open("w") as lines:
        lines.writelines(json.dumps({"id": row, "texte": f"{row} {TEXT}"}) + "\n" for row in range(4_000))
    return large, small


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system does not bound or tell private memory")
@pytest.mark.parametrize(("memory", "read"), [("2**23", True), ("None", False)])
def test_a_file_larger_than_memory_is_read(files, memory, read):
    ran = subprocess.run(
        [sys.executable, "-c", READ, *map(str, files), memory], capture_output=True, text=True, check=False
    )
    assert (ran.returncode == 0) is read
    if read:
        rows, mebibytes = map(int, ran.stdout.split())
        assert rows == 4_000
        assert mebibytes > 150  # more than the process may hold
