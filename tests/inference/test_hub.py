"""Nothing goes to the network unless the caller says so, and then what was asked for comes back."""

import json
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.inference.tiny_huggingface import write_classifier
from vocmine.errors import ModelNotFoundError
from vocmine.inference import Model

pytest.importorskip("transformers")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def calls(monkeypatch):
    """The addresses that anything in the process tries to reach; all are out of reach."""
    tried = []

    def refuse(*address, **_):
        tried.append(address)
        raise OSError("no network in this test")

    for owner, name in ((socket, "getaddrinfo"), (socket, "create_connection"), (socket.socket, "connect")):
        monkeypatch.setattr(owner, name, refuse)
    return tried


@pytest.mark.parametrize("name", ["camembert-base", "organisation/modele-d.avis", "bert_1"])
def test_a_hub_id_is_refused_without_opening_a_socket(calls, name):
    with pytest.raises(ModelNotFoundError, match=rf"no model '{name}'.*allow_network=True\) fetches it"):
        Model.from_pretrained(name, revision="main")
    assert calls == []


def test_a_folder_is_read_without_opening_a_socket_even_if_the_network_is_allowed(calls, tmp_path):
    folder = write_classifier(tmp_path / "local", "camembert")
    assert Model.from_pretrained(folder, allow_network=True).heads[0].name == "sentiment"
    assert calls == []


@pytest.mark.parametrize("name", ["no/such/folder", "./modele", "modèle", "modèle ?"])
def test_what_cannot_be_a_hub_id_is_never_looked_for(calls, name):
    with pytest.raises(ModelNotFoundError, match=r"or the path of a model folder$"):
        Model.from_pretrained(name, allow_network=True)
    assert calls == []


def test_a_hub_out_of_reach_is_said(calls, tmp_path, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with pytest.raises(ModelNotFoundError, match="hub did not give model 'organisation/modele' at revision v2"):
        Model.from_pretrained("organisation/modele", revision="v2", allow_network=True)
    assert calls


class Hub(BaseHTTPRequestHandler):
    """Enough of the hub to serve the files of one folder at revision v1."""

    files: dict[str, bytes]
    asked: list[str]

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        type(self).asked.append(self.path)
        path, _, _ = self.path.partition("?")
        if path.startswith("/api/models/organisation/modele/revision/v1"):
            siblings = [{"rfilename": name} for name in self.files]
            return self._send(json.dumps({"id": "organisation/modele", "sha": COMMIT, "siblings": siblings}).encode())
        if path.startswith(f"/api/models/organisation/modele/tree/{COMMIT}"):
            tree = [
                {"type": "file", "path": name, "oid": name.encode().hex(), "size": len(data)}
                for name, data in self.files.items()
            ]
            return self._send(json.dumps(tree).encode())
        if (name := path.removeprefix(f"/organisation/modele/resolve/{COMMIT}/")) in self.files:
            return self._send(self.files[name], name.encode().hex())
        return self.send_error(404)

    def _send(self, data, etag="0"):
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", "application/json")
        self.send_header("ETag", f'"{etag}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(tmp_path):
    folder = write_classifier(tmp_path / "served", "camembert")
    Hub.files = {path.name: path.read_bytes() for path in folder.iterdir()} | {"pytorch_model.bin": b"pickle"}
    Hub.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


FETCH = (
    "from vocmine.inference.hub import fetch; print(fetch('organisation/modele', 'v1', allow_network=True, shipped=[]))"
)
LOAD = """
from vocmine import Model
model = Model.from_pretrained("organisation/modele", revision="v1", allow_network=True)
print(model.folder, model.model_id)
"""


def python(code, cache, **environment):
    """Run code in a fresh process whose hub's cache is `cache`."""
    settings = {"HF_HUB_CACHE": str(cache), "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1", **environment}
    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | settings, check=False, capture_output=True, text=True
    )


def test_a_revision_is_fetched_without_its_pickles_and_found_again_offline(hub, tmp_path):
    cache = tmp_path / "cache"
    too_early = python(FETCH, cache, HF_HUB_OFFLINE="1", HF_ENDPOINT=hub)
    assert "ModelNotFoundError: the hub did not give model 'organisation/modele'" in too_early.stderr
    assert Hub.asked == []

    folder, model_id = python(LOAD, cache, HF_ENDPOINT=hub).stdout.split()
    assert model_id.startswith("organisation/modele@v1:")
    assert {path.name for path in Path(folder).iterdir()} == Hub.files.keys() - {"pytorch_model.bin"}
    assert Hub.asked

    Hub.asked.clear()
    assert python(FETCH, cache, HF_HUB_OFFLINE="1", HF_ENDPOINT=hub).stdout.strip() == folder
    assert Hub.asked == []
