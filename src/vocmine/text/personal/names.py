"""Names of persons: after a title or « je m’appelle », a first name before a surname, a line of signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.kinds import Personal
from vocmine.text.personal.name_words import FIRST, LOWER, NEXT, is_first_name, is_known, is_sure_first_name, is_surname

_S: Final = r"[ \t\u00a0]{1,2}"
_WRITTEN: Final = (
    "Monsieur|MONSIEUR|monsieur|Madame|MADAME|madame|Mademoiselle|MADEMOISELLE|mademoiselle|Docteure|Docteur"
    "|docteure|docteur"
    "|Maître|maître|Professeure|Professeur|professeure|professeur|Veuve|veuve|Mgr|mgr|Mmes|Mme|MME|mme|Mlle|MLLE"
    "|mlle|Mrs|Mr|MR|mr"
    "|MM|M|Dr|DR|dr|Me|Pr"
)
_TITLES: Final = rf"(?:{_WRITTEN})\.?(?!\w)"
# No look behind first: the search then leaps to the next letter that a title starts with.
_TITLE: Final = re.compile(
    rf"(?:{_WRITTEN})\.?(?!\w)(?:(?: ?(?:et|/|ou) ?|{_S}(?:la |le )?){_TITLES}){{0,2}}(?:{_S}|(?<=\.))"
)
_WITHIN_WORD: Final = re.compile(r"[\w'’.-]")
_LABELS: Final = (
    r"(?:nom(?: de famille| complet| et pr[ée]nom| du titulaire| de jeune fille| d['’]usage)?"
    r"|pr[ée]noms?(?: et nom)?|titulaire"
    r"|b[ée]n[ée]ficiaire|signataire|sign[ée]e?|destinataire|exp[ée]diteur)\s?:"
)
_AGENTS: Final = (
    r"(?:conseill[eè]re?|technicien(?:ne)?|agente?|interlocut(?:eur|rice)|coll[eè]gues?|dame|pr[ée]nomm[ée]e?"
    r"|nomm[ée]e?|appel[ée]e?)"
    r"(?: nomm[ée]e?| du nom de| pr[ée]nomm[ée]e?)?,?"
)
_SAID: Final = re.compile(
    r"(?<!\w)(?:[ms]['’ ]appelle|mon (?:nom|prénom) (?:complet )?(?:est|c['’]est)|mon nom,? c['’]est"
    r"|je me (?:pr[ée]nomme|nomme)"
    r"|je soussign[ée](?:\(e\)|e)?,?|de la part d(?:e|['’])|au nom d(?:e|['’])|une? certaine?"
    rf"|{_LABELS}|{_AGENTS})(?:{_S}{_TITLES})?[ \t\u00a0]{{0,2}}",
    re.IGNORECASE,
)
_OWN_NAME: Final = re.compile(r"appelle|mon|nomme|soussign", re.IGNORECASE)
_LABELLED: Final = re.compile(r":\s{0,2}\Z")
_GREETED: Final = re.compile(
    r"(?<!\w)(?:[Bb]onjour|[Bb]onsoir|[Ss]alut|[Cc]h[eè]re?|[Mm]erci(?: beaucoup| encore)?(?: à)?|avec|par|[Ii]ci"
    r"|c['’]est|à"
    r"|[Bb]ravo(?: à)?|et)[ \u00a0]\Z"
)
_CAPITAL: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]{1,30}")
_ELIDED: Final = re.compile(r"(?<!\w)[dlDL]['’]\Z")
_TO_PLACE: Final = re.compile(
    r"(?<!\w)(?:rue|av(?:enue|\.)?|boulevard|bd|place|all[ée]e|impasse|chemin|quai|pont|square|cours|lyc[ée]e"
    r"|coll[èe]ge|[ée]cole"
    r"|maternelle|primaire|h[ôo]pital|chu|clinique|a[ée]roport|gare|station|m[ée]tro|arr[êe]t|stade|parc|mus[ée]e"
    r"|universit[ée]"
    r"|centre|r[ée]sidence|th[ée][âa]tre|espace|institut|fondation|prix|rond-point|cit[ée]|maison|m[ée]diath[èe]que"
    r"|biblioth[èe]que|salle|gymnase|tour|b[âa]timent|sainte?|magasin|marque|boutique|enseigne|parfum|ehpad|foyer"
    r"|campus"
    r"|caf|agence|bureau|site|quartier)(?: (?:de|du|des|la|le|d['’])){0,2}[ \u00a0]\Z",
    re.IGNORECASE,
)
_SURNAME_BEFORE: Final = re.compile(r"(?<![\w'’.-])(?P<name>[A-ZÀ-Þ]{3,30}(?:-[A-ZÀ-Þ]{2,20})?)[ \u00a0]\Z")

_CLOSING: Final = re.compile(
    r"(?<!\w)(?:cordialement|salutations(?: distingu[ée]es)?|bien à vous|sinc[èe]rement|respectueusement|cdlt"
    r"|bonne journ[ée]e"
    r"|bonne r[ée]ception|[àa] bient[ôo]t|merci(?: d['’]avance| beaucoup| par avance)?|consid[ée]ration|regards"
    r"|amicalement)"
    r"[ \t]{0,2}[,.!]?[ \t]{0,2}(?:\n\s{0,6}(?:--[ \t]{0,3}\n)?|(?<=[,.!] )|(?<=[,.!]))",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"(?<!\w)(?:(?:M\.|Mme|Mlle|Monsieur|Madame|Mr|Dr)[ \t])?"
    r"(?P<name>[A-ZÀ-Þ][\w'’.-]{1,30}(?:[ \t](?:de |du |van |le |la |d['’])?[A-ZÀ-Þ][\w'’.-]{0,30}){0,3})"
    r"[ \t]{0,3}[.!]?(?=\n|\r|\Z|,| -)"
)
_ALONE: Final = frozenset({"madame", "monsieur", "mme", "mr", "mlle", "mademoiselle", "m.", "m"})
_LONGEST: Final = 4


def find_after_titles(text: str) -> Iterator[Personal]:
    """Find names that follow a title, which stays: « M. », « Mme », « Maître ».

    Examples
    --------
    >>> text = "Monsieur le Directeur, voyez Mme de Testu"
    >>> [text[found.start : found.end] for found in find_after_titles(text)]
    ['de Testu']
    """
    for match in _TITLE.finditer(text):
        if match.start() and _WITHIN_WORD.match(text, match.start() - 1):
            continue
        end = _walk(text, match.end())
        if end is None and match[0].strip().lower() in {
            "madame",
            "monsieur",
            "mme",
            "mr",
            "mlle",
            "mademoiselle",
            "m.",
        }:
            end = _lower(text, match.end())
        if end is not None:
            yield Personal(match.end(), end, "name", "after a title", 0.85)


def find_after_phrases(text: str) -> Iterator[Personal]:
    """Find names that follow « je m’appelle », « de la part de », « Nom : » and the like.

    Examples
    --------
    >>> text = "je m'appelle sophie martin"
    >>> [text[found.start : found.end] for found in find_after_phrases(text)]
    ['sophie martin']
    """
    for match in _SAID.finditer(text):
        own = _OWN_NAME.search(match[0]) is not None
        end = _walk(text, match.end())
        if end is None and own:
            end = _lower(text, match.end(), own=True)
        if end is None:
            continue
        word = text[match.end() : end].split(maxsplit=1)[0]
        if own or _LABELLED.search(match[0].rstrip() + " ") or is_first_name(word) or is_surname(word):
            yield Personal(match.end(), end, "name", "after a phrase of naming", 0.85)


def find_listed(text: str) -> Iterator[Personal]:
    """Find first names of the list beside a surname, or addressed.

    Examples
    --------
    >>> text = "J'ai eu Karim Modèle, puis le lycée Jean Moulin"
    >>> [text[found.start : found.end] for found in find_listed(text)]
    ['Karim Modèle']
    """
    for match in _CAPITAL.finditer(text):
        word = match[0]
        if not _starts_word(text, match.start()) or not is_first_name(word):
            continue
        if _TO_PLACE.search(text[max(0, match.start() - 40) : match.start()]):
            continue
        end = _walk(text, match.start())
        if end is None:
            continue
        if end > match.end() and not _is_shouted(text, match.start(), end):
            yield Personal(match.start(), end, "name", "first name and surname", 0.8)
        elif is_sure_first_name(word) and (before := _surname_before(text, match.start())) is not None:
            yield Personal(before, match.end(), "name", "surname and first name", 0.75)
        elif is_sure_first_name(word) and not word.isupper() and _is_greeted(text, match.start()):
            yield Personal(match.start(), match.end(), "name", "first name that is addressed", 0.65)


def find_signed(text: str) -> Iterator[Personal]:
    r"""Find the names that close a message.

    Examples
    --------
    >>> text = "Cordialement,\nSophie Exemple\n"
    >>> [text[found.start : found.end] for found in find_signed(text)]
    ['Sophie Exemple']
    """
    for match in _CLOSING.finditer(text):
        signed = _SIGNED.match(text, match.end())
        if signed is None:
            continue
        parts = [part for part in re.split(r"[ \t]", signed["name"]) if part[0].isupper()]
        alone = "\n" in match[0]
        named = any(is_first_name(part) or is_surname(part) for part in parts)
        several = len(parts) > 1 and (alone or parts[0].endswith("."))
        if not any(map(is_known, parts)) and (named or several):
            yield Personal(*signed.span("name"), "name", "line of signature", 0.8)


def _walk(text: str, start: int) -> int | None:
    """Return the end of the name that starts at `start`, or None where no name does."""
    end, pattern, taken = start, FIRST, []
    for _ in range(_LONGEST):
        match = pattern.match(text, end)
        if match is None:
            break
        word = match["word"]
        if word is not None:
            word = word.rstrip("'’-")
            if is_known(word) or (word.isdecimal()):
                break
            taken.append(word)
        end = match.end() if word is None else match.start("word") + len(word)
        pattern = NEXT
    if not taken or is_known(" ".join(taken[:2])):
        return None
    return end


def _lower(text: str, start: int, *, own: bool = False) -> int | None:
    """Return the end of a name in lower case: words of the lists; after « je m’appelle », any word with one."""
    end = start
    for rank in range(3):
        match = LOWER.match(text, end)
        if match is None or is_known(match["word"]):
            break
        word = match["word"]
        listed = is_first_name(word) or is_surname(word)
        if not listed and not (own and rank == 1):
            break
        if not own and rank == 0 and not _is_lower_name(word):
            break
        end = match.end()
    return end if end > start else None


def _is_lower_name(word: str) -> bool:
    return is_sure_first_name(word) or is_surname(word)


def _is_shouted(text: str, start: int, end: int) -> bool:
    """Tell words in capitals among others, where only two words of the lists make a name."""
    if not text[start:end].isupper():
        return False
    around = text[max(0, start - 30) : start] + text[end : end + 30]
    letters = [letter for letter in around if letter.isalpha()]
    if sum(map(str.isupper, letters)) <= 0.5 * len(letters):
        return False
    return not is_surname(text[start:end].rsplit(maxsplit=1)[-1])


def _surname_before(text: str, start: int) -> int | None:
    first = max(0, start - 40)
    match = _SURNAME_BEFORE.search(text[first:start])
    if match is None or is_known(match["name"]) or text[start : start + 3].isupper():
        return None
    return first + match.start()


def _starts_word(text: str, start: int) -> bool:
    """Tell the beginning of a word: the pattern looks at none of what is before, to leap from capital to capital."""
    before = text[start - 1 : start]
    if before in {"'", "’"}:
        return _ELIDED.search(text[max(0, start - 3) : start]) is not None
    return not (before.isalnum() or before in {"_", "-"})


def _is_greeted(text: str, start: int) -> bool:
    return _GREETED.search(text[max(0, start - 20) : start]) is not None
