"""The report's section on topics: counts that add up, no share of a few, a map, a course, and quotes to open."""

import re

import numpy as np
import pyarrow as pa
import pytest

import vocmine as vm
from vocmine import schema
from vocmine.report import summarise

ATTACK = "Facture <script>alert(1)</script> inadmissible, écrivez à jeanne.morel@exemple.fr"


def topic(number, label, quotes=(), status="active"):
    row = {"topic_id": number, "label": label, "terms": [label], "weights": [1.0], "quotes": list(quotes)}
    return row | {"language": "fr", "contacts": 0, "segments": 0, "share": 0.0, "status": status}


def with_topics(analysis, main, topics, embeddings=None):
    """Give each contact its main topic, -1 for none, and each segment that of its contact."""
    labels = {row["topic_id"]: row["label"] for row in topics} | {-1: "divers"}
    ids = analysis.corpus.contacts["contact_id"].to_pylist()
    of = dict(zip(ids, main, strict=True))
    contacts = [
        {"contact_id": one, "topic_id": of[one], "topic": labels[of[one]], "topics": [of[one]] if of[one] >= 0 else []}
        for one in ids
    ]
    keys = analysis.tables["segments"].select(["contact_id", "turn", "segment"]).to_pylist()
    placed = [row | {"topic_id": of[row["contact_id"]], "probability": 1.0} for row in keys]
    given = analysis.with_tables(
        topics=pa.Table.from_pylist([*topics, topic(-1, "divers")], schema=schema.TOPICS),
        assignments=pa.Table.from_pylist(placed, schema=schema.ASSIGNMENTS),
        contact_topics=pa.Table.from_pylist(contacts, schema=schema.CONTACT_TOPICS),
    )
    vectors = given.embeddings if embeddings is None else np.asarray(embeddings, dtype=np.float32)
    return vm.Analysis(given.corpus, given.tables, vectors, given.embedder)


@pytest.fixture(scope="module")
def analysis(analyse):
    """Four contacts a day for 56 days: of the last 28, three in four are about a parcel; before, one in four."""
    records, main = [], []
    for place, day in enumerate(np.datetime64("2026-03-01") + np.arange(56)):
        for k in range(4):
            parcel = k < (3 if place >= 28 else 1)
            text = "Colis perdu, inadmissible." if parcel else "Ma facture de mars, merci."
            records.append({"id": f"C{place}-{k}", "message": text, "date": str(day)})
            main.append(0 if parcel else 1)
    records += [{"id": f"D{k}", "message": "Divers et variés.", "date": "2026-04-25"} for k in range(12)]
    records += [{"id": f"E{k}", "message": "Carte perdue.", "date": "2026-04-25"} for k in range(3)]
    topics = [topic(0, "colis", [ATTACK, "Colis perdu.", "Où est-il ?"]), topic(1, "facture"), topic(2, "carte")]
    return with_topics(analyse(records), main + [-1] * 12 + [2] * 3, topics)


@pytest.fixture(scope="module")
def found(analysis):
    return summarise(analysis)["topics"]


def test_every_contact_counts_once(found, analysis):
    assert [(line["rank"], line["label"]) for line in found["lines"]] == [(1, "colis"), (2, "facture"), (3, "carte")]
    assert sum(line["contacts"] for line in found["lines"]) + found["none"]["count"] == len(analysis)
    for line in found["lines"]:
        assert sum(line["channels"].values()) == line["contacts"]
        assert sum(line["course"]) == line["contacts"]


def test_as_many_topics_as_make_half(found):
    assert found["half"] == 2  # 112 and 112 of 239


def test_a_topic_of_few_contacts_has_no_share(found):
    card = found["lines"][2]
    assert card["contacts"] == 3
    assert card["share"] is card["negative"] is card["frustrated"] is card["change"] is None


def test_negative_is_of_the_contacts_that_were_scored(found):
    assert [line["negative"]["value"] for line in found["lines"][:2]] == [1.0, 0.0]
    assert found["lines"][0]["negative"]["n"] == 112


def test_a_change_is_told_where_chance_would_not_make_it(found):
    change = found["lines"][0]["change"]
    assert (change["recent"]["count"], change["before"]["count"]) == (84, 28)
    assert 0 < change["difference"]["low"] < change["difference"]["value"] < change["difference"]["high"]


@pytest.mark.parametrize(("days", "compared"), [(56, True), (55, False)])
def test_a_change_needs_twice_28_days(analyse, days, compared):
    dates = np.datetime64("2026-03-01") + np.arange(days)
    records = [{"message": "Ma facture.", "date": str(day)} for day in dates for _ in range(2)]
    (line,) = summarise(with_topics(analyse(records), [0] * len(records), [topic(0, "facture")]))["topics"]["lines"]
    assert (line["change"] is not None) == compared
    if compared:
        assert line["change"]["difference"] is None  # all contacts are about it, before as after


def test_few_weeks_are_seen_by_week_and_many_by_month(analyse, found):
    assert (found["unit"], found["starts"][0]) == ("week", "2026-02-23")
    assert found["whole"] == [False, *[True] * 7, False]
    records = [{"message": "Ma facture.", "date": day} for day in ("2025-01-15", "2026-03-31")]
    long = summarise(with_topics(analyse(records), [0, 0], [topic(0, "facture")]))["topics"]
    assert (long["unit"], len(long["starts"]), long["whole"][0], long["whole"][-1]) == ("month", 15, False, True)


def test_contacts_without_dates_have_neither_course_nor_change(analyse):
    made = summarise(with_topics(analyse(["Ma facture."] * 12), [0] * 12, [topic(0, "facture")]))["topics"]
    assert made["starts"] == made["lines"][0]["course"] == []
    assert made["lines"][0]["change"] is None


def test_distances_on_the_map_are_those_of_the_centres(analyse):
    topics = [topic(k, f"motif {k}") for k in range(4)]
    corners = [(0, 0), (3, 0), (0, 1), (np.nan, np.nan)]
    placed = with_topics(analyse(["Ma facture."] * 4), [0, 1, 2, 3], topics, corners)
    discs = summarise(placed)["topics"]["map"]["discs"]
    assert set(discs) == {0, 1, 2}  # the fourth was not embedded
    place = {number: np.array([disc["x"], disc["y"]]) for number, disc in discs.items()}
    ratio = np.linalg.norm(place[1] - place[0]) / np.linalg.norm(place[2] - place[0])
    assert ratio == pytest.approx(3, abs=0.01)


def test_the_area_of_a_disc_is_its_contacts(analyse):
    main = [0] * 4 + [1, 2]
    vectors = [(0, 0)] * 4 + [(1, 0), (0, 1)]
    made = with_topics(analyse(["Ma facture."] * 6), main, [topic(k, f"motif {k}") for k in range(3)], vectors)
    discs = summarise(made)["topics"]["map"]["discs"]
    assert discs[0]["r"] == pytest.approx(2 * discs[1]["r"])
    assert next(iter(discs)) == 0  # drawn first, so that it hides no other


def test_centres_that_are_all_the_same_make_no_map(found):
    assert found["map"]["discs"] == {}


def test_two_topics_make_no_map(analyse):
    made = with_topics(analyse(["Ma facture."] * 2), [0, 1], [topic(0, "colis"), topic(1, "facture")])
    assert summarise(made)["topics"]["map"]["discs"] == {}


def test_a_merged_topic_is_no_longer_shown(analyse):
    merged = topic(1, "factures", status="merged") | {"merged_into": 0}
    made = with_topics(analyse(["Ma facture."] * 2), [0, 0], [topic(0, "facture"), merged])
    assert [line["label"] for line in summarise(made)["topics"]["lines"]] == ["facture"]


def test_quotes_are_masked_and_as_many_as_asked_for(analysis, found):
    assert "jeanne.morel" not in "".join(found["lines"][0]["quotes"])
    assert len(found["lines"][0]["quotes"]) == 3
    assert summarise(analysis, mask=False)["topics"]["lines"][0]["quotes"][0] == ATTACK
    assert all(line["quotes"] == [] for line in summarise(analysis, n_quotes=0)["topics"]["lines"])


def test_the_page_says_it_in_a_sentence(analysis, tmp_path):
    section = section_of(vm.report(analysis, tmp_path / "voc.html"))
    assert "2 motifs font la moitié des contacts\u202f; le premier est «\u00a0colis\u00a0» (47\u00a0%)." in section


def test_what_customers_write_stays_words(analysis, tmp_path):
    section = section_of(vm.report(analysis, tmp_path / "voc.html"))
    assert "&lt;script&gt;alert(1)" in section
    assert "<script>alert(1)" not in section


def test_every_disc_leads_to_its_line(analyse, tmp_path):
    topics = [topic(k, f"motif {k}") for k in range(3)]
    analysis = with_topics(analyse(["Ma facture."] * 3), [0, 1, 2], topics, [(0, 0), (1, 0), (0, 1)])
    section = section_of(vm.report(analysis, tmp_path / "voc.html"))
    links = re.findall(r'href="#(topic-\d+)"', section)
    assert len(links) == 3
    assert all(f'<tr id="{link}">' in section for link in links)


def test_english_has_no_french_marks(analysis, tmp_path):
    assert not re.search("[«»]", section_of(vm.report(analysis, tmp_path / "voc.html", language="en")))


def test_without_topics_there_is_no_section(eight, tmp_path):
    assert summarise(eight)["topics"]["lines"] == []
    assert 'id="topics"' not in vm.report(eight, tmp_path / "voc.html").read_text(encoding="utf-8")


def section_of(path):
    page = path.read_text(encoding="utf-8")
    return page[page.index('<section id="topics">') :].partition("</section>")[0]
