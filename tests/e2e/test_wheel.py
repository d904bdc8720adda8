"""The built wheel, installed in a new environment, scores a file with the network cut and outside the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHEEL_MOST_BYTES = 95_000_000

pytestmark = pytest.mark.e2e

# Python runs this at start-up in the new environment: any connection is an error from then on.
CUT_THE_NETWORK = """
import socket
def refuse(*args, **kwargs):
    raise OSError("the network is cut in this test")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


def run(*command, **kwargs):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A new environment with pandas 2, while the project's own has pandas 3: both must work."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", "pandas<3", wheel)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "sitecustomize.py").write_text(CUT_THE_NETWORK)
    return folder


def test_the_wheel_holds_the_model_with_its_card_and_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    embedded = "vocmine/_models/embedded/"
    for name in ("model.safetensors", "manifest.json", "tokenizer.json", "README.md"):
        assert embedded + name in names
    assert "vocmine/_models/LICENSE" in names
    assert "vocmine/_examples/contacts.csv" in names
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".bin"))]
    assert wheel.stat().st_size <= WHEEL_MOST_BYTES


def test_score_outside_the_checkout_with_the_network_cut(environment, tmp_path):
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(
        "numero;message;date\n"
        "A1;Toujours pas remboursé, c’est inadmissible !;03/04/2026 09:12\n"
        "A2;Merci beaucoup, conseillère très aimable et problème réglé.;25/04/2026 18:40\n"
        "A3;;26/04/2026 10:00\n",
        encoding="cp1252",
    )
    vocmine = environment / "bin" / "vocmine"
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    command = (vocmine, "score", "contacts.csv", "--text", "message", "--out", "scored/", "--json")
    summary = json.loads(run(*command, cwd=tmp_path, env=plain))
    assert summary
    code = (
        "import pandas, vocmine as vm; assert pandas.__version__ < '3';"
        "a = vm.Analysis.load('scored'); print(*a.contacts['sentiment'], *a.rejected['reason'])"
    )
    found = run(environment / "bin" / "python", "-c", code, cwd=tmp_path, env=plain).split()
    assert found == ["negative", "positive", "missing_text"]
    assert (tmp_path / "scored" / "voc.html").stat().st_size > 0
    assert "connect" in run(environment / "bin" / "python", "-c", CONNECT, cwd=tmp_path, env=plain)


CONNECT = """
import socket
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    assert "cut in this test" in str(error)
    print("connect refused")
"""
