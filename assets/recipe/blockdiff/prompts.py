"""Prompts from templates and items, the same in every run; some items of each template are kept for evaluation.

An item (a country, a word, a pair of numbers) is held out *of a template*: it then stands in no training prompt of that
template, alone or together with others. Which ones, a checksum of template and item decides.
"""

import random
from dataclasses import dataclass
from zlib import crc32

from . import items

HELD_OUT_SHARE = 8  # one item in so many


@dataclass(frozen=True)
class Template:
    name: str
    text: str
    """with a field for each list of `fields`"""
    fields: tuple[tuple[str, ...], ...]


def numbers(low: int, high: int) -> tuple[str, ...]:
    return tuple(str(n) for n in range(low, high + 1))


COUNTS = ("three", "four", "five")

TEMPLATES = (
    Template("capital", "What is the capital of {}?", (items.COUNTRIES,)),
    Template("continent", "On which continent is {}?", (items.COUNTRIES,)),
    Template("language", "Which language is spoken in {}?", (items.COUNTRIES,)),
    Template("country", "Tell me about {}.", (items.COUNTRIES,)),
    Template("what", "What is {}?", (items.TOPICS,)),
    Template("child", "Explain {} to a child.", (items.TOPICS,)),
    Template("simple", "Explain {} in simple terms.", (items.TOPICS,)),
    Template("about", "Tell me about {}.", (items.TOPICS,)),
    Template("paragraph", "Write a short paragraph about {}.", (items.TOPICS,)),
    Template("facts", "Give me {} facts about {}.", (COUNTS, items.TOPICS)),
    Template("important", "Why is {} important?", (items.TOPICS,)),
    Template("works", "How does {} work?", (items.TOPICS,)),
    Template("sentence", "Summarize {} in one sentence.", (items.TOPICS,)),
    Template("difference", "What is the difference between {} and {}?", (items.TOPICS, items.TOPICS)),
    Template("benefits", "What are the benefits of {}?", (items.TOPICS,)),
    Template("tips", "Give me tips to {}.", (items.TASKS,)),
    Template("how", "How do I {}?", (items.TASKS,)),
    Template("steps", "List the steps to {}.", (items.TASKS,)),
    Template("story", "Write a short story about {}.", (items.CHARACTERS,)),
    Template("two", "Write a story about {} and {}.", (items.CHARACTERS, items.CHARACTERS)),
    Template("poem", "Write a poem about {}.", (items.NATURE,)),
    Template("haiku", "Write a haiku about {}.", (items.NATURE,)),
    Template("lines", "Write two sentences about {}.", (items.NATURE,)),
    Template("opposite", "What is the opposite of {}?", (items.OPPOSITES,)),
    Template("synonym", "Give me a synonym for {}.", (items.WORDS,)),
    Template("use", "Use the word '{}' in a sentence.", (items.WORDS,)),
    Template("meaning", "What does the word '{}' mean?", (items.WORDS,)),
    Template("translate", "Translate '{}' to {}.", (items.PHRASES, items.LANGUAGES)),
    Template("say", "How do you say '{}' in {}?", (items.PHRASES, items.LANGUAGES)),
    Template("python", "Write a Python function that {}.", (items.CODE,)),
    Template("javascript", "Write a JavaScript function that {}.", (items.CODE,)),
    Template("plus", "What is {} + {}?", (numbers(1, 30), numbers(1, 30))),
    Template("minus", "What is {} - {}?", (numbers(15, 40), numbers(1, 14))),
    Template("times", "What is {} times {}?", (numbers(2, 12), numbers(2, 12))),
    Template("more", "{} has {} {} and buys {} more. How many {} are there now?", (items.NAMES, numbers(2, 20), items.THINGS, numbers(2, 20))),
    Template("sound", "What sound does a {} make?", (items.ANIMALS,)),
    Template("lives", "Where does a {} live?", (items.ANIMALS,)),
    Template("eats", "What does a {} eat?", (items.ANIMALS,)),
    Template("fun", "Tell me a fun fact about a {}.", (items.ANIMALS,)),
    Template("describe", "Describe a {} in two sentences.", (items.ANIMALS,)),
    Template("list", "List {} {}.", (COUNTS, items.LISTS)),
    Template("joke", "Tell me a joke about a {}.", (items.ANIMALS,)),
    Template("email", "Write a short email to {}.", (items.EMAILS,)),
    Template("who", "Who was {}?", (items.PEOPLE,)),
    Template("plan", "Plan a day in {}.", (items.CITIES,)),
    Template("single", "{}", (items.SINGLE,)),
)


def held_out(template: Template, values: tuple[str, ...]) -> bool:
    """Is an item among `values` kept for evaluation? Of numbers the pair, in either order; counts and languages never."""
    if all(value.isdigit() for value in values):
        values = ("+".join(sorted(values)),)
    return any(crc32(f"{template.name} {value}".encode()) % HELD_OUT_SHARE == 0 for value in values if value not in COUNTS + items.LANGUAGES + items.NAMES + items.THINGS)


def fill(template: Template, values: tuple[str, ...]) -> str:
    if template.name == "more":
        name, first, thing, second = values
        return template.text.format(name, first, thing, second, thing)
    return template.text.format(*values)


def draw(random_: random.Random, evaluation: bool = False) -> tuple[str, str]:
    """(template's name, prompt): for training no item of the evaluation, for evaluation at least one."""
    while True:
        template = random_.choice(TEMPLATES)
        values = tuple(random_.choice(field) for field in template.fields)
        if held_out(template, values) == evaluation:
            return template.name, fill(template, values)


def distinct(count: int, seed: int, evaluation: bool = False) -> list[str]:
    """`count` different prompts, in a fixed order for a seed; fewer if the templates have no more."""
    random_, seen = random.Random(seed), {}
    for _ in range(count * 20):
        if len(seen) == count:
            break
        seen.setdefault(draw(random_, evaluation)[1])
    return list(seen)
