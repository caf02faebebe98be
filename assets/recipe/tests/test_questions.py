"""Questions and conversations of the evaluation: apart from training, by item; and the judge."""

from pathlib import Path

import pytest

from blockdiff.examination import read_lines
from blockdiff.number_words import in_words
from blockdiff.questions import Kind, Question, free, is_right, is_trained, kinds, trained, training_prompts, words

FILES = Path(__file__).parents[2] / "evaluation"


@pytest.fixture(scope="module")
def training() -> list[str]:
    """What can have been trained on: all that the templates give, and what earlier weights saw."""
    return [*training_prompts(), *(row["prompt"] for row in read_lines(FILES / "earlier-prompts.jsonl.gz"))]


def test_no_item_of_a_question_stands_in_a_training_prompt_of_its_kind(training):
    questions = read_lines(FILES / "questions.jsonl")
    assert len(questions) == 600
    for kind in kinds():
        same = trained(kind, training)
        mine = [Question(q["kind"], tuple(q["items"]), q["prompt"], tuple(q["answers"])) for q in questions if q["kind"] == kind.name]
        assert mine and not [q.prompt for q in mine if is_trained(q, same, kind.mirrored)]
    assert {q["kind"] for q in questions} <= {kind.name for kind in kinds()}


def test_items_that_a_question_is_about_stand_in_its_prompt():
    for question in read_lines(FILES / "questions.jsonl"):
        assert all(words(item) in words(question["prompt"]) for item in question["items"])


def test_no_conversation_begins_like_one_of_training(training):
    conversations, known = read_lines(FILES / "conversations.jsonl.gz"), {prompt.lower() for prompt in training}
    assert len(conversations) == 300 and not [one for one in conversations if one["messages"][0]["content"].lower() in known]


def test_training_would_be_noticed(training):
    capital = next(kind for kind in kinds() if kind.name == "capital")
    leaked = [prompt.format(capital.candidates[-1].items[0]) for prompt in ("Tell me the capital of {}.", "which city is the CAPITAL of {}?")]
    before = free(capital, training)
    assert capital.candidates[-1] in before and all(capital.candidates[-1] not in free(capital, [*training, prompt]) for prompt in leaked)


def test_an_item_is_known_by_whole_words_and_a_pair_by_both_numbers_in_any_order():
    total = Kind("sum", r"\+|plus", (Question("sum", ("3", "12"), "What is 3 + 12?", ("15",)),))
    assert free(total, ["What is 13 + 2?", "What is 3 + 1?", "What is 3 times 12?"]) == list(total.candidates)
    assert free(total, ["What is 12 + 3?"]) == free(total, ["What is 12 plus 3?"]) == []


def test_an_opposite_is_known_from_either_side():
    opposite = Kind("opposite", "opposite", (Question("opposite", ("hot",), "What is the opposite of hot?", ("cold",)),), mirrored=True)
    assert free(opposite, ["What is the opposite of cold?"]) == [] and free(opposite, ["Use the word 'cold' in a sentence."])


def test_a_reply_is_right_by_whole_words_and_the_first_choice():
    assert is_right(("4", "four"), (), "The sum is **Four**.") and not is_right(("4",), (), "It is 14 or 45.")
    assert is_right(("92",), ("35",), "92 is larger than 35.") and not is_right(("92",), ("35",), "35 is larger than 92.")
    assert is_right(("Addis Ababa",), (), "addis ababa, of course") and not is_right(("yes",), ("no",), "Maybe.")
    assert is_right(("twenty-one",), (), "Twenty-one.") and not is_right(("twenty",), (), "Twenty-one.")


def test_numbers_are_written_in_words():
    assert [in_words(n) for n in (0, 13, 20, 45, 100, 117, 640)] == ["zero", "thirteen", "twenty", "forty-five", "one hundred", "one hundred seventeen", "six hundred forty"]
