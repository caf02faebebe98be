"""Questions for the evaluation whose answers a program can check: none asks about an item that a training prompt of its kind has.

A kind whose key no training prompt has (plurals, past tenses, chemical symbols, ...) is new to training altogether; where a
template of the training asks the same (capitals, sums, opposites, ...), only items that this template holds out, or never
had, remain. Prompts that earlier weights were trained on are given beside the templates and count as training prompts.
"""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from . import facts, prompts
from .number_words import in_words

WORD = r"[^\W_]+"
JUDGED_WORD = r"(?:[^\W_]|-)+"
"""the hyphen of twenty-one belongs to the word"""


@dataclass(frozen=True)
class Question:
    kind: str
    items: tuple[str, ...]
    """what it asks about: no training prompt that has the kind's key has them all"""
    prompt: str
    answers: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    """of a choice: what must not come before the answer"""


@dataclass(frozen=True)
class Kind:
    name: str
    key: str
    """a regular expression: prompts that have it ask for the same"""
    candidates: tuple[Question, ...]
    mirrored: bool = False
    """what is asked of the item holds of the answer too: an answer that training asks about is none that is new"""


def asked(name: str, key: str, text: str, pairs: Iterable[tuple[str, tuple[str, ...]]], mirrored: bool = False) -> Kind:
    return Kind(name, key, tuple(Question(name, (item,), text.format(item), answers) for item, answers in pairs), mirrored)


def both(name: str, key: str, text: str, pairs: list[tuple[int, int]], result) -> Kind:
    """Two numbers and what is made of them, in digits or words."""
    made = (Question(name, (str(a), str(b)), text.format(a, b), (str(result(a, b)), in_words(result(a, b)))) for a, b in pairs)
    return Kind(name, key, tuple(made))


def drawn(count: int, low: int, high: int, seed: int, ordered: bool = False) -> list[tuple[int, int]]:
    """Different pairs of different numbers."""
    random_ = random.Random(seed)
    every = [(a, b) for a, b in product(range(low, high + 1), repeat=2) if a > b or (a < b and not ordered)]
    return random_.sample(every, min(count, len(every)))


def yes_or_no() -> Kind:
    made = ((words, answer, "no" if answer == "yes" else "yes") for words, (answer,) in facts.FACTS)
    return Kind("yes or no", "^(Is|Are|Can|Do|Does) ", tuple(Question("yes or no", (words,), f"{words}?", (answer,), (other,)) for words, answer, other in made))


def sort() -> Kind:
    made = ((item, *pair[0].split("/")) for item, pair in facts.SORTS)
    text = "Is {} {} or {}?"  # the choices in alphabetical order: their places say nothing
    questions = (Question("which sort", (item,), text.format(*map(with_article, (item, *sorted((right, wrong))))), (right,), (wrong,)) for item, right, wrong in made)
    return Kind("which sort", "^Is .* or ", tuple(questions))


UNCOUNTED = ("spinach", "broccoli", "cabbage", "lettuce", "copper", "helium", "iron", "oxygen", "milk", "stone", "water", "wood", "oil", "brick")


def with_article(word: str) -> str:
    if word[0].isupper() or word in UNCOUNTED:
        return word
    return ("an " if word[0] in "aeiou" else "a ") + word


def order(name: str, names: str, steps: tuple[tuple[str, int], ...]) -> Iterator[Question]:
    listed = names.split()
    for at, item in enumerate(listed):
        for word, step in steps:
            yield Question(f"{name} order", (item,), f"What {name} comes {word} {item}?", (listed[(at + step) % len(listed)],))


def calendar() -> Kind:
    steps = (("after", 1), ("before", -1))
    days = order("day", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday", steps)
    months = order("month", "January February March April May June July August September October November December", steps)
    made = (Question("calendar", q.items, q.prompt, q.answers) for part in (days, months) for q in part)
    return Kind("calendar", "(day|month) comes", tuple(made))


def kinds() -> tuple[Kind, ...]:
    return (
        asked("capital", "capital", "What is the capital of {}?", facts.CAPITALS),
        asked("continent", "continent", "On which continent is {}?", facts.CONTINENTS),
        asked("country", "which country", "In which country is {}?", facts.CITIES),
        asked("currency", "currency", "What is the currency of {}?", facts.CURRENCIES),
        asked("language", "language", "Which language is spoken in {}?", facts.LANGUAGES),
        asked("opposite", "opposite", "What is the opposite of {}?", facts.OPPOSITES, mirrored=True),
        asked("plural", "plural", "What is the plural of '{}'?", facts.PLURALS),
        asked("past tense", "past tense", "What is the past tense of '{}'?", facts.PAST),
        asked("comparative", "comparative", "What is the comparative form of '{}'?", facts.COMPARATIVES),
        asked("color", "colou?r", "What color is {}?", facts.COLORS),
        asked("legs", "legs", "How many legs does {} have?", facts.LEGS),
        asked("symbol", "symbol", "What is the chemical symbol for {}?", facts.SYMBOLS),
        asked("author", "wrote|author", "Who wrote {}?", facts.AUTHORS),
        asked("how many", "^How many", "How many {}?", facts.UNITS),
        asked("first letter", "letter", "What is the first letter of the word '{}'?", ((word, (word[0],)) for word in facts.WORDS)),
        both("difference", r"\d - \d|minus", "What is {} - {}?", drawn(160, 1, 40, 3, ordered=True), lambda a, b: a - b),
        both("product", "times", "What is {} times {}?", drawn(120, 2, 15, 4), lambda a, b: a * b),
        yes_or_no(),
        sort(),
        calendar(),
    )


def training_prompts() -> Iterator[str]:
    """Every prompt that the templates can give for training."""
    for template in prompts.TEMPLATES:
        for values in product(*template.fields):
            if not prompts.held_out(template, values):
                yield prompts.fill(template, values)


def words(text: str) -> str:
    """Lower case, a space around every word, nothing else: " what is 2 + 3 " becomes " what is 2 3 "."""
    return f" {' '.join(re.findall(WORD, text.lower()))} "


def trained(kind: Kind, training: Iterable[str]) -> list[str]:
    """The training prompts that ask what this kind asks, as `words`."""
    return [words(prompt) for prompt in training if re.search(kind.key, prompt, re.IGNORECASE)]


def is_trained(question: Question, same: list[str], mirrored: bool = False) -> bool:
    """same: of `trained`."""
    asked_about = [question.items] + ([(answer,) for answer in question.answers] if mirrored else [])
    return any(all(words(item) in prompt for item in items) for prompt in same for items in asked_about)


def gives_itself_away(question: Question) -> bool:
    """The prompt has the answer already, and it isn't a choice."""
    return not question.wrong and is_right(question.answers, (), question.prompt)


def free(kind: Kind, training: list[str]) -> list[Question]:
    """The candidates that no training prompt has trained and that need an answer."""
    same = trained(kind, training)
    return [question for question in kind.candidates if not is_trained(question, same, kind.mirrored) and not gives_itself_away(question)]


def is_right(answers: tuple[str, ...], wrong: tuple[str, ...], reply: str) -> bool:
    """The reply has an answer as whole words, and nothing wrong before it. The program's own judge follows the same rule."""
    text = judged(reply)
    places = [text.find(judged(answer)) for answer in answers]
    found = min((at for at in places if at >= 0), default=-1)
    return found >= 0 and not any(0 <= text.find(judged(one)) < found for one in wrong)


def judged(text: str) -> str:
    return f" {' '.join(re.findall(JUDGED_WORD, text.lower()))} "
