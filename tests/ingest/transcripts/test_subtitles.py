"""WebVTT and SRT: what the golden files do not show."""

import gzip

import pytest

from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.transcripts import FORMATS
from vocmine.ingest.transcripts.timing import read_timing

CUE = "00:{:02}.000 --> 00:{:02}.900\n<v {}>{}\n\n"


def test_cues_of_one_speaker_are_joined_up_to_a_pause_of_a_second_and_a_half(read):
    cues = [
        (1, 1, "Agent", "Bonjour,"),
        (3, 3, "Agent", "Colivia."),
        (6, 6, "Agent", "Allô ?"),
        (7, 7, "Client", "Oui."),
    ]
    _, rows, _ = read("a.vtt", "WEBVTT\n\n" + "".join(CUE.format(*cue) for cue in cues))
    assert [row["text"] for row in rows] == ["Bonjour, Colivia.", "Allô ?", "Oui."]
    assert [row["cues"] for row in rows] == [2, 1, 1]


def test_cues_that_nobody_is_named_for_stay_apart(read):
    _, rows, _ = read("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour\n\n00:02.000 --> 00:03.000\nOui allô\n")
    assert [(row["text"], row["speaker"], row["speaker_from"]) for row in rows] == [
        ("Bonjour", "unknown", None),
        ("Oui allô", "unknown", None),
    ]


def test_a_malformed_cue_is_a_row_of_its_own_with_its_line(read):
    _, rows, malformed = read(
        "a.vtt", "WEBVTT\n\n00:05.000 --> 00:01.000\nsecret\n\n" + CUE.format(6, 6, "Agent", "Oui.")
    )
    assert malformed == {0: "line 3: ends before it starts"}
    assert [row["text"] for row in rows] == ["Oui."]


def test_every_cue_counts_whatever_the_size_of_the_file(read):
    speakers = ["Agent", "Client", "Client"]
    content = "WEBVTT\n\n" + "".join(CUE.format(k % 60, k % 60, speakers[k % 3], f"mot {k}") for k in range(20_000))
    _, rows, malformed = read("a.vtt", content)
    assert sum(row["cues"] for row in rows) == 20_000
    assert not malformed
    assert [row["turn"] for row in rows] == list(range(len(rows)))
    assert {row["speaker"] for row in rows} == {"agent", "customer"}


def test_roles_inferred_on_the_first_turns_hold_for_the_others(read):
    first = [("S", "Bonjour, que puis-je faire pour vous ?"), ("T", "Je n'ai rien reçu, j'attends mon colis.")]
    cues = first + [("S" if k % 2 else "T", "D'accord.") for k in range(12_000)]
    content = "WEBVTT\n\n" + "".join(
        CUE.format(k % 60, k % 60, f"Speaker {who}", text) for k, (who, text) in enumerate(cues)
    )
    _, rows, _ = read("a.vtt", content)
    assert {(row["speaker_label"], row["speaker"]) for row in rows} == {
        ("Speaker S", "agent"),
        ("Speaker T", "customer"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_breaks_do_not_matter(read, encoding, end):
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Cliente>Réclamation déposée à l'été, où ça ?\n".replace("\n", end)
    name, rows, malformed = read("a.vtt", content.encode(encoding))
    assert (name, malformed) == ("webvtt", {})
    assert [row["text"] for row in rows] == ["Réclamation déposée à l'été, où ça ?"]


def test_an_encoding_that_does_not_fit_is_refused_without_a_word_of_the_file(read):
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Cliente>Réclamée\n".encode("cp1252")
    with pytest.raises(ReadError, match=r"a\.vtt") as error:
        read("a.vtt", content, Choices(encoding="utf-8"))
    assert "clam" not in str(error.value)


def test_a_gzip_cut_off_is_refused(tmp_path):
    path = tmp_path / "a.vtt.gz"
    cues = "".join(CUE.format(k % 60, k % 60, "Agent", f"mot {k * 7919}") for k in range(20_000))
    path.write_bytes(gzip.compress(f"WEBVTT\n\n{cues}".encode())[:-1000])
    with pytest.raises(ReadError, match="cannot be read"):
        list(FORMATS[0].rows(File(path, path.name), Choices()))


def test_rows_are_numbered_over_the_whole_file(read):
    broken = "00:09.000 --> 00:01.000\nrien\n\n"
    speakers = ["Agent", "Client"]
    cues = [
        CUE.format(k % 60, k % 60, speakers[k % 2], "oui") + (broken if k % 1000 == 0 else "") for k in range(6_000)
    ]
    _, rows, malformed = read("a.vtt", "WEBVTT\n\n" + "".join(cues))
    assert len(rows) == 6_000
    assert list(malformed) == [1, 1002, 2003, 3004, 4005, 5006]


def test_a_few_bytes_of_another_encoding_are_read_as_windows(read):
    turn = "00:01.000 --> 00:02.000\n<v Cliente>Réclamée à l'été, déçue, très déçue\n\n".encode()
    _, rows, _ = read("a.vtt", b"WEBVTT\n\n" + turn * 3 + b"00:09.000 --> 00:10.000\n<v Agent>R\xe9gl\xe9\n")
    assert rows[-1]["text"] == "Réglé"


def test_an_empty_file_of_subtitles_has_no_rows(read):
    assert read("a.vtt", "WEBVTT\n") == ("webvtt", [], {})


@pytest.mark.parametrize(
    "line", ["Voir Compte --> Factures", "", "12 --> 13", "--> 00:01.000", "a 00:01.000 --> 00:02.000"]
)
def test_words_with_an_arrow_are_no_timing(line):
    assert read_timing(line) is None


@pytest.mark.parametrize("line", ["00:01 --> ", "00:01 --> zz", "00:99:00 --> 00:02:00", "00:00:00:00 --> 00:00:01:00"])
def test_a_timing_that_cannot_be_read_is_told_from_words(line):
    assert read_timing(line) == "got a time that cannot be read"
