"""Why each contact came, whose matter it is, and what it was worth."""

import numpy as np
import pandas as pd
import pytest
import yaml

import vocmine as vm
from vocmine.errors import InputError, NotScoredError
from vocmine.outcomes import Taxonomy
from vocmine.outcomes.persistence import course
from vocmine.outcomes.value import REASONS

SAID = {
    "appointment_missed": "Le technicien n'est jamais venu, j'ai attendu toute la journée pour rien.",
    "invoice_wrong": "J'ai été prélevé deux fois pour la même facture ce mois-ci.",
    "information": "Bonjour, quels sont vos horaires d'ouverture le samedi ?",
    "praise": "Merci beaucoup à votre équipe, service impeccable !",
    "outage": "Plus d'internet depuis ce matin, la box clignote en rouge.",
}


@pytest.fixture(scope="module")
def corpus():
    records = [
        {
            "id": f"{cause}-{day}",
            "client": f"C{place}{day}",
            "date": f"2026-03-{1 + day:02d} 1{place}:00",
            "canal": ("email", "phone")[day % 2],
            "domain": "bank",
            "texte": text,
        }
        for place, (cause, text) in enumerate(SAID.items())
        for day in range(8)
    ]
    records.append({"id": "empty", "client": "E", "date": "2026-03-02 10:00", "canal": "chat", "texte": "xyz"})
    return vm.Corpus.from_records(records)


@pytest.fixture(scope="module")
def model():
    return vm.CauseModel().fit()


@pytest.fixture(scope="module")
def analysis(miner, corpus, model):
    return model.assign(miner.score(corpus))


def test_plain_causes_are_told(analysis):
    own = analysis.contacts.set_index("contact_id")
    for cause in SAID:
        assert set(own.loc[[f"{cause}-{day}" for day in range(8)], "cause"]) == {cause}
    assert own.loc["outage-0", "department"] == "réseau et exploitation"
    assert own.loc["outage-0", "stage"] == "use"
    assert own.loc["outage-0", "cause_family"] == "outage"
    assert own.loc["outage-0", "cause_quote"] in SAID["outage"]


def test_what_says_nothing_is_not_attributed(analysis):
    own = analysis.contacts.set_index("contact_id").loc["empty"]
    assert pd.isna(own["cause"])
    assert own["department"] == "non attribué"
    assert pd.isna(own["value"])
    assert own["value_reason"] == "unsure"


def test_what_is_unsure_is_not_attributed(miner, corpus):
    strict = vm.CauseModel(min_probability=0.999).assign(miner.score(corpus))
    assert strict.contacts["cause"].isna().all()
    assert set(strict.contacts["department"]) == {"non attribué"}


def test_value_goes_by_cause_repeat_and_need(analysis):
    own = analysis.contacts.set_index("contact_id")
    assert set(own["value_reason"]) <= set(REASONS)
    assert own.loc["invoice_wrong-0", "value"] == "avoidable"
    assert own.loc["praise-0", "value"] == "valuable"
    assert own.loc["information-0", "value"] == "self_care"


def test_a_contact_that_comes_again_was_avoidable(miner, corpus, model):
    scored = miner.score(corpus)
    again = pd.Series(scored.contacts["contact_id"].eq("information-3"))
    own = model.assign(scored, repeated=again).contacts.set_index("contact_id")
    assert own.loc["information-3", "value_reason"] == "repeat"
    assert own.loc["information-2", "value"] == "self_care"


def test_rare_questions_are_no_matter_of_self_care(miner, model):
    records = [{"id": str(day), "date": f"2026-0{1 + day}-01", "texte": SAID["information"]} for day in range(3)]
    own = model.assign(miner.score(vm.Corpus.from_records(records))).contacts
    assert set(own["value_reason"]) == {"rare"}


def test_examples_of_ones_own_teach(model):
    text = "Le drone de relevé a survolé mon jardin."
    assert model.predict([text])[0] != "communication_irrelevant"
    taught = vm.CauseModel().fit([text] * 3 + ["Le drone revient chaque matin."], ["communication_irrelevant"] * 4)
    assert taught.predict([text])[0] == "communication_irrelevant"


def test_probabilities_are_of_all_causes_and_the_order_of_examples_is_nothing(model):
    found = model.predict_proba(list(SAID.values()))
    assert found.shape == (5, 18)
    assert found.sum(axis=1) == pytest.approx(np.ones(5))
    texts, causes = list(SAID.values()), list(SAID)
    one = vm.CauseModel().fit(texts, causes).predict_proba(texts)
    other = vm.CauseModel().fit(texts[::-1], causes[::-1]).predict_proba(texts)
    np.testing.assert_array_equal(one, other)


def test_a_taxonomy_of_ones_own_has_its_own_causes():
    own = yaml.safe_load(
        """
        families: {shop: magasin}
        causes:
          queue: {label: attente, family: shop, stage: support, owner: magasin, value: avoidable,
                  phrases: [Trop d'attente à la caisse, Une heure de queue, La file n'avançait pas]}
          stock: {label: rupture, family: shop, stage: order, owner: achats, value: avoidable,
                  phrases: [Le rayon est vide, Plus de stock en magasin, Article introuvable en rayon]}
        """
    )
    model = vm.CauseModel(own).fit()
    assert model.predict(["Il n'y a plus rien en rayon", "Vingt minutes de file d'attente"]).tolist() == [
        "stock",
        "queue",
    ]


@pytest.mark.parametrize(
    ("texts", "causes", "message"),
    [
        (["a"], ["nothing"], "got cause 'nothing'"),
        (["a"], [], "got 1 texts and 0 causes"),
        ("a", ["outage"], "one cause"),
    ],
)
def test_examples_that_cannot_be_are_refused(texts, causes, message):
    with pytest.raises(InputError, match=message):
        vm.CauseModel().fit(texts, causes)


def test_an_analysis_with_causes_comes_back_from_disk(analysis, tmp_path):
    analysis.save(tmp_path)
    assert vm.Analysis.load(tmp_path) == analysis
    part = analysis.filter(channel="email")
    assert set(part.contacts["cause"].dropna()) == set(SAID)


def test_departments_have_shares_trends_quotes_and_contacts(analysis):
    found = vm.departments(analysis)
    assert found["contacts"].sum() == len(analysis)
    assert found["department"].iloc[-1] == "non attribué"
    assert (found["status"] == "estimation non vérifiée").all()
    own = found.set_index("department").loc["réseau et exploitation"]
    assert own["avoidable"] == 1
    assert own["quotes"][0] in SAID["outage"]
    assert len(own["contact_ids"]) == 8
    with pytest.raises(InputError, match="expected a column"):
        vm.departments(analysis, by="shop")


def test_an_audit_reaches_the_departments(analysis):
    labels = vm.audit(analysis, 41).assign(label=lambda frame: frame["predicted"])
    found = vm.departments(analysis, by="cause", labels=labels)
    assert set(found["status"]) == {"vérifié sur 41 contacts"}


def test_nothing_is_decided_without_causes(miner, corpus):
    scored = miner.score(corpus)
    for ask in (vm.departments, vm.decisions, vm.what_to_do):
        with pytest.raises(NotScoredError, match="CauseModel"):
            ask(scored)


def weeks(levels, seed=0):
    counts = np.random.default_rng(seed).poisson(np.repeat(levels, 7) / 7).astype(float)
    return course(counts, np.ones(len(counts)), pd.date_range("2025-09-01", periods=len(counts)))


def test_what_stays_is_structural_and_what_came_once_is_not():
    stays = weeks([20] * 26 + [40] * 26)
    assert stays.kind == "structurel"
    assert stays.rises[0].ongoing
    assert abs((stays.rises[0].since - pd.Timestamp("2026-03-02").date()).days) <= 14
    assert stays.structural == pytest.approx(1 / 3, abs=0.08)
    once = weeks([20] * 26 + [80] * 3 + [20] * 23)
    assert once.kind == "ponctuel"
    assert once.structural == 0
    assert once.rises[0].ratio.value == pytest.approx(4, rel=0.25)
    assert not once.rises[0].ongoing


def test_steady_and_sparse_courses_are_called_so():
    kinds = [weeks([25] * 60, seed).kind for seed in range(40)]
    assert kinds.count("stable") >= 36
    assert weeks([0.3] * 60).kind == "trop peu"


def test_planted_causes_of_the_sample_are_told_apart():
    from pathlib import Path

    from vocmine.outcomes.persistence import courses

    folder = Path(__file__).parents[2] / "examples"
    frame = pd.read_csv(folder / "contacts.csv").drop_duplicates("contact_id")
    truth = pd.read_csv(folder / "truth" / "contacts.csv")
    moments = pd.to_datetime(frame["started_at"], format="%d/%m/%Y %H:%M").dt.tz_localize(
        "Europe/Paris", ambiguous=True
    )

    class Known:
        contacts = pd.DataFrame(
            {
                "started_at": moments.dt.tz_convert("UTC").reset_index(drop=True),
                "timezone": "Europe/Paris",
                "reason": truth.set_index("contact_id").loc[frame["contact_id"], "reason"].to_numpy(),
            }
        )

    found = courses(Known(), "reason")
    bill, letter = found["energy.bill_incomprehensible"], found["energy.price_letter"]
    assert bill.kind == "structurel"
    assert bill.rises[-1].ongoing
    assert abs((bill.rises[-1].since - pd.Timestamp("2026-01-01").date()).days) <= 10
    assert bill.rises[-1].ratio.low < 1.6 < bill.rises[-1].ratio.high
    assert letter.kind == "ponctuel"
    assert abs((letter.rises[0].since - pd.Timestamp("2026-06-08").date()).days) <= 7
    assert Taxonomy.default().causes["invoice_incomprehensible"].owner == "facturation"
