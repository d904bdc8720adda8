"""A conversation as it goes: each turn read once, an alert when the risk crosses a line."""

from __future__ import annotations

import pytest

from tests.signals.by_hand import analysed, heard
from vocmine.errors import InputError
from vocmine.schema import SIGNALS
from vocmine.signals import LiveContact, LiveState, escalation_queue

LEAVING, LAWYER, HONTE = "je vais résilier", "je saisis un avocat", "c’est honteux"
SAYS = {LEAVING: "churn_intent", LAWYER: "legal_threat", HONTE: "anger"}


class ByWords:
    """A scorer that knows three wordings, and counts what it is asked to read."""

    def __init__(self, **scores):
        self.read = []
        self.scores = scores

    def score(self, corpus):
        (text,) = corpus.turns["text"].to_pylist()
        (name,) = corpus.contacts["contact_id"].to_pylist()
        self.read.append(text)
        found = {label: words for words, label in SAYS.items() if words in text}
        columns = heard(*found, frustration=3 if "anger" in found else 0, **self.scores)
        spans = [(name, 0, label, words) for label, words in found.items()]
        return analysed(corpus, {name: columns}, spans=spans)


def follow(*turns, scorer=None, **options):
    call = LiveContact(scorer or ByWords(), **options)
    return [call.hear(text, speaker) for speaker, text in turns]


def customer(*texts):
    return [("customer", text) for text in texts]


def test_before_the_first_turn_there_is_no_risk():
    assert LiveContact(ByWords()).state == LiveState(-1, 0.0, alert=False, frustration=0, peak=0, signals=(), new=())


def test_each_turn_of_the_customer_is_read_once_and_the_agents_never():
    scorer = ByWords()
    follow(("customer", "Bonjour."), ("agent", "Je vous écoute."), ("customer", HONTE), scorer=scorer)
    assert scorer.read == ["Bonjour.", HONTE]


def test_the_risk_adds_up_and_never_falls():
    risks = [state.risk for state in follow(*customer("Bonjour.", LEAVING, "Bon.", f"et {LAWYER}", LEAVING))]
    assert risks == sorted(risks)
    assert risks[0] == 0 < risks[1] == risks[2] < risks[3] == risks[4] < 1


def test_the_risk_is_that_of_the_queue_when_all_is_said_in_one_turn():
    text = f"{HONTE}, {LEAVING} et {LAWYER}"
    (state,) = follow(*customer(text))
    whole = ByWords().score(analysed([{"id": "A", "texte": text}]).corpus)
    assert state.risk == pytest.approx(escalation_queue(whole)["risk"].item())


def test_a_thought_of_leaving_weighs_less_than_a_decision():
    decided, thought = (
        follow(*customer(LEAVING), scorer=ByWords(churn_level=level))[0].risk for level in ("stated", "weighing")
    )
    assert thought == pytest.approx(decided / 2)


def test_the_alert_is_for_the_turn_that_crosses_the_line_alone():
    states = follow(*customer("Bonjour.", LEAVING, LEAVING, LAWYER), threshold=0.5)
    assert [state.alert for state in states] == [False, True, False, False]


def test_an_agents_turn_raises_no_alert_and_keeps_what_was_heard():
    call = LiveContact(ByWords())
    before = call.hear(LEAVING)
    after = call.hear("Je vous passe la fidélisation, vous pouvez saisir un avocat.", speaker="agent")
    assert (after.turn, after.alert, after.new) == (1, False, ())
    assert (after.risk, after.signals, after.peak) == (before.risk, before.signals, before.peak)
    assert call.state == after


def test_frustration_is_of_the_last_turn_and_the_peak_stays():
    states = follow(*customer("Bonjour.", HONTE, "Merci."))
    assert [state.frustration for state in states] == [0, 3, 0]
    assert [state.peak for state in states] == [0, 3, 3]


def test_new_signals_come_once_with_the_words_that_show_them():
    states = follow(*customer(f"{LAWYER} et {LEAVING}", LEAVING, HONTE))
    assert dict(states[0].new) == {"churn_intent": LEAVING, "legal_threat": LAWYER}
    assert [state.new for state in states[1:]] == [(), (("anger", HONTE),)]
    assert states[-1].signals == tuple(name for name in SIGNALS if name in {"anger", "churn_intent", "legal_threat"})


def test_the_embedded_model_follows_a_call(miner):
    call = LiveContact(miner)
    assert call.hear("Bonjour, j’appelle pour ma facture.").signals == ()
    (signal, words), *_ = call.hear("Ça fait trois fois que j’appelle pour la même chose.").new
    assert signal == "repeat_contact"
    assert words in "Ça fait trois fois que j’appelle pour la même chose."


@pytest.mark.parametrize("threshold", [-0.1, 1.5, float("nan")])
def test_a_threshold_is_compared_with_the_risk(threshold):
    with pytest.raises(InputError, match=f"threshold is {threshold}, expected 0 to 1"):
        LiveContact(ByWords(), threshold=threshold)


@pytest.mark.parametrize(
    ("text", "speaker", "says"),
    [
        ("Bonjour.", "bot", "speaker is 'bot', expected customer or agent"),
        ("Bonjour.", "client", "speaker is 'client', expected customer or agent"),
        ("  \n", "customer", "got a turn without text"),
        ("\x00", "customer", "got a turn without text"),
    ],
)
def test_a_turn_that_cannot_be_read_is_refused_and_does_not_count(text, speaker, says):
    call = LiveContact(ByWords())
    with pytest.raises(InputError, match=says):
        call.hear(text, speaker)
    assert call.hear("Bonjour.").turn == 0
