"""Prompts kept apart, answers made and read back."""

import random

import torch

from blockdiff.answers import circles, followed, greedy, make
from blockdiff.attention import without_chunks
from blockdiff.prompts import TEMPLATES, distinct, draw, held_out
from blockdiff.texts import read, write

from small import FAMILY, small, text


def test_prompts_are_the_same_in_every_run():
    assert distinct(50, 3) == distinct(50, 3) != distinct(50, 4)
    assert distinct(5, 1)[0] == distinct(5, 1)[0] and len(set(distinct(500, 1))) == 500


def test_no_training_prompt_is_a_held_out_one():
    training, evaluation = set(distinct(6000, 1)), set(distinct(600, 2, evaluation=True))
    assert len(evaluation) == 600 and not training & evaluation


def test_every_template_with_enough_items_keeps_some_for_evaluation_and_an_item_decides_alone():
    random_ = random.Random(0)
    names = {draw(random_, evaluation=True)[0] for _ in range(3000)}
    assert len(names) >= len(TEMPLATES) - 2
    plus = next(t for t in TEMPLATES if t.name == "plus")
    assert all(held_out(plus, (str(a), str(b))) == held_out(plus, (str(b), str(a))) for a in range(1, 20) for b in range(1, 20))
    difference = next(t for t in TEMPLATES if t.name == "difference")
    kept = [topic for topic in difference.fields[0] if held_out(difference, (topic,))]
    assert kept and all(held_out(difference, (kept[0], other)) and held_out(difference, (other, kept[0])) for other in difference.fields[0])


def test_greedy_answers_in_a_batch_are_those_of_a_plain_forward():
    check_greedy([[20, 21, 22], [30, 31, 32, 33, 34, 35], [40]])


def test_greedy_answers_are_the_same_where_prompts_begin_alike_and_others_end_early():
    check_greedy([[20, 21, 22, 23 + at % 7] + [30] * (at % 3) for at in range(24)])


def check_greedy(prompts):
    model = small()
    for prompt, answer in zip(prompts, greedy(model, prompts, 8, 2)):
        ids = list(prompt)
        for token in answer:
            hidden, _ = model(model.embedding[ids], torch.arange(len(ids)), without_chunks([len(ids)]).attend)
            assert int((hidden[-1] @ model.embedding.T).argmax()) == token
            ids.append(token)
        assert len(answer) == 8 or answer[-1] == 2


def test_made_conversations_have_answers_only_where_the_model_spoke():
    made = [one for batch in make(small(), lambda s: [20 + b % 40 for b in s.encode()][:30], FAMILY, 6, 1, batch=6, limit=6) for one in batch]
    assert made and all(one.answer.sum() <= 6 and one.spans()[-1][1] == len(one.ids) for one in made)


def test_circles_are_found_in_longer_answers_only():
    assert circles([1, 2, 3] * 20) and not circles(list(range(60))) and not circles([1, 2] * 5)


def test_conversations_are_read_as_they_were_written(tmp_path):
    texts = [text(), followed(text(seed=1), [5, 6, 7]), text(seed=2, ended=False)]
    write(texts, tmp_path / "a.jsonl.gz")
    for before, after in zip(texts, read(tmp_path / "a.jsonl.gz")):
        assert before.ids.tolist() == after.ids.tolist() and before.answer.tolist() == after.answer.tolist() and before.ended == after.ended
