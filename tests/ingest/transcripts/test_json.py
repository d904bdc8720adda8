"""Contact Lens and Whisper: which documents they are, and what is refused."""

import json

import pytest

from vocmine.errors import ReadError

SEGMENT = {"start": 0.0, "end": 1.0, "text": "Bonjour, je vous écoute."}
ANALYSIS = {"AccountId": "1", "Channel": "VOICE", "Participants": [], "Transcript": []}


@pytest.mark.parametrize(
    "document",
    [
        [{"id": 1, "text": "Toujours rien reçu", "date": "2025-03-12"}],
        {"data": [{"start": "lundi", "message": "Bonjour"}]},
        {"segments": [{"name": "B2C", "share": 0.4}]},
        {"Channel": "EMAIL", "AccountId": "1", "Categories": {}},
        "Transcript",
        12,
    ],
)
def test_other_documents_are_left_to_other_readers(read, document):
    assert read("a.json", json.dumps(document)) == (None, [], {})


def test_a_transcription_that_opens_with_all_its_words_is_recognised(read):
    long = {"text": "Bonjour, « oui ». " * 6_000, "segments": [SEGMENT], "language": "fr"}
    name, rows, _ = read("a.json", json.dumps(long))
    assert (name, len(rows)) == ("whisper", 1)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"segments": [SEGMENT]})[:-3],
        json.dumps({**ANALYSIS, "Transcript": {}}),
        json.dumps({**ANALYSIS, "Transcript": None}),
        '{"segments": [' + "[" * 50_000 + '"start", "end", "text"',
    ],
)
def test_a_document_that_is_cut_off_or_without_turns_is_refused(read, content):
    with pytest.raises(ReadError, match=r"a\.json: got"):
        read("a.json", content)


def test_no_turns_make_no_rows(read):
    assert read("a.json", json.dumps(ANALYSIS)) == ("contact_lens", [], {})
    assert read("a.json", '{"segments": [], "start": 0, "end": 1, "text": "", "language": "fr"}') == ("whisper", [], {})


def test_events_of_a_chat_are_counted_in_the_notes(tmp_path):
    from vocmine.ingest.files import Choices, File
    from vocmine.ingest.transcripts.contact_lens import CONTACT_LENS

    path = tmp_path / "a.json"
    event = {"Type": "EVENT", "ContentType": "application/vnd.amazonaws.connect.event.participant.joined"}
    path.write_text(json.dumps({**ANALYSIS, "Channel": "CHAT", "Transcript": [event, event]}), encoding="utf-8")
    (batch,) = CONTACT_LENS.rows(File(path, "a.json"), Choices())
    assert batch.notes == ("encodage utf-8", "2 événements qui ne sont pas des messages")
    assert batch.n_rows == 0
