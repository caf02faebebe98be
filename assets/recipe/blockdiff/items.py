"""What the prompts speak of. Lists only; `prompts` says how they are asked about and which are kept for evaluation."""


def listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", " ").split(";") if part.strip())


COUNTRIES = listed("""France; Germany; Italy; Spain; Portugal; Japan; China; India; Brazil; Canada; Mexico; Egypt; Kenya; Nigeria; Australia; Norway;
Sweden; Finland; Denmark; Poland; Greece; Turkey; Russia; Thailand; Vietnam; Indonesia; Argentina; Chile; Peru; Cuba; Ireland; Iceland; Austria; Hungary;
Switzerland; Belgium; the Netherlands; Ukraine; Morocco; Ethiopia; Ghana; Nepal; Pakistan; Iran; Iraq; Israel; South Korea; the Philippines; Malaysia;
Colombia; Venezuela; Ecuador; Uruguay; Jamaica; Romania; Bulgaria; Serbia; Croatia; Slovakia; Estonia; Latvia; Lithuania; Tunisia; Algeria; Senegal;
Tanzania; Uganda; Zambia; Angola; Mongolia; Cambodia; Bangladesh; Sri Lanka; New Zealand; Saudi Arabia; Jordan; Lebanon; Syria; Afghanistan; Luxembourg""")

ANIMALS = listed("""cat; dog; fox; wolf; bear; owl; eagle; penguin; whale; dolphin; octopus; shark; turtle; frog; snake; rabbit; mouse; elephant; lion;
tiger; giraffe; zebra; horse; cow; pig; sheep; goat; duck; parrot; crow; ant; bee; butterfly; spider; camel; kangaroo; koala; panda; monkey; gorilla;
crocodile; lizard; squirrel; hedgehog; deer; moose; seal; crab; lobster; salmon; bat; beaver; otter; swan; peacock; flamingo; ostrich; snail; worm; jellyfish""")

TOPICS = listed("""photosynthesis; gravity; black holes; the water cycle; volcanoes; earthquakes; electricity; magnets; rainbows; vaccines; DNA; evolution;
the immune system; machine learning; neural networks; the internet; computers; quantum mechanics; relativity; inflation; supply and demand; democracy;
the Roman Empire; World War II; the French Revolution; the Industrial Revolution; climate change; renewable energy; solar panels; nuclear power; recycling;
the solar system; the moon; Mars; stars; galaxies; comets; dinosaurs; fossils; oceans; tides; rivers; mountains; deserts; rainforests; coral reefs; sleep;
dreams; memory; language; music; jazz; painting; photography; poetry; novels; theater; cooking; baking bread; coffee; tea; chocolate; cheese; gardening;
roses; trees; hiking; running; swimming; cycling; yoga; meditation; chess; football; basketball; tennis; the Olympics; money; budgeting; investing; taxes;
public speaking; leadership; teamwork; time management; stress; happiness; friendship; love; family; education; libraries; books; history; philosophy;
ethics; mythology; pirates; knights; castles; trains; airplanes; bicycles; ships; submarines; rockets; satellites; telescopes; microscopes; bridges;
skyscrapers; cities; farming; food; health; vitamins; water; sugar; salt; the heart; the brain; lungs; bones; muscles; skin; blood; viruses; bacteria; atoms;
molecules; acids and bases; light; sound; heat; energy; motion; prime numbers; fractions; algebra; geometry; statistics; probability; algorithms; databases;
Python; HTML; Linux; cryptography; robots; video games; smartphones; email; calendars; clocks; maps; weather; clouds; snow; wind; storms; seasons; glaciers;
caves; islands; bees; birds; insects; mushrooms; forests; lakes; the Sahara; the Amazon; ancient Egypt; ancient Greece; the Renaissance; the Cold War""")

CHARACTERS = listed("""a dog; a cat; a dragon; a robot; a wizard; a lighthouse keeper; a brave knight; a lost child; a talking tree; a pirate; a young girl;
an old man; a detective; a time traveler; a small village; a magic book; a spaceship; a fox and a crow; two friends; a lonely star; a baker; a farmer;
a musician; a king; a queen; a ghost; an astronaut; a teacher; a thief; a snowman; a clockmaker; a mermaid; a giant; a tiny mouse; a gardener; a painter;
a sailor; a shepherd; a clever parrot; a sleepy bear; two brothers; a kind stranger; an inventor; a little train; a broken toy""")

NATURE = listed("""the sea; the moon; autumn; spring; winter; summer; rain; snow; the wind; a river; mountains; the forest; stars; the sun; night; morning;
love; time; hope; silence; friendship; home; dreams; coffee; a garden; the city; flowers; a journey; the ocean; music; a storm; a candle; the sky; an old tree""")

WORDS = listed("""happy; sad; big; small; fast; slow; bright; dark; cold; hot; strong; weak; kind; cruel; brave; quiet; loud; rich; poor; smart; simple;
difficult; beautiful; ugly; old; young; ancient; modern; angry; calm; tired; hungry; important; strange; famous; dangerous; careful; honest; proud; hard;
soft; light; heavy; full; empty; early; late; near; far; high; low; long; short; wide; narrow; clean; dirty; dry; wet; open; sharp; sweet; bitter; thick""")

OPPOSITES = listed("""happy; big; fast; bright; cold; strong; kind; brave; quiet; rich; simple; beautiful; old; modern; calm; hard; light; full; early; near;
high; long; wide; clean; dry; open; sweet; thick; left; up; day; black; good; true; first; inside; above; before; always; love; win; start; buy; give; push""")

PHRASES = listed("""hello; good morning; thank you; goodbye; I love you; how are you; please; yes; no; good night; water; bread; house; friend; cat; dog;
the book is on the table; where is the station; I am hungry; my name is Anna; red; blue; one; two; three; mother; father; sun; moon; school""")
LANGUAGES = listed("French; Spanish; German; Italian; Portuguese; Latin")

CODE = listed("""adds two numbers; reverses a string; checks if a number is prime; computes the factorial of a number; finds the largest number in a list;
counts the vowels in a string; sorts a list; removes duplicates from a list; checks if a string is a palindrome; computes the Fibonacci sequence;
converts Celsius to Fahrenheit; reads a file and counts its lines; merges two lists; computes the average of a list; finds the sum of even numbers;
prints the multiplication table; counts the words in a sentence; flattens a nested list; checks if two words are anagrams; finds the smallest number in a list;
computes the area of a circle; checks if a year is a leap year; squares every number in a list; counts how often a letter occurs in a word""")

LISTS = listed("""fruits; vegetables; colors; countries in Europe; animals; planets; sports; hobbies; jobs; musical instruments; programming languages;
things to do on a rainy day; healthy breakfasts; gift ideas; rivers; cities in the United States; famous scientists; kitchen tools; types of trees; flowers;
birds; sea animals; desserts; drinks; board games; rooms of a house; parts of the body; winter clothes; means of transport; school subjects""")

TASKS = listed("""make tea; bake bread; boil an egg; write a letter; fix a flat tire; tie a tie; start a garden; make a budget; train a dog; clean a window;
plan a party; make pancakes; cook rice; write a resume; apologize to a friend; ask for a raise; learn to swim; start running; make a paper airplane;
improve my memory; wake up early; write a poem; sleep better; save money; learn a language; stay healthy; study for an exam; prepare for a job interview;
grow tomatoes; make new friends; pack for a trip; take good photos; reduce stress; learn to play the guitar; clean the house; read more books; draw a face""")

PEOPLE = listed("""Albert Einstein; Isaac Newton; Marie Curie; Napoleon; Cleopatra; Julius Caesar; William Shakespeare; Mozart; Beethoven; Leonardo da Vinci;
Abraham Lincoln; Mahatma Gandhi; Martin Luther King Jr.; Charles Darwin; Galileo; Aristotle; Plato; Alexander the Great; Queen Victoria; Nelson Mandela;
Vincent van Gogh; Pablo Picasso; Thomas Edison; Nikola Tesla; Christopher Columbus; Joan of Arc; Florence Nightingale; Johann Sebastian Bach; Socrates""")

EMAILS = listed("""my boss asking for a day off; a friend inviting them to dinner; a teacher thanking them; a customer about a late order; my landlord about
a broken heater; a colleague to schedule a meeting; a neighbor about the noise; a hotel to book a room; a client to confirm a meeting; my team about a deadline""")

CITIES = listed("Paris; London; Rome; New York; Tokyo; Berlin; Madrid; Lisbon; Cairo; Sydney; Vienna; Prague; Athens; Dublin; Amsterdam; Istanbul; Moscow; Boston")
THINGS = listed("apples; oranges; books; pencils; cookies; marbles; coins; eggs; cars; stickers; balloons; candies; flowers; stamps; cards; shells; buttons")
NAMES = listed("Anna; Ben; Carla; David; Emma; Frank; Grace; Henry; Ivy; Jack; Kate; Leo; Mia; Noah; Olivia; Paul; Rosa; Sam; Tina; Victor")

SINGLE = listed("""Hi; Hello; Hello!; Hi there; How are you?; Who are you?; What can you do?; What is your name?; Good morning!; Good evening!; Thanks!;
Can you help me?; Tell me something interesting.; I'm bored.; I feel sad today.; What should I eat for dinner?; Recommend a book.; Give me a riddle.;
Tell me a bedtime story.; What is the meaning of life?; What day comes after Monday?; How many days are in a year?; How many legs does a spider have?;
What color is the sky?; What is the largest ocean?; What is the tallest mountain?; What is the fastest animal?; What is H2O?; Who wrote Romeo and Juliet?;
How many continents are there?; What is the largest planet?; How many hours are in a day?; What is the capital city of England?; What do bees make?;
What month comes after June?; How many minutes are in an hour?; What is the freezing point of water?; Which planet do we live on?; I had a great day!;
I am learning to cook.; I need some advice.; What is your favorite color?; Let's talk about science.; I just got a new puppy.""")

FOLLOW_UPS = listed("""Can you make that shorter?; Can you explain that in more detail?; Give me an example.; Thanks! Anything else?; Why?; Thank you!;
Can you rewrite that in simpler words?; Say that in one sentence.; What else should I know?; Are you sure?; Can you give me another one?; How does that work?;
Turn that into a list.; Tell me more.; What do you mean?; Make it shorter.; Make it longer.; Explain it to a child.; Now say it in other words.""")
