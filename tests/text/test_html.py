"""HTML of e-mails, as a mail program would write it in plain text."""

import pytest

from vocmine.text.html import RULER, html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Bonjour", "Bonjour"),
        ("", ""),
        ("<p>Un</p><p>Deux</p>", "Un\nDeux"),
        ("<div>Un</div><div><br></div><div>Deux</div>", "Un\n\nDeux"),
        ("<p class=MsoNormal>Un</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Deux</p>", "Un\n\nDeux"),
        ("Un<br>Deux<br><br>Trois<br><br><br><br>Quatre", "Un\nDeux\n\nTrois\n\nQuatre"),
        ("<div>Un<br></div><div>Deux</div>", "Un\nDeux"),
        ("<p>Un  mot\n   <b>très</b> <i>fort</i>, non&nbsp;?</p>", "Un mot très fort, non\xa0?"),
        ("<b>re</b>mbourser", "rembourser"),
        ("<h1>Titre</h1>Texte", "Titre\nTexte"),
        ("<p>&eacute;t&#233; &lt;3 &amp; plus&hellip;", "été <3 & plus…"),
        ("<div>-- <br>Paul</div>", "-- \nPaul"),
    ],
)
def test_one_block_a_line(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>un</li><li><p>deux</p></li></ul>", "- un\n- deux"),
        ("<ol><li>un<ul><li>sous</li></ul></li><li>deux</li></ol>", "- un\n  - sous\n- deux"),
        ("<table><tr><td>un</td><td>deux</td></tr><tr><td>trois</td></tr></table>", "un\ndeux\ntrois"),
        ("<table><tr><th>Objet : </th><td>Facture</td></tr></table>", "Objet : Facture"),
        ("<pre>a\n  b\n\nc</pre>fin", "a\n  b\n\nc\nfin"),
        ("<p>Un</p><hr><p>Deux</p>", f"Un\n{RULER}\nDeux"),
        ("<a href='https://exemple.fr'>le lien</a>", "le lien"),
        ("<img src=a alt='Logo Voltea'><img src=b alt='😡'>", "😡"),
    ],
)
def test_lists_tables_rulers_links(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<head><title>Titre</title><style>p{}</style></head>",
        "<style>p{color:red}</style>",
        "<script>alert('x')</script>",
        "<!-- commentaire --><!--[if mso]><p>Word</p><![endif]-->",
        "<div style='color:red;DISPLAY : none'>aperçu</div>",
        "<div style='max-height:0px;overflow:hidden'>aperçu</div>",
        "<p hidden style='display:none'>caché</p>",
        "<xml><o:OfficeDocumentSettings>96</o:OfficeDocumentSettings></xml>",
        "<svg><text>dessin</text></svg>",
    ],
)
def test_what_is_not_seen_is_left_out(html):
    assert html_to_text(f"{html}<p>vu</p>") == "vu"


class TestQuotes:
    def test_are_marked_level_by_level(self):
        html = "Non.<blockquote type=cite>Oui ?<br><br>Bien.<blockquote><p>Si ?</p></blockquote></blockquote>Fin."
        assert html_to_text(html) == "Non.\n> Oui ?\n>\n> Bien.\n> > Si ?\nFin."

    def test_an_indented_paragraph_is_none(self):
        html = '<blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>En retrait</div></blockquote>'
        assert html_to_text(html) == "En retrait"

    def test_gmail(self):
        html = (
            '<div dir="ltr">Merci</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Le mer. 12 mars'
            ' 2025 à 10:20, SAV &lt;<a href="mailto:sav@exemple.fr">sav@exemple.fr</a>&gt; a écrit :<br></div>'
            '<blockquote class="gmail_quote" style="border:none">Bonjour</blockquote></div>'
        )
        assert html_to_text(html) == "Merci\n\nLe mer. 12 mars 2025 à 10:20, SAV <sav@exemple.fr> a écrit :\n> Bonjour"

    def test_yahoo_sets_them_apart_by_class_alone(self):
        html = (
            "<div>Merci</div><div class='yahoo_quoted'><div><div>Le lundi 3 mars, SAV a écrit :</div><div><br></div>"
            "<div>Bonjour</div></div></div><div>Fin</div>"
        )
        assert html_to_text(html) == "Merci\nLe lundi 3 mars, SAV a écrit :\n>\n> Bonjour\nFin"

    def test_outlook_on_the_web(self):
        html = (
            "Merci<hr tabindex=-1><div id=divRplyFwdMsg><b>De :</b> SAV<br><b>Objet :</b> Colis</div><div>Bonjour</div>"
        )
        assert html_to_text(html) == f"Merci\n{RULER}\nDe : SAV\nObjet : Colis\nBonjour"

    def test_zimbra(self):
        assert html_to_text("Merci<hr id=zwchr><b>De: </b>SAV") == "Merci\n----- Mail original -----\nDe: SAV"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "fin",
        "<span>" * 50_000 + "</x>" * 50_000 + "fin",
        "".join(f"<font color={n}>" for n in range(30_000)) + "<p>" * 30_000 + "fin",
        "<p " + "".join(f"a{n}=1 " for n in range(100_000)) + ">fin",
        "<blockquote>" * 400 + "x<br>" * 20_000 + "fin",
        "<span><div></span></div>" * 50_000 + "fin",
        "<" * 1_000_000 + " fin",
        "<a '" * 100_001 + "'>fin",
    ],
    ids=range(8),
)
def test_hostile_markup_costs_time_and_room_in_proportion(html):
    text = html_to_text(html)
    assert text.split()[-1] == "fin"
    assert len(text) <= 20 * len(html)


def test_words_nested_too_deep_are_kept():
    html = "<div>avant" + "<div><b>" * 5_000 + "dedans <script>x</script>" + "</b></div>" * 5_000 + "après</div>"
    assert html_to_text(html).split() == ["avant", "dedans", "après"]


def test_layout_nested_too_deep_is_not_kept():
    assert html_to_text("<div>" * 6_000 + "<blockquote>dedans</blockquote>") == "dedans"
    assert html_to_text("<blockquote>dedans</blockquote>" + "<p>x</p>" * 6_000).startswith("> dedans")


def test_any_string_is_read():
    assert html_to_text("a\0b\ud800c") == "ab?c"
