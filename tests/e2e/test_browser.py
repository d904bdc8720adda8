"""The report in a real browser: it draws its charts, says nothing in the console, and asks nothing of the network."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass

import pytest

import vocmine as vm

pytestmark = pytest.mark.e2e

FLAGS = (
    "headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update "
    "disable-sync enable-logging=stderr v=0 dump-dom virtual-time-budget=8000"
)
CONTACTS = [
    {
        "id": "A1",
        "message": "Toujours pas remboursé, c’est inadmissible !",
        "date": "2026-03-02 09:12",
        "canal": "mail",
    },
    {"id": "A2", "message": "Merci beaucoup, conseillère très aimable.", "date": "2026-03-24 18:40", "canal": "tel"},
    {"id": "A3", "message": "Quel est le tarif de la fibre ?", "date": "2026-04-25 18:40", "canal": "tel"},
    {
        "id": "A4</code><img src=x onerror=console.error('id')>",
        "message": "Quelle honte ! <script>console.error('text')</script><img src='http://example.invalid/x.png'>",
        "date": "2026-04-27 10:00",
        "canal": "mail",
    },
]
CHARTS = 3  # sentiment by channel and by week, volume; none of the courses, for nobody speaks twice


@dataclass
class Seen:
    """What the browser showed and did: the document once drawn, the console, and the hosts that the page asked for."""

    document: str
    console: list[str]
    hosts: set[str]


@pytest.fixture
def browse(tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("chromium is not installed: the report is not checked in a browser")

    def browse(page):
        log = tmp_path / "network.json"
        places = [f"log-net-log={log}", f"user-data-dir={tmp_path / 'profile'}"]
        command = [chromium, *(f"--{flag}" for flag in (*FLAGS.split(), *places)), page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
        console = [line for line in done.stderr.splitlines() if re.search(r"\bCONSOLE\b", line)]
        return Seen(done.stdout, console, hosts_asked(log))

    return browse


def hosts_asked(log):
    """Read from the browser's network log the hosts that the page asked for: its keys begin with the page's scheme.

    The browser's own errands (updates, clock) are in the log as well, under other keys.
    """
    events = [event.get("params", {}) for event in json.loads(log.read_text(encoding="utf-8"))["events"]]
    return {
        event["host"]
        for event in events
        if "host" in event and event.get("network_anonymization_key", "").startswith("file:")
    }


def test_a_page_that_misbehaves_is_caught(browse, tmp_path):
    """The control: what the next test says must not happen is seen when it does."""
    page = tmp_path / "control.html"
    page.write_text(
        "<link rel=preconnect href='https://early.invalid'><img src='http://example.invalid/x.png'>"
        "<script>console.error('lost'); gone()</script>"
    )
    seen = browse(page)
    assert seen.hosts == {"https://early.invalid", "http://example.invalid"}
    assert any("lost" in line for line in seen.console)
    assert any("gone is not defined" in line for line in seen.console)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_report_draws_its_charts_in_silence(browse, tmp_path, language):
    analysis = vm.Miner(device="cpu").score(vm.Corpus.from_records(CONTACTS))
    seen = browse(vm.report(analysis, tmp_path / "voc.html", language=language))
    assert seen.console == []
    assert seen.hosts == set()
    assert len(re.findall(r'<div class="chart js-plotly-plot"', seen.document)) == CHARTS
    assert len(re.findall(r'<g class="(?:point|trace scatter)', seen.document)) > CHARTS
    assert "example.invalid" in seen.document  # the customer's words are there, and stayed words
