"""Hesitations, fillers, repetitions and cut words: what goes is between ⟦ and ⟧, all else stays."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vocmine.text.speech import clean_speech

GOES = """
⟦euh⟧ bonjour
je ⟦euh⟧ voudrais savoir
je ⟦euuuh⟧ sais pas
⟦hmm⟧ d'accord
⟦Euh...⟧ oui
c'est ⟦heu⟧ la facture ⟦hum⟧ d'avril
j'ai reçu⟦, euh⟧... rien du tout
⟦ben⟧ j'attends
⟦bah⟧ non
mon colis ⟦ben⟧ il est perdu
⟦eh ben⟧ c'est cher
⟦eh bien⟧ je vous écoute
⟦et ben⟧ dites donc
c'est cher ⟦hein⟧
c'est cher⟦, hein⟧ ?
c'est pas normal ⟦hein⟧ je trouve
⟦voilà⟧ je vous appelle pour ma box
⟦Voilà,⟧ c'est tout
je voulais résilier ⟦voilà⟧
mon colis ⟦voilà⟧ il est pas arrivé
merci ⟦et voilà⟧
c'est inadmissible⟦, quoi⟧.
c'est inadmissible ⟦quoi⟧
⟦en fait⟧ j'ai déménagé
⟦en fait⟧ la facture est fausse
moi ⟦en fait⟧ je comprends pas
⟦du coup⟧ je n'ai plus internet
le technicien est pas venu ⟦du coup⟧ j'attends
⟦Bon,⟧ je rappellerai
⟦bon⟧ alors je résilie
j'ai payé deux fois⟦, vous voyez⟧, et rien
⟦Vous savez,⟧ ça fait dix jours
c'est⟦, comment dire⟧, décevant
⟦tsé⟧ ça marche pas
⟦je⟧ ⟦je⟧ je veux résilier
⟦la⟧ la facture
⟦le,⟧ le technicien
⟦c'est⟧ c'est pas normal
⟦j'ai⟧ j'ai rien reçu
⟦je veux⟧ je veux résilier
⟦je veux,⟧ je veux résilier
⟦il y a⟧ il y a trois jours
⟦je ne⟧ je ne comprends pas
⟦ce que⟧ ce que je veux
⟦l'⟧ l'abonnement
⟦dans⟧ ⟦euh⟧ dans mon contrat
⟦de⟧ de la box
ma ⟦fac-⟧ facture
la ⟦rés-⟧ résiliation
⟦la⟧ ⟦fac-⟧ la facture est fausse
⟦j-⟧ je veux
le ⟦tech-⟧ ⟦euh⟧ technicien
⟦Ben,⟧ ⟦euh,⟧ ⟦voilà,⟧ je vous appelle⟦, quoi⟧.
⟦Voilà.⟧ ⟦Euh,⟧ je rappelle
"""

STAYS = """
voilà pourquoi je vous appelle
voilà trois semaines que j'attends
voilà ma facture
la voilà enfin
nous y voilà
me voilà bien avancée
voilà
euh
quoi
c'est quoi
c'est quoi ?
à quoi bon
je ne sais pas quoi
n'importe quoi
il n'y a pas de quoi
vous me proposez quoi
de quoi parlez-vous
il en fait partie
on en fait trop
qu'est-ce que vous en faites
mon mari en fait la demande
il a eu un coup de fil
à cause du coup de vent
du coup de téléphone d'hier
oui oui
non non
si si
très très cher
nous nous sommes trompés
vous vous moquez de moi
jamais jamais je ne reviendrai
rien rien du tout
zéro un un deux
six un un huit
le 12 12 2025
oh la la
trop cher trop cher
je sais, je sais, mais non
pas du tout pas du tout
Ben Martin m'a rappelé
mon conseiller Ben est parfait
c'est bon
bon courage
un bon conseiller
et bien sûr rien n'a changé
vous savez si c'est réglé
vous voyez le problème
ce genre de panne
disons-le
le rendez-vous est-il maintenu
arc-en-ciel
après- vente
j'ai eu la facture
Hein ? Je n'entends pas
5 mm de trop
M. Humbert
elle est allée là là-bas
tout de suite tout de suite
c'est ben plate
merci ben
j'ai ben des problèmes
ça coûte ben trop cher
ben voyons
"""
GONE = re.compile("⟦([^⟦⟧]*)⟧")
CASES = GOES.strip().split("\n")


def test_there_are_enough_cases():
    assert len(CASES) >= 50
    assert len(STAYS.strip().split("\n")) >= 50


@pytest.mark.parametrize("case", CASES)
def test_what_says_nothing_goes(case):
    text = case.replace("⟦", "").replace("⟧", "")
    cleaned = clean_speech(text)
    assert [cleaned.raw[span.start : span.end].strip() for span in cleaned.removed] == GONE.findall(case)
    assert (
        cleaned.text.split() == GONE.sub(" ", case).replace(" ...", "...").replace(" .", ".").replace(" ,", ",").split()
    )


@pytest.mark.parametrize("text", STAYS.strip().split("\n"))
def test_what_has_meaning_stays(text):
    assert clean_speech(text).text == text
    assert not clean_speech(text).removed


def test_kinds():
    cleaned = clean_speech("euh ben je je voudrais ma fac- facture")
    assert [span.kind for span in cleaned.removed] == ["hesitation", "filler", "repetition", "cut_word"]


def test_offsets_lead_back_to_the_words_received():
    cleaned = clean_speech("Bonjour, euh, je je voudrais ma fac- facture, hein.")
    assert cleaned.text == "Bonjour, je voudrais ma facture."
    for word in ("Bonjour", "je", "voudrais", "ma", "facture"):
        start = cleaned.text.index(word)
        assert cleaned.raw[slice(*cleaned.to_raw(start, start + len(word)))] == word


def test_why_never_holds_other_words_than_those_of_the_lists():
    assert {span.why for span in clean_speech("euh ben la fac- la facture").removed} == {
        *("sound without meaning", "ben", "said again at once", "word started again")
    }


SAID = (
    "euh|heu|ben|bah|hein|voilà|quoi|en|fait|du|coup|je|j'|j'ai|la|le|il|y|a|pas|non|oui|fac-|facture|un|deux|bon|,|.|?"
    "|…|...|!|-|'|’|c'est|c'|est|et|bien|12|Ben|\n"
)
WORDS = st.sampled_from(re.split(r"\|", SAID))


@given(st.one_of(st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join), st.text()))
@example("euh, , . euh")
@example("ben.ben.ben")
def test_words_are_only_taken_away(text):
    cleaned = clean_speech(text)
    left = iter(re.findall(r"[^\W_]+", text))
    assert all(word in left for word in re.findall(r"[^\W_]+", cleaned.text))
    assert bool(re.search(r"[^\W_]", cleaned.text)) == bool(re.search(r"[^\W_]", text))
    assert [span.start for span in cleaned.removed] == sorted(span.start for span in cleaned.removed)
    if not cleaned.removed:
        assert cleaned.text == text
