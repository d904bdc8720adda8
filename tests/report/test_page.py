"""One HTML page that stands alone, says what the summary says, and lets no customer's word act."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

import vocmine as vm
from vocmine.errors import InputError

SCRIPTS = 4  # the chart of channels, the locale, plotly.js and the page's own
ATTACK = "Inadmissible </script><script>alert(1)</script><img src=x onerror=alert(2)> \"'{{ 7*7 }} %{y} &amp; oui !"


class Page(HTMLParser):
    """Tags, attributes, visible text and scripts of a page, as a browser takes them apart."""

    def __init__(self, html):
        super().__init__()
        self.html, self.tags, self.text, self.scripts = html, [], "", []
        self._in = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in = tag

    def handle_endtag(self, tag):
        self._in = None

    def handle_data(self, data):
        if self._in == "script":
            self.scripts.append(data)
        elif self._in != "style":
            self.text += data

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.tags if name in attrs]


@pytest.fixture
def page_of(analyse, tmp_path):
    def page_of(records, columns=None, **options):
        path = vm.report(analyse(records, **(columns or {})), tmp_path / "new" / "voc.html", **options)
        return Page(path.read_text(encoding="utf-8"))

    return page_of


@pytest.fixture(scope="module")
def page(eight, tmp_path_factory):
    path = vm.report(eight, tmp_path_factory.mktemp("page") / "voc.html")
    return Page(path.read_text(encoding="utf-8"))


def test_the_page_loads_nothing(page):
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "object", "embed", "img", "base", "form"}
    for name in ("src", "srcset", "href", "action", "data", "poster"):
        assert page.attributes(name) == []
    styles = "".join(re.findall(r"<style>(.*?)</style>", page.html, re.DOTALL) + page.attributes("style"))
    assert styles
    assert not re.search(r"@import|url\(|https?:", styles)


def test_the_policy_lets_the_browser_load_nothing_and_run_the_page_s_own_scripts_only(page):
    (policy,) = [attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[\w+/=]{44}' 'sha256-[\w+/=]{44}'", rules["script-src"])


def test_the_chart_library_is_there_once(page):
    assert sum(len(script) > 1_000_000 for script in page.scripts) == 1


def test_the_page_says_what_the_headlines_say(page, eight):
    for sentence in vm.report.headlines(vm.report.summarise(eight)):
        assert sentence in page.text


def test_quotes_lead_back_to_their_contacts(page):
    assert "«\u00a0Toujours pas remboursé, c’est inadmissible.\u00a0»" in page.text
    assert "Courriel · 2\u00a0mars 2026 · C0" in page.text


def test_what_customers_write_stays_words(page_of):
    columns = {"text": "message", "contact_id": "id", "product": "produit", "team": "equipe"}
    records = [{"message": ATTACK, "id": f"{ATTACK}{k}", "produit": ATTACK, "equipe": ATTACK} for k in range(12)]
    page = page_of(records, columns, title=ATTACK, notice=ATTACK)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("script") == SCRIPTS
    assert "img" not in tags
    assert page.attributes("onerror") == []
    assert ATTACK in page.text


def test_quotes_are_masked_unless_asked_otherwise(page_of):
    records = ["Inadmissible : écrivez à jeanne.morel@exemple.fr, je réponds toujours."]
    assert "jeanne.morel" not in page_of(records).html
    unmasked = page_of(records, mask=False)
    assert "jeanne.morel" in unmasked.text
    assert "page à ne pas diffuser" in unmasked.text


def test_the_same_analysis_gives_the_same_bytes(eight, tmp_path):
    pages = [vm.report(eight, tmp_path / name).read_bytes() for name in ("one.html", "two.html")]
    again = vm.report(vm.Analysis.load(eight.save(tmp_path / "saved")), tmp_path / "three.html").read_bytes()
    assert pages[0] == pages[1] == again


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([], id="nothing"),
        pytest.param(["Parfait."], id="one contact without date"),
        pytest.param(["12 34", "😶"], id="nothing to score"),
        pytest.param([{"message": "Parfait.", "date": "2026-03-02", "humeur": 3, "sentiment": "?"}], id="own columns"),
        pytest.param(["العربية فقط"], id="another script"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_comes_of_whatever_there_is(page_of, records, language):
    page = page_of(records, {"text": "message"} if records and isinstance(records[0], dict) else {}, language=language)
    assert "nan" not in page.text.lower().split()
    assert ("main", {}) in page.tags


def test_a_page_of_nothing_says_so(page_of):
    assert "il n’y a rien à montrer" in page_of([]).text


def test_english_has_no_french_left(page_of):
    page = page_of(["Parfait, really.", "Inadmissible, really."], language="en")
    assert "What customers say" in page.text
    assert not re.search(r"[éèàê«»]", page.text)


def test_another_language_is_refused_before_anything_is_written(eight, tmp_path):
    with pytest.raises(InputError, match="got language 'de'"):
        vm.report(eight, tmp_path / "voc.html", language="de")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "imports",
    [
        "import vocmine as vm",
        "import vocmine as vm; import vocmine.report",
        "import vocmine.report; import vocmine as vm",
    ],
)
def test_vm_report_can_be_called_however_it_was_imported(imports):
    """Importing the subpackage binds `vocmine.report` to it: both it and the function must take the call."""
    code = (
        f"{imports}; print(vm.report.summarise.__name__, callable(vm.report));"
        "from vocmine.report import report; print(callable(report))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["summarise", "True", "True"]


def test_the_size_is_bounded(analyse, tmp_path):
    """A page of many contacts is no longer than one of few, but for its weeks."""
    rows = [
        {"message": f"Inadmissible, dossier {k}.", "date": f"20{10 + k % 16}-0{1 + k % 9}-11", "produit": f"P{k % 500}"}
        for k in range(5000)
    ]
    path = vm.report(analyse(rows), tmp_path / "voc.html")
    library = max(map(len, Page(path.read_text(encoding="utf-8")).scripts))
    assert path.stat().st_size - library < 1_000_000
