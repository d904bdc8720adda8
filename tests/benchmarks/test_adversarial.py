"""The inputs, subjects and patterns of `benchmarks/adversarial.py`, at sizes that a test may take."""

import re

import pytest

from vocmine.text.html import html_to_text

SIZE = 400


@pytest.fixture(scope="module")
def inputs():
    import adversarial_inputs

    return adversarial_inputs


@pytest.fixture(scope="module")
def patterns():
    import adversarial_patterns

    return adversarial_patterns


def test_every_input_has_the_size_asked_for_and_its_own_text(inputs):
    made = {name: inputs.text(name, SIZE) for name in inputs.UNITS}
    assert {len(text) for text in made.values()} == {SIZE}
    assert len(set(made.values())) == len(made)


def test_every_function_takes_every_input(inputs):
    from adversarial_subjects import FUNCTIONS, call

    assert all(call(name, unit, SIZE) >= 0 for name in FUNCTIONS for unit in inputs.UNITS)


def test_every_reader_reads_or_refuses_every_input(inputs):
    from adversarial_subjects import READERS, read

    frames = {name: inputs.FRAMES.get(name, ()) for name in READERS}
    assert all(read(name, "newline", SIZE, frame) >= 0 for name in READERS for frame in (*frames[name], "%s"))


def test_frames_are_those_of_formats_that_exist(inputs):
    from adversarial_subjects import READERS

    assert set(inputs.FRAMES) <= set(READERS)


def test_patterns_are_found_in_variables_in_containers_and_behind_caches(patterns):
    found = patterns.compiled()
    places = {name.partition("#")[0] for name in found}
    assert {"text.html._TAG", "text.variant._FORMS", "mentions.cues._pattern", "text.email.phrases.any_of"} <= places
    assert all(isinstance(pattern, re.Pattern) for pattern in found.values())


def test_what_is_said_of_patterns_is_said_of_patterns_that_exist(patterns):
    names = list(patterns.compiled())
    starts = [*patterns.ONCE, *patterns.WINDOWS]
    assert [start for start in starts if not any(name.startswith(start) for name in names)] == []


def test_a_task_that_goes_on_too_long_is_ended_and_the_next_one_is_measured():
    from adversarial import Task, measured

    tasks = [Task("pattern", "no such pattern", "letter", 1), Task("function", "cues", "letter", 10)]
    assert [timed.seconds is None for timed in measured(tasks, 5)] == [True, False]


def test_html_takes_tags_that_begin_again_within_a_tag_in_one_pass():
    # Half a minute for each 100 kB once: tags of few attributes were left, and looked for again from within.
    assert html_to_text("<a" * 150_000) == ""
