"""Threads: which conversation a public message belongs to, whose contact it is, what is only a repost."""

import pytest

from tests.ingest.mapping.exports import corpus_of, written
from vocmine.ingest.mapping.entities import entities, reposted
from vocmine.ingest.mapping.threads import Message, Threads

OWN = ("@Exemple_SAV",)


def message(number, author="lea", reply_to=None, **told):
    told = {"conversation": None, "reply_to_author": None, "repost_of": None, "text": "Bonjour"} | told
    return Message(id=number, author=author, names=frozenset({author}), own=author == "sav", reply_to=reply_to, **told)


def test_a_reply_belongs_to_the_first_message_of_its_thread():
    messages = [message("3", reply_to="2"), message("2", "sav", "1"), message("1")]
    threads = Threads(messages)
    assert [threads.conversation(each) for each in messages] == ["1", "1", "1"]
    assert [threads.contact(each) for each in messages] == ["1:lea", "1:lea", "1:lea"]


def test_the_conversation_of_the_platform_counts_first():
    only = message("3", reply_to="2", conversation="c")
    assert Threads([only]).conversation(only) == "c"


def test_siblings_of_a_parent_that_is_missing_share_its_thread():
    one, other = message("3", reply_to="absent"), message("4", "tom", "absent")
    threads = Threads([one, other])
    assert threads.conversation(one) == threads.conversation(other) == "absent"
    assert threads.contact(one) != threads.contact(other)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_messages_that_answer_one_another_in_a_circle_are_one_thread(order):
    messages = [
        message("5", reply_to="7"),
        message("6", reply_to="5"),
        message("7", reply_to="6"),
        message("9", reply_to="7"),
    ]
    threads = Threads(messages)
    assert {threads.conversation(messages[rank]) for rank in order} == {"5"}


def test_a_message_that_answers_itself_is_its_own_thread():
    only = message("5", reply_to="5")
    assert Threads([only]).conversation(only) == "5"


def test_a_long_thread_takes_no_longer_than_its_length():
    messages = [message(str(number), reply_to=str(number - 1) if number else None) for number in range(50_000)]
    threads = Threads(messages)
    assert {threads.conversation(each) for each in reversed(messages)} == {"0"}


def test_under_a_message_of_the_company_each_customer_has_a_contact():
    post, lea, tom = message("1", "sav"), message("2", "lea", "1"), message("3", "tom", "1")
    answer, more = message("4", "sav", "3"), message("5", "sav", "4")
    threads = Threads([post, lea, tom, answer, more])
    assert [threads.contact(each) for each in (post, lea, tom, answer, more)] == [
        *("1", "1:lea", "1:tom", "1:tom", "1:tom")
    ]


def test_an_answer_to_a_message_that_is_missing_goes_with_the_author_that_the_platform_tells():
    answer = message("4", "sav", "absent", conversation="c", reply_to_author="tom")
    assert Threads([answer]).contact(answer) == "c:tom"


def test_a_message_without_id_or_author_is_threaded_as_far_as_it_can_be():
    nameless = message(None, None)
    assert (Threads([nameless]).conversation(nameless), Threads([nameless]).contact(nameless)) == (None, None)


def test_reposts_are_counted_with_their_original_by_id_or_by_author_and_words():
    original = message("1", "lea", text="Toujours en panne à Lyon, c’est long")
    reposts = [
        message("2", "tom", repost_of="1"),
        message("3", "max", text="RT @Lea: Toujours en panne à Lyon, c’est long"),
        message("4", "max", text="RT @lea: autre chose"),
    ]
    threads = Threads([*reposts, original])
    assert (threads.reposts("1"), threads.reposts("2"), threads.reposts(None)) == (2, 0, 0)
    assert all(each.is_repost for each in reposts)


def post(number, text, author="10", **more):
    return {"id": number, "text": text, "author_id": author, "edit_history_tweet_ids": [number], **more}


def test_a_repost_is_a_rejected_row_without_a_word_of_it(tmp_path):
    posts = [
        post("1", "En panne"),
        post("2", "RT @x: En panne", referenced_tweets=[{"type": "retweeted", "id": "1"}]),
        post("3", "RT @x: secret", referenced_tweets=[{"type": "retweeted", "id": "mon secret"}]),
        post("1", "En panne"),
    ]
    corpus = corpus_of(written(tmp_path, {"data": posts}), own_addresses=OWN)
    assert corpus.rejected["detail"].to_pylist() == [
        "got a repost of 1, expected a message; it is counted with the message that it repeats",
        "got a repost, expected a message; it is counted with the message that it repeats",
        "got a message whose id an earlier one bears, expected each message once",
    ]
    assert corpus.to_pandas()["reposts"].tolist() == [1]


def test_without_the_accounts_of_the_company_everyone_is_a_customer_and_the_report_says_so(tmp_path):
    corpus = corpus_of(written(tmp_path, {"data": [post("1", "Bonjour")]}))
    assert corpus.turns["speaker"].to_pylist() == ["customer"]
    assert "comptes de l’entreprise non donnés : chaque auteur compté comme client" in corpus.quality().sources[0].notes


@pytest.mark.parametrize("given", ["Exemple_SAV", "@exemple_sav", " @EXEMPLE_SAV ", "99"])
def test_the_company_is_known_by_its_handle_or_its_id(tmp_path, given):
    page = {"data": [post("1", "Bonjour", "99")], "includes": {"users": [{"id": "99", "username": "Exemple_SAV"}]}}
    corpus = corpus_of(written(tmp_path, page), own_addresses=(given,))
    assert corpus.turns["speaker"].to_pylist() == ["agent"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Exemple_SAV, @b !", {"mentions": ["Exemple_SAV", "b"]}),
        ("écrire à lea@exemple.fr ou x@y", {"mentions": []}),
        ("#SNCF#retard #1 #été2026 a#b", {"hashtags": ["SNCF", "été2026"]}),
        ("voir (https://exemple.fr/a#b?c=@d), et http://exemple.fr.", {
            "links": ["https://exemple.fr/a#b?c=@d", "http://exemple.fr"], "mentions": [], "hashtags": []}),
        ("Bravo 👏🏽👏 et ❤️", {"emoji": ["👏🏽", "👏", "❤️"]}),
        ("https://exemple.fr/@compte/12", {"mentions": []}),
        ("rien", {"mentions": [], "hashtags": [], "links": [], "emoji": []}),
    ],
)  # fmt: skip
def test_entities_are_found_in_the_text(text, found):
    assert {name: entities(text)[name] for name in found} == found


@pytest.mark.parametrize("text", ["ART @lea: x", "rt @lea: x", "RT", "RT @", "RT lea: x", "Merci ! RT @lea: x"])
def test_only_what_begins_as_a_repost_is_one(text):
    assert reposted(text) is None
