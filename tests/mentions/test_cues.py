"""What a public message asks, threatens or praises: sentences, and the kinds that must be found in each."""

import pytest

from vocmine.mentions.cues import KINDS, cues
from vocmine.text.lexicons import column

SENTENCES = {
    "Bonjour, quand serai-je remboursée ?": "request",
    "Pourriez-vous m’appeler svp": "request",
    "Toujours aucune réponse de votre part": "request",
    "J’voudrais savoir c’est quand que le technicien passe": "request",
    "Je vais résilier et passer chez un concurrent": "leaving",
    "J’vas canceller mon forfait, chu tanné": "leaving complaint",
    "Mise en demeure envoyée ce matin par mon avocat.": "legal",
    "Je saisis SignalConso dès demain": "legal",
    "Partagez, faites tourner, que tout le monde le sache": "public",
    "Mon bébé est sans chauffage depuis hier": "urgent",
    "C’est inadmissible, ça ne marche pas": "complaint",
    "Ma ligne marche pus depuis à matin": "complaint",
    "Sans réponse de votre part, je porte plainte": "request legal",
    "Toujours pas de réponse, je vais résilier !": "complaint leaving request",
    "Merci à toute l’équipe, vous êtes au top": "praise",
    "C’est pas pire, votre service": "praise",
    "Un grand merci pour votre réactivité !": "praise",
    "Merci de me rappeler": "request",
    "Bravo, encore une panne": "complaint",
    "Je suis pas du tout satisfait": "",
    "Pas de danger, tout va bien": "",
    "Rien d’urgent": "",
    "Je n’ai jamais dit que je voulais partir": "",
    "J’ai vu votre publicité à la télé": "",
    "https://exemple.fr/?q=aide": "",
    "Stopper la pub": "",
    "": "",
    "🙂": "",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_has_its_kinds(sentence):
    assert cues(sentence) == frozenset(SENTENCES[sentence].split())


def test_the_word_list_is_sound():
    named = list(zip(column("reply_cues", "cue"), column("reply_cues", "kind"), strict=True))
    assert len(set(named)) == len(named)
    assert {kind for _, kind in named} == set(KINDS)
    assert all(
        cue == " ".join(cue.split()) and cue.isascii() and cue.islower() for cue, _ in named if not cue[0].isdigit()
    )
