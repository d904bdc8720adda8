"""The fixed codes of rejections and repairs, each with what a manager reads for it."""

from __future__ import annotations

from typing import Final

REASONS: Final[dict[str, str]] = {
    "missing_text": "sans texte",
    "empty_text": "texte vide ou fait de blancs",
    "not_text": "autre chose qu’un texte (liste, objet)",
    "duplicate_id": "identifiant déjà vu",
    "malformed_row": "ligne illisible dans le fichier",
    "unreadable_file": "fichier illisible",
}
"""Why a row is rejected."""

REPAIRS: Final[dict[str, str]] = {
    "c1_controls": "caractères de contrôle C1 relus en Windows-1252",
    "mojibake": "accents mal décodés, rétablis (« Ã© » pour « é »)",
    "html_entity": "entités HTML décodées",
    "nfc": "accents séparés de leur lettre, réunis",
    "zero_width": "caractères invisibles retirés",
    "byte_order_mark": "marque d’ordre des octets retirée",
    "nul": "caractères nuls retirés",
    "control": "caractères de contrôle retirés",
    "surrogate_pair": "paires de substitution réunies",
    "lone_surrogate": "demi-caractères Unicode remplacés",
    "piled_marks": "accents empilés retirés",
    "decoded_bytes": "texte reçu en octets, décodé",
    "number_as_text": "nombre ou valeur reçus à la place d’un texte, gardés comme texte",
    "generated_id": "identifiant absent, créé",
    "inexact_id": "identifiant lu comme un nombre trop grand, derniers chiffres douteux",
    "clashing_id": "identifiant présent dans plusieurs sources, préfixé par la source",
    "turn_out_of_order": "tour de parole remis dans l’ordre",
    "duplicate_turn": "numéro de tour de parole en double",
    "unreadable_turn": "numéro de tour de parole illisible",
    "unparsable_date": "date illisible, laissée vide",
    "date_before_1990": "date antérieure à 1990, laissée vide",
    "future_date": "date future, laissée vide",
    "nonexistent_hour": "heure sautée au passage à l’heure d’été, avancée",
    "ambiguous_hour": "heure double au passage à l’heure d’hiver, la première retenue",
    "swapped_day_month": "jour et mois inversés par rapport à la colonne",
    "ended_before_start": "fin antérieure au début, laissée vide",
    "unknown_zone": "fuseau horaire inconnu, remplacé",
    "unknown_channel": "canal inconnu, compté comme « other »",
    "several_channels": "plusieurs canaux, le premier reconnu retenu",
    "unknown_speaker": "interlocuteur inconnu, compté comme « unknown »",
    "unknown_language": "langue illisible, reconnue d’après le texte",
    "unreadable_rating": "note illisible, laissée vide",
    "conflicting_value": "valeurs contradictoires dans un même contact, la première retenue",
}
"""What was repaired, changed or set aside in a row that is kept."""

DATE_FORMS: Final[dict[str, str]] = {
    "year-month-day": "2025-04-03",
    "numeric": "03/04/2025",
    "day month year": "3 avril 2025",
    "month day year": "avril 3, 2025",
    "weekday month day time year": "jeu avr 03 12:00:00 2025",
    "compact": "20250403",
    "datetime": "dates et heures",
    "date": "dates",
    "spreadsheet days": "jours d’un tableur",
    "seconds since 1970": "secondes depuis 1970",
    "milliseconds since 1970": "millisecondes depuis 1970",
    "microseconds since 1970": "microsecondes depuis 1970",
}
"""The forms of dates, each by the example of 3 April 2025."""

REMOVED: Final[dict[str, str]] = {
    "quote": "messages antérieurs",
    "forward": "en-têtes de transfert",
    "signature": "signatures",
    "disclaimer": "mentions légales",
    "greeting": "salutations d’ouverture",
    "closing": "formules de politesse",
    "footer": "pieds de message",
    "attachment": "marques de pièces jointes",
    "hesitation": "hésitations",
    "filler": "mots de remplissage",
    "repetition": "répétitions",
    "cut_word": "mots coupés",
}
"""What cleaning takes out of turns, by kind."""
