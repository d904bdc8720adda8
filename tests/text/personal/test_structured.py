"""What has a form of its own or a checksum, in the ways that people write it; persons and numbers are invented."""

import pytest

from vocmine.text.personal import find_personal


def found(text):
    return [(text[each.start : each.end], each.kind) for each in find_personal(text)]


@pytest.mark.parametrize(
    "phone",
    [
        "06 39 98 12 34",
        "06.39.98.12.34",
        "06-39-98-12-34",
        "06/39/98/12/34",
        "0639981234",
        "06\u00a039\u00a098\u00a012\u00a034",
        "06 - 39 - 98 - 12 - 34",
        "0 6 3 9 9 8 1 2 3 4",
        "+33 6 39 98 12 34",
        "+33639981234",
        "+33 (0)6 39 98 12 34",
        "0033 6 39 98 12 34",
        "+33.6.39.98.12.34",
        "0475/12 34 56",
        "0478/12.34.56",
        "0485 12.10.24",
        "02/123.45.67",
        "081 23 45 67",
        "+32 478 12 34 56",
        "+32(0)478/12.34.56",
        "079 123 45 67",
        "022 345 67 89",
        "+41 79 123 45 67",
        "514 555-0199",
        "(514) 555-0199",
        "418.555.0123",
        "1-800-555-0199",
        "+1 514 555 0199",
        "514 555-0199 poste 223",
    ],
)
@pytest.mark.parametrize("sentence", ["Rappelez-moi au {}, merci.", "({})", "Tél : {}\nCordialement", "le {} 24h/24"])
def test_telephone_numbers(phone, sentence):
    assert (phone, "phone") in found(sentence.format(phone))


@pytest.mark.parametrize(
    "phone",
    [
        "zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre",
        "zéro six, trente-neuf, quatre-vingt-dix-huit, douze, trente-quatre",
        "zéro six trente neuf quatre vingt dix huit douze trente quatre",
        "zéro six trente-neuf euh quatre-vingt-dix-huit douze 34",
        "zéro sept soixante et onze septante-deux nonante-trois zéro zéro",
        "cinq un quatre cinq cinq cinq zéro un neuf neuf",
        "zéro quatre cent soixante-quinze douze trente-quatre cinquante-six",
    ],
)
def test_telephone_numbers_read_out(phone):
    assert found(f"alors mon numéro c'est le {phone} voilà") == [(phone, "phone")]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("écrivez à Lea.Roy+sav@mail.exemple.co.uk.", "Lea.Roy+sav@mail.exemple.co.uk", "email"),
        ("lea.roy (at) exemple.fr", "lea.roy (at) exemple.fr", "email"),
        ("c'est léa point roy arobase exemple point fr", "léa point roy arobase exemple point fr", "email"),
        ("Merci @lea.roy !", "@lea.roy", "handle"),
        ("au 12 rue des Tilleuls 35000 Rennes le 30/09", "12 rue des Tilleuls 35000 Rennes", "address"),
        ("mon véhicule DT 269 MW a été flashé", "DT 269 MW", "plate"),
        ("mon véhicule LE 708 YJ a été flashé", "LE 708 YJ", "plate"),
        (
            "au 75B résidence Les Hêtres, rue Pasteur, 35000 Rennes",
            "75B résidence Les Hêtres, rue Pasteur, 35000 Rennes",
            "address",
        ),
        ("mon NIR 2 55 08 14 168 025 38", "2 55 08 14 168 025 38", "nir"),
        ("255081416802538", "255081416802538", "nir"),
        ("2 53 07 2A 073 004 43", "2 53 07 2A 073 004 43", "nir"),
        ("n° de sécurité sociale 2 55 08 14 168 025 39", "2 55 08 14 168 025 39", "nir"),
        ("sécu : 2550814168025", "2550814168025", "nir"),
        ("NAS 046 454 286", "046 454 286", "nas"),
        ("mon numéro d’assurance sociale : 046-454-286", "046-454-286", "nas"),
        ("85.07.30-033.28", "85.07.30-033.28", "national_number"),
        ("NISS 85073003328", "85073003328", "national_number"),
        ("AVS 756.9217.0769.85", "756.9217.0769.85", "avs"),
        ("FR76 3000 6000 0112 3456 7890 189 merci", "FR76 3000 6000 0112 3456 7890 189", "iban"),
        ("fr7630006000011234567890189", "fr7630006000011234567890189", "iban"),
        ("BE68-5390-0754-7034", "BE68-5390-0754-7034", "iban"),
        ("IBAN avec une faute : CH93 0076 2011 6238 5295 8 SVP", "CH93 0076 2011 6238 5295 8", "iban"),
        ("30006 00001 12345678901 89", "30006 00001 12345678901 89", "rib"),
        ("CB 4970 1012 3456 7893 exp 09/27", "4970 1012 3456 7893", "card"),
        ("3782 822463 10005", "3782 822463 10005", "card"),
        ("SIRET 732 829 320 00074", "732 829 320 00074", "company"),
        ("SIRET de La Poste : 35600000049837", "35600000049837", "company"),
        ("TVA FR44 732 829 320", "FR44 732 829 320", "company"),
        ("BIC : AGRIFRPP", "AGRIFRPP", "bic"),
        ("depuis 192.0.2.14", "192.0.2.14", "ip"),
        ("IP 2001:db8::1:2", "2001:db8::1:2", "ip"),
        ("la voiture AB-123-CD", "AB-123-CD", "plate"),
        ("1234 AB 75", "1234 AB 75", "plate"),
        ("immatriculée ab123cd", "ab123cd", "plate"),
        ("mon auto 1-ABC-123", "1-ABC-123", "plate"),
        ("VD 123456", "VD 123456", "plate"),
        ("plaque du Québec : H12 ABC", "H12 ABC", "plate"),
        ("né le 12/03/1980 à Lyon", "12/03/1980", "birth_date"),
        ("Née à Nantes le 1er mars 1980", "1er mars 1980", "birth_date"),
        ("date de naissance : 1980-03-12", "1980-03-12", "birth_date"),
        ("n° client 123456", "123456", "reference"),
        ("Référence dossier AB-123", "AB-123", "reference"),
        ("contrat 4512-889", "4512-889", "reference"),
        ("numéro de client quatre cinq un deux huit", "quatre cinq un deux huit", "reference"),
        ("mot de passe : Soleil!24", "Soleil!24", "secret"),
        ("code : 4417", "4417", "secret"),
        ("mon code confidentiel est le 4417.", "4417", "secret"),
    ],
)
def test_what_is_found_and_as_what(text, value, kind):
    assert found(text) == [(value, kind)]


@pytest.mark.parametrize(
    "address",
    [
        "12 rue des Lilas, 69003 Lyon",
        "12 bis, rue des lilas 69003 Lyon",
        "3 ter av. du Général-Leclerc\n75011 PARIS",
        "5 place de la République, 44000 Nantes",
        "8 rue du 8 mai 1945, bâtiment B, appt 12, 59000 Lille",
        "12 rue de la paix",
        "lieu-dit Le Bourg, 56300 Neulliac",
        "rue de la Loi 16, 1000 Bruxelles",
        "Chaussée de Wavre 12 bte 4, 1050 Ixelles",
        "chemin des Fleurettes 12, 1007 Lausanne",
        "1234, boul. René-Lévesque Ouest, app. 5, Montréal (Québec) H2X 1Y4",
        "455 rue Sherbrooke Est, Montréal QC H2L 1J8",
    ],
)
def test_postal_addresses(address):
    assert found(f"Mon adresse : {address}.") == [(address, "address")]


def test_a_pattern_of_the_user_finds_its_first_group():
    text = "badge Z-42 et Z-43"
    patterns = {"badge": r"badge (Z-\d\d)"}
    (badge,) = find_personal(text, patterns=patterns)
    assert (text[badge.start : badge.end], badge.kind, badge.score) == ("Z-42", "badge", 1.0)


def test_kinds_choose():
    text = "Mme Exemple, 06 39 98 12 34, lea@exemple.fr"
    assert [each.kind for each in find_personal(text, kinds=["phone"])] == ["phone"]
    assert [each.kind for each in find_personal(text, names=False)] == ["phone", "email"]


def test_a_long_text_is_looked_through_to_its_end():
    sentence = "Rien de particulier à signaler ici. "
    text = sentence * 2_000 + "06 39 98 12 34. " + sentence * 2_000
    assert found(text) == [("06 39 98 12 34", "phone")]


@pytest.mark.parametrize("place", range(19_370, 20_010, 7))
def test_nothing_falls_between_two_windows(place):
    assert found("." * place + " 06 39 98 12 34 " + "." * 1_000) == [("06 39 98 12 34", "phone")]
