"""The evaluation's files: questions that the base answers right, and conversations, held out of all training, as it answers them."""

import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from . import items
from .answers import circles, greedy
from .family import Family
from .model import Model
from .prompts import distinct
from .questions import Question, free, is_right, kinds, training_prompts, words

ANSWER = 96
REPLY = 16  # tokens at most, of an answer and of a reply to a question
BATCH = 96
FOLLOWED = 4  # one conversation in so many has a second turn
DENIAL = " not "  # "a continent, not a country": no clear choice
CANDIDATES = 105  # of a kind of question, at most

Encode = Callable[[str], list[int]]
Decode = Callable[[list[int]], str]
Message = dict[str, str]


class Original:
    """The base as it is asked: the chat with its system prompt, greedy, in the precision of its weights."""

    def __init__(self, model: Model, encode: Encode, decode: Decode, family: Family):
        self.model, self.encode, self.decode, self.family = model, encode, decode, family

    def answers(self, chats: list[list[Message]], limit: int) -> Iterator[tuple[list[int], bool]]:
        """(ids without the stop token, did it come) of each chat, in order."""
        prompts = [self.encode(self.text(chat)) for chat in chats]
        for begin in range(0, len(prompts), BATCH):
            print(f"{begin} of {len(prompts)}", flush=True)
            for ids in greedy(self.model, prompts[begin : begin + BATCH], limit, self.family.stop):
                ended = ids[-1] == self.family.stop
                yield (ids[:-1] if ended else ids), ended

    def text(self, chat: list[Message]) -> str:
        said = "".join(f"<|im_start|>{message['role']}\n{message['content']}<|im_end|>\n" for message in chat)
        return self.family.system + said + self.family.opening


def user(content: str) -> Message:
    return {"role": "user", "content": content}


def right_questions(original: Original, earlier: list[str], count: int, seed: int) -> list[dict]:
    """`count` questions that the original gets right, with its replies; of all kinds as evenly as they allow, mixed."""
    training, random_ = [*training_prompts(), *earlier], random.Random(seed)
    asked = [question for kind in kinds() for question in some(free(kind, training), random_)]
    answers = original.answers([[user(question.prompt)] for question in asked], REPLY)
    replied = ((question, original.decode(ids)) for question, (ids, _) in zip(asked, answers))
    by_kind: dict[str, list[dict]] = {}
    for question, reply in replied:
        if is_right(question.answers, question.wrong, reply) and not (question.wrong and DENIAL in words(reply)):
            by_kind.setdefault(question.kind, []).append(asdict(question) | {"reply": reply})
    print({kind: len(right) for kind, right in by_kind.items()}, f"of {len(asked)}", flush=True)
    chosen = list(in_turns(list(by_kind.values())))[:count]
    random_.shuffle(chosen)
    return chosen


def some(questions: list[Question], random_: random.Random) -> list[Question]:
    return random_.sample(questions, min(CANDIDATES, len(questions)))


def in_turns(lists: list[list[dict]]) -> Iterator[dict]:
    for at in range(max(map(len, lists))):
        yield from (one[at] for one in lists if at < len(one))


def held_conversations(original: Original, earlier: Iterable[str], count: int, seed: int) -> list[dict]:
    """`count` conversations on prompts held out by item; the original's last answer apart. Answers in circles are left out."""
    known = {words(prompt) for prompt in earlier}
    prompts = [prompt for prompt in distinct(2 * count, seed, evaluation=True) if words(prompt) not in known]
    random_ = random.Random(seed)
    firsts = list(answered(original, [[user(prompt)] for prompt in prompts]))
    followed = [one for one in firsts if one["ended"]][: count // FOLLOWED]
    more = [[*one["messages"], {"role": "assistant", "content": one["answer"]}, user(random_.choice(items.FOLLOW_UPS))] for one in followed]
    seconds = list(answered(original, more))
    single = [one for one in firsts if one not in followed][: count - len(seconds)]
    chosen = single + seconds
    random_.shuffle(chosen)
    return chosen


def answered(original: Original, chats: list[list[Message]]) -> Iterator[dict]:
    for chat, (ids, ended) in zip(chats, original.answers(chats, ANSWER)):
        if ids and not circles(ids):
            yield {"messages": chat, "answer": original.decode(ids), "ended": ended}


def write_lines(rows: list[dict], path: Path) -> None:
    """JSON lines; gzipped without a date where the name says so, so that the same rows give the same bytes."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text, 9, mtime=0) if path.suffix == ".gz" else text)


def read_lines(path: Path) -> list[dict]:
    data = path.read_bytes()
    return [json.loads(line) for line in (gzip.decompress(data) if path.suffix == ".gz" else data).decode().splitlines()]
