/** A question whose answer can be checked by a program. */
export interface Question {
  readonly kind: string;
  readonly prompt: string;
  /** the reply is right if it holds one of these, as whole words in any case */
  readonly answers: readonly string[];
  /** of a choice: what must not stand before the answer */
  readonly wrong?: readonly string[];
}

/** One template, many items: "France: Paris" asks about France and accepts Paris; `|` separates spellings. */
function ask(kind: string, template: (item: string) => string, items: string): Question[] {
  return items.split(", ").map((pair) => {
    const [item = "", answer = ""] = pair.split(": ");
    return { kind, prompt: template(item), answers: answer.split("|") };
  });
}

/** The built-in set: 96 questions of twelve kinds that a small model can know. */
export const questions: readonly Question[] = [
  ...ask(
    "capital",
    (country) => `What is the capital of ${country}?`,
    "France: Paris, Italy: Rome, Japan: Tokyo, Spain: Madrid, Egypt: Cairo, Germany: Berlin, Russia: Moscow, Greece: Athens",
  ),
  ...ask(
    "continent",
    (country) => `On which continent is ${country}?`,
    "Kenya: Africa, Brazil: South America, India: Asia, Poland: Europe, Canada: North America, China: Asia, Norway: Europe, Peru: South America",
  ),
  ...ask(
    "opposite",
    (word) => `What is the opposite of "${word}"?`,
    "hot: cold, up: down, big: small|little|tiny, old: young|new, fast: slow, wet: dry, happy: sad|unhappy, light: dark|darkness|heavy",
  ),
  ...ask(
    "plural",
    (word) => `What is the plural of "${word}"?`,
    "cat: cats, child: children, mouse: mice, foot: feet, box: boxes, man: men, city: cities, leaf: leaves",
  ),
  ...ask(
    "sum",
    (pair) => `What is ${pair}?`,
    "2 + 2: 4|four, 3 + 5: 8|eight, 1 + 6: 7|seven, 10 + 10: 20|twenty, 4 + 5: 9|nine, 5 + 5: 10|ten, 7 + 1: 8|eight, 2 + 3: 5|five",
  ),
  ...ask(
    "past",
    (verb) => `What is the past tense of "${verb}"?`,
    "go: went, eat: ate, run: ran, see: saw, write: wrote, sing: sang, take: took, swim: swam",
  ),
  ...ask(
    "colour",
    (thing) => `What colour is ${thing}?`,
    "grass: green, the sky on a clear day: blue, snow: white, a ripe banana: yellow, blood: red, coal: black, an orange: orange, milk: white",
  ),
  ...ask(
    "animal",
    (animal) => `What is a baby ${animal} called?`,
    "dog: puppy|pup, cat: kitten, cow: calf, sheep: lamb, horse: foal, bear: cub, lion: cub, duck: duckling",
  ),
  ...ask(
    "count",
    (thing) => `How many ${thing}?`,
    "days are in a week: 7|seven, months are in a year: 12|twelve, minutes are in an hour: 60|sixty, legs does a spider have: 8|eight, sides does a triangle have: 3|three, hours are in a day: 24|twenty-four, wheels does a bicycle have: 2|two, letters are in the English alphabet: 26|twenty-six",
  ),
  ...ask(
    "next",
    (thing) => `What comes after ${thing}?`,
    "Monday: Tuesday, Friday: Saturday, March: April, June: July, the number 9: 10|ten, the letter A: B, summer: autumn|fall, December: January",
  ),
  ...ask(
    "who",
    (deed) => `Who ${deed}?`,
    "wrote Romeo and Juliet: Shakespeare, painted the Mona Lisa: Leonardo|Vinci, was the first president of the United States: Washington, developed the theory of relativity: Einstein, invented the telephone: Bell, was the first person on the Moon: Armstrong, wrote Harry Potter: Rowling, discovered gravity: Newton",
  ),
  ...ask(
    "which",
    (thing) => `What is ${thing}?`,
    "the largest planet in the solar system: Jupiter, the largest ocean: Pacific, the chemical formula of water: H2O|H₂O, the tallest mountain in the world: Everest, the closest star to Earth: Sun|Proxima, the largest animal: whale, the longest river in the world: Nile|Amazon, the main language of Brazil: Portuguese",
  ),
];

/** Whether the reply holds one of the answers as whole words, and nothing wrong before it. */
export function isRight(
  { answers, wrong = [] }: Pick<Question, "answers" | "wrong">,
  reply: string,
): boolean {
  const words = asWords(reply);
  const places = (of: readonly string[]) =>
    of.map((one) => words.indexOf(asWords(one))).filter((place) => place >= 0);
  const found = Math.min(...places(answers));
  return Number.isFinite(found) && places(wrong).every((place) => place > found);
}

/** In lower case, a space around each word; the hyphen of twenty-one belongs to the word. */
function asWords(text: string): string {
  return ` ${
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}-]+/gu)
      ?.join(" ") ?? ""
  } `;
}

/** `count` of them, from every kind as evenly as it goes. */
export function someQuestions(count: number): Question[] {
  const kinds = [...Map.groupBy(questions, ({ kind }) => kind).values()];
  const turns = Math.max(...kinds.map((each) => each.length));
  const dealt = Array.from({ length: turns }, (_, turn) => kinds.flatMap((each) => each[turn] ?? []));
  return dealt.flat().slice(0, count);
}
