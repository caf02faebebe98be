"""What evaluation questions ask about: "item: answer", `|` between answers that count. Lists only; `questions` asks."""


def pairs(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(item, answers) of each entry."""
    entries = [entry.strip().split(": ") for entry in text.replace("\n", " ").split(";") if entry.strip()]
    return tuple((item, tuple(answers.split("|"))) for item, answers in entries)


CAPITALS = pairs("""France: Paris; Germany: Berlin; Italy: Rome; Spain: Madrid; Portugal: Lisbon; Japan: Tokyo; China: Beijing; India: New Delhi|Delhi; Brazil: Brasília|Brasilia;
Canada: Ottawa; Mexico: Mexico City; Egypt: Cairo; Kenya: Nairobi; Nigeria: Abuja; Australia: Canberra; Norway: Oslo; Sweden: Stockholm; Finland: Helsinki; Denmark: Copenhagen;
Poland: Warsaw; Greece: Athens; Turkey: Ankara; Russia: Moscow; Thailand: Bangkok; Vietnam: Hanoi; Indonesia: Jakarta; Argentina: Buenos Aires; Chile: Santiago; Peru: Lima;
Cuba: Havana; Ireland: Dublin; Iceland: Reykjavik|Reykjavík; Austria: Vienna; Hungary: Budapest; Belgium: Brussels; the Netherlands: Amsterdam; Ukraine: Kyiv|Kiev; Morocco: Rabat;
Ethiopia: Addis Ababa; Ghana: Accra; Nepal: Kathmandu; Pakistan: Islamabad; Iran: Tehran; Iraq: Baghdad; Israel: Jerusalem; South Korea: Seoul; the Philippines: Manila;
Malaysia: Kuala Lumpur; Colombia: Bogotá|Bogota; Venezuela: Caracas; Ecuador: Quito; Uruguay: Montevideo; Jamaica: Kingston; Romania: Bucharest; Bulgaria: Sofia; Serbia: Belgrade;
Croatia: Zagreb; Slovakia: Bratislava; Estonia: Tallinn; Latvia: Riga; Lithuania: Vilnius; Tunisia: Tunis; Algeria: Algiers; Senegal: Dakar; Tanzania: Dodoma; Uganda: Kampala;
Zambia: Lusaka; Angola: Luanda; Mongolia: Ulaanbaatar|Ulan Bator; Cambodia: Phnom Penh; Bangladesh: Dhaka; New Zealand: Wellington; Saudi Arabia: Riyadh; Jordan: Amman; Lebanon: Beirut;
Syria: Damascus; Afghanistan: Kabul; Luxembourg: Luxembourg City; Albania: Tirana; Armenia: Yerevan; Azerbaijan: Baku; Bahrain: Manama; Belarus: Minsk; Belize: Belmopan; Bhutan: Thimphu;
Botswana: Gaborone; Cameroon: Yaoundé|Yaounde; Costa Rica: San José|San Jose; Cyprus: Nicosia; the Czech Republic: Prague; the Dominican Republic: Santo Domingo; El Salvador: San Salvador;
Georgia: Tbilisi|Atlanta; Guatemala: Guatemala City; Haiti: Port-au-Prince; Honduras: Tegucigalpa; Kazakhstan: Astana|Nur-Sultan; Kuwait: Kuwait City; Laos: Vientiane; Libya: Tripoli;
Madagascar: Antananarivo; Malta: Valletta; Moldova: Chisinau|Chișinău; Mozambique: Maputo; Namibia: Windhoek; Nicaragua: Managua; North Korea: Pyongyang; Oman: Muscat; Panama: Panama City;
Paraguay: Asunción|Asuncion; Qatar: Doha; Rwanda: Kigali; Scotland: Edinburgh; Slovenia: Ljubljana; Somalia: Mogadishu; Sudan: Khartoum; Taiwan: Taipei; Wales: Cardiff; Yemen: Sanaa|Sana'a;
Zimbabwe: Harare; the United Kingdom: London; the United States: Washington; Texas: Austin; California: Sacramento; Massachusetts: Boston; Colorado: Denver; Hawaii: Honolulu;
Alaska: Juneau; Arizona: Phoenix; Florida: Tallahassee; Tennessee: Nashville; Ohio: Columbus; Utah: Salt Lake City; Oregon: Salem; Indiana: Indianapolis; Minnesota: Saint Paul|St Paul;
Wisconsin: Madison; Iowa: Des Moines; Idaho: Boise; Virginia: Richmond; Louisiana: Baton Rouge; Oklahoma: Oklahoma City; Nevada: Carson City; Illinois: Springfield; Arkansas: Little Rock;
the Bahamas: Nassau; Bosnia: Sarajevo; Brunei: Bandar Seri Begawan; Chad: N'Djamena; Eritrea: Asmara; Fiji: Suva; Gabon: Libreville; Gambia: Banjul; Guyana: Georgetown; Kyrgyzstan: Bishkek; Liberia: Monrovia;
Malawi: Lilongwe; the Maldives: Malé|Male; Mali: Bamako; Montenegro: Podgorica; Niger: Niamey; North Macedonia: Skopje; Sierra Leone: Freetown; Suriname: Paramaribo; Tajikistan: Dushanbe; Togo: Lomé|Lome;
Trinidad and Tobago: Port of Spain; Turkmenistan: Ashgabat; Uzbekistan: Tashkent; Puerto Rico: San Juan; Greenland: Nuuk; Montana: Helena; Wyoming: Cheyenne; Pennsylvania: Harrisburg; Maryland: Annapolis;
Maine: Augusta; Vermont: Montpelier; New Hampshire: Concord; Connecticut: Hartford; Rhode Island: Providence; New Jersey: Trenton; Delaware: Dover; Kentucky: Frankfort; Michigan: Lansing; Missouri: Jefferson City;
Kansas: Topeka; Nebraska: Lincoln; North Dakota: Bismarck; South Dakota: Pierre; New Mexico: Santa Fe; Alabama: Montgomery; Mississippi: Jackson; South Carolina: Columbia; North Carolina: Raleigh; West Virginia: Charleston""")

CONTINENTS = pairs("""France: Europe; Germany: Europe; Italy: Europe; Japan: Asia; China: Asia; India: Asia; Brazil: South America; Canada: North America; Mexico: North America; Kenya: Africa;
Nigeria: Africa; Norway: Europe; Sweden: Europe; Poland: Europe; Greece: Europe; Thailand: Asia; Vietnam: Asia; Chile: South America; Peru: South America; Cuba: North America;
Iceland: Europe; Austria: Europe; Morocco: Africa; Ethiopia: Africa; Ghana: Africa; Nepal: Asia; Pakistan: Asia; Colombia: South America; Ecuador: South America; Romania: Europe;
Estonia: Europe; Algeria: Africa; Senegal: Africa; Uganda: Africa; Angola: Africa; Mongolia: Asia; Albania: Europe; Belarus: Europe; Bhutan: Asia; Bolivia: South America; Botswana: Africa;
Burundi: Africa; Cameroon: Africa; Chad: Africa; the Czech Republic: Europe; Gabon: Africa; Guyana: South America; Haiti: North America; Honduras: North America; Kuwait: Asia; Laos: Asia;
Liberia: Africa; Libya: Africa; Malawi: Africa; Mali: Africa; Malta: Europe; Moldova: Europe; Mozambique: Africa; Namibia: Africa; Niger: Africa; Oman: Asia; Paraguay: South America;
Qatar: Asia; Rwanda: Africa; Scotland: Europe; Singapore: Asia; Slovenia: Europe; Somalia: Africa; Sudan: Africa; Suriname: South America; Taiwan: Asia; Togo: Africa; Yemen: Asia;
Zimbabwe: Africa; the United Kingdom: Europe; the United States: North America; North Korea: Asia; Myanmar: Asia; Uzbekistan: Asia; Turkmenistan: Asia""")

CURRENCIES = pairs("""France: euro; Germany: euro; Italy: euro; Spain: euro; Japan: yen; China: yuan|renminbi; India: rupee; Brazil: real; Canada: dollar; Mexico: peso; Egypt: pound; Kenya: shilling;
Nigeria: naira; Australia: dollar; Norway: krone; Sweden: krona; Finland: euro; Denmark: krone; Poland: zloty|złoty; Greece: euro; Turkey: lira; Russia: ruble|rouble; Thailand: baht;
Vietnam: dong; Indonesia: rupiah; Argentina: peso; Chile: peso; Ireland: euro; Iceland: krona|króna; Austria: euro; Hungary: forint; Switzerland: franc; Belgium: euro; Ukraine: hryvnia;
Nepal: rupee; Pakistan: rupee; Israel: shekel; South Korea: won; the Philippines: peso; Malaysia: ringgit; Colombia: peso; Portugal: euro; the Netherlands: euro; Cuba: peso; Iran: rial;
Saudi Arabia: riyal; the United Kingdom: pound|sterling; the United States: dollar; Singapore: dollar; New Zealand: dollar; Bangladesh: taka; South Africa: rand; Uganda: shilling""")

LANGUAGES = pairs("""France: French; Germany: German; Italy: Italian; Spain: Spanish; Portugal: Portuguese; Japan: Japanese; China: Chinese|Mandarin; Brazil: Portuguese; Mexico: Spanish;
Egypt: Arabic; Norway: Norwegian; Sweden: Swedish; Finland: Finnish; Denmark: Danish; Poland: Polish; Greece: Greek; Turkey: Turkish; Russia: Russian; Thailand: Thai; Vietnam: Vietnamese;
Argentina: Spanish; Chile: Spanish; Peru: Spanish; Cuba: Spanish; Iceland: Icelandic; Austria: German; Hungary: Hungarian; Ukraine: Ukrainian; Nepal: Nepali; Iran: Persian|Farsi;
Israel: Hebrew; South Korea: Korean; Colombia: Spanish; Venezuela: Spanish; Ecuador: Spanish; Uruguay: Spanish; Romania: Romanian; Bulgaria: Bulgarian; Serbia: Serbian; Croatia: Croatian;
Slovakia: Slovak; Estonia: Estonian; Latvia: Latvian; Lithuania: Lithuanian; Mongolia: Mongolian; Cambodia: Khmer; Saudi Arabia: Arabic; Jordan: Arabic; Syria: Arabic; Albania: Albanian;
Armenia: Armenian; Bolivia: Spanish; Costa Rica: Spanish; Georgia: Georgian; Guatemala: Spanish; Honduras: Spanish; Kuwait: Arabic; Laos: Lao; Libya: Arabic; Nicaragua: Spanish; Oman: Arabic;
Panama: Spanish; Qatar: Arabic; Slovenia: Slovenian|Slovene; Yemen: Arabic; the United Kingdom: English; the United States: English; Australia: English; Myanmar: Burmese; Munich: German; Hamburg: German; Frankfurt: German; Milan: Italian;
Naples: Italian; Venice: Italian; Florence: Italian; Barcelona: Spanish|Catalan; Seville: Spanish; Valencia: Spanish; Lyon: French; Marseille: French; Nice: French; Bordeaux: French; Porto: Portuguese; Osaka: Japanese;
Kyoto: Japanese; Shanghai: Chinese|Mandarin; Rio de Janeiro: Portuguese; São Paulo: Portuguese; Chicago: English; Liverpool: English; Manchester: English; Melbourne: English; Oslo: Norwegian; Stockholm: Swedish;
Helsinki: Finnish; Warsaw: Polish; Budapest: Hungarian; Bangkok: Thai; Hanoi: Vietnamese; Seoul: Korean; Tehran: Persian|Farsi; Bogotá: Spanish; Guadalajara: Spanish; Havana: Spanish; Salzburg: German; Sicily: Italian""")

OPPOSITES = pairs("""hot: cold; small: large|big; slow: fast|quick; dark: light|bright; weak: strong; loud: quiet|soft|silent; poor: rich|wealthy; difficult: easy|simple; ugly: beautiful|pretty;
young: old; empty: full; late: early; far: near|close; low: high; short: long|tall; narrow: wide|broad; dirty: clean; wet: dry; closed: open; sour: sweet; thin: thick|fat; right: left|wrong;
down: up; night: day; white: black; bad: good; false: true; last: first; outside: inside; below: above; after: before; never: always; hate: love; lose: win; stop: start|go; sell: buy;
take: give; pull: push; ancient: modern|new; expensive: cheap|inexpensive; positive: negative; active: passive|inactive; public: private; maximum: minimum; increase: decrease; success: failure;
truth: lie|falsehood; peace: war; life: death; birth: death; north: south; east: west; friend: enemy|foe; entrance: exit; question: answer; laugh: cry; remember: forget; arrive: depart|leave;
attack: defend; alive: dead; asleep: awake; rough: smooth; deep: shallow; heavy: light; tall: short; new: old; hard: soft|easy; cheap: expensive; safe: dangerous|unsafe; polite: rude|impolite;
lazy: hardworking|diligent|industrious; sharp: dull|blunt; solid: liquid; plural: singular; male: female; legal: illegal; possible: impossible; visible: invisible; honest: dishonest;
agree: disagree; appear: disappear; lucky: unlucky; fair: unfair; healthy: unhealthy|sick; correct: incorrect|wrong; complete: incomplete; regular: irregular; patient: impatient;
optimistic: pessimistic; introvert: extrovert; internal: external; interior: exterior; import: export; include: exclude; inhale: exhale; ascend: descend; advance: retreat; victory: defeat;
guilty: innocent; generous: stingy|selfish|greedy; humble: proud|arrogant; temporary: permanent; artificial: natural; vertical: horizontal; odd: even; day: night; summer: winter; heaven: hell; comfortable: uncomfortable; certain: uncertain; usual: unusual; stable: unstable;
able: unable; aware: unaware; common: uncommon|rare; equal: unequal; known: unknown; likely: unlikely; pleasant: unpleasant; popular: unpopular; real: unreal|fake; reasonable: unreasonable; reliable: unreliable;
successful: unsuccessful; sure: unsure; willing: unwilling; wise: unwise|foolish; important: unimportant; necessary: unnecessary; friendly: unfriendly; employed: unemployed; conscious: unconscious; accurate: inaccurate;
adequate: inadequate; direct: indirect; effective: ineffective; efficient: inefficient; formal: informal; secure: insecure; sufficient: insufficient; valid: invalid; moral: immoral; mortal: immortal; mature: immature;
perfect: imperfect; practical: impractical; rational: irrational; relevant: irrelevant; responsible: irresponsible; literate: illiterate; logical: illogical; connect: disconnect; like: dislike; obey: disobey; trust: distrust;
advantage: disadvantage; order: disorder; respect: disrespect; continue: discontinue|stop; approve: disapprove; tie: untie; lock: unlock; pack: unpack; wrap: unwrap; load: unload; fold: unfold; understand: misunderstand;
major: minor; superior: inferior; majority: minority; theory: practice; cause: effect; supply: demand; input: output; upload: download; teacher: student; buyer: seller; host: guest; ally: enemy; bravery: cowardice; wealth: poverty;
strength: weakness; happiness: sadness|unhappiness; beauty: ugliness; presence: absence; arrival: departure; ceiling: floor; junior: senior; urban: rural; domestic: foreign; abstract: concrete; rise: fall; lend: borrow""")

PLURALS = pairs("""cat: cats; dog: dogs; book: books; car: cars; tree: trees; house: houses; box: boxes; bus: buses; dish: dishes; church: churches; watch: watches; fox: foxes; glass: glasses;
baby: babies; city: cities; country: countries; party: parties; story: stories; lady: ladies; boy: boys; key: keys; toy: toys; monkey: monkeys; leaf: leaves; knife: knives; wife: wives; life: lives;
wolf: wolves; shelf: shelves; half: halves; man: men; woman: women; child: children; foot: feet; tooth: teeth; goose: geese; mouse: mice; person: people|persons; ox: oxen; sheep: sheep; deer: deer;
fish: fish|fishes; hero: heroes; potato: potatoes; tomato: tomatoes; echo: echoes; piano: pianos; photo: photos; cactus: cacti|cactuses; fungus: fungi; analysis: analyses; crisis: crises;
apple: apples; table: tables; river: rivers; bird: birds; horse: horses; pen: pens; teacher: teachers; school: schools; flower: flowers; letter: letters; chair: chairs; brush: brushes; peach: peaches; window: windows; pencil: pencils; garden: gardens;
computer: computers; friend: friends; game: games; idea: ideas; island: islands; lamp: lamps; lesson: lessons; mountain: mountains; number: numbers; orange: oranges; parent: parents; picture: pictures; planet: planets; queen: queens;
road: roads; shirt: shirts; ship: ships; shoe: shoes; star: stars; street: streets; student: students; ticket: tickets; train: trains; village: villages; wall: walls; year: years; answer: answers; bridge: bridges; button: buttons;
candle: candles; castle: castles; cloud: clouds; doctor: doctors; farmer: farmers; finger: fingers; forest: forests; guitar: guitars; hammer: hammers; hotel: hotels; jacket: jackets; kitchen: kitchens; lemon: lemons; machine: machines;
market: markets; mirror: mirrors; nurse: nurses; ocean: oceans; owner: owners; pillow: pillows; pocket: pockets; robot: robots; rocket: rockets; singer: singers; spoon: spoons; table cloth: table cloths; tiger: tigers; tower: towers;
class: classes; wish: wishes; bench: benches; kiss: kisses; lunch: lunches; beach: beaches; family: families; library: libraries; berry: berries; enemy: enemies; fly: flies; penny: pennies; day: days; tray: trays; loaf: loaves; thief: thieves""")

PAST = pairs("""go: went; eat: ate; run: ran; see: saw; write: wrote; sing: sang; take: took; swim: swam; come: came; give: gave; know: knew; think: thought; buy: bought; bring: brought; catch: caught;
teach: taught; find: found; get: got; have: had; make: made; say: said; tell: told; sell: sold; speak: spoke; break: broke; choose: chose; drive: drove; ride: rode; rise: rose; fly: flew; grow: grew;
throw: threw; draw: drew; begin: began; drink: drank; ring: rang; sit: sat; stand: stood; win: won; lose: lost; meet: met; read: read; lead: led; feel: felt; keep: kept; sleep: slept; leave: left;
build: built; send: sent; spend: spent; hold: held; fall: fell; forget: forgot; walk: walked; play: played; talk: talked; jump: jumped; look: looked; help: helped; work: worked; cook: cooked;
study: studied; try: tried; stop: stopped; plan: planned; dance: danced; love: loved; call: called; open: opened; be: was|were; do: did; hear: heard; wear: wore; hide: hid; bite: bit""")

COLORS = pairs("""grass: green; snow: white; a ripe banana: yellow; blood: red; coal: black; milk: white; a lemon: yellow; a strawberry: red; a tomato: red; the sun: yellow|white; a carrot: orange; a pumpkin: orange;
chocolate: brown; a polar bear: white; a flamingo: pink; a crow: black; a cucumber: green; an emerald: green; a ruby: red; a sapphire: blue; gold: yellow|golden|gold; silver: silver|gray|grey;
a school bus: yellow; a stop sign: red; a fire truck: red; a frog: green; an elephant: gray|grey; a lime: green; broccoli: green; a cherry: red; a blueberry: blue; an eggplant: purple; a panda: black|white;
a swan: white; cotton: white; salt: white; sugar: white; charcoal: black; an orange: orange; a leaf in summer: green; the ocean: blue; a pea: green; spinach: green; lettuce: green; mud: brown;
a sunflower: yellow; corn: yellow; a cloud: white; a canary: yellow; a zebra: black|white; copper: brown|reddish|red|orange; an egg yolk: yellow|orange; a raven: black; a plum: purple; tree bark: brown""")

LEGS = pairs("""a dog: 4|four; a cat: 4|four; a horse: 4|four; an ant: 6|six; a bee: 6|six; a chicken: 2|two; a human: 2|two; a cow: 4|four; a butterfly: 6|six; a bird: 2|two; an elephant: 4|four; a beetle: 6|six;
a fly: 6|six; a snake: 0|zero|no; a frog: 4|four; a duck: 2|two; a sheep: 4|four; a pig: 4|four; a lion: 4|four; a mosquito: 6|six; a grasshopper: 6|six; a scorpion: 8|eight; a crab: 10|ten; a lobster: 10|ten;
a penguin: 2|two; an ostrich: 2|two; a giraffe: 4|four; a mouse: 4|four; a table: 4|four; a chair: 4|four; a tripod: 3|three; an insect: 6|six; a tiger: 4|four; a zebra: 4|four; a rabbit: 4|four; a goat: 4|four;
a wolf: 4|four; a bear: 4|four; a deer: 4|four; a camel: 4|four; a cricket: 6|six; a tick: 8|eight; a lizard: 4|four; a turtle: 4|four; a crocodile: 4|four; a kangaroo: 2|two; an octopus: 8|eight""")

SYMBOLS = pairs("""hydrogen: H; helium: He; carbon: C; nitrogen: N; oxygen: O; sodium: Na; iron: Fe; gold: Au; silver: Ag; copper: Cu; lead: Pb; tin: Sn; zinc: Zn; calcium: Ca; potassium: K; magnesium: Mg;
aluminum: Al; silicon: Si; sulfur: S; phosphorus: P; chlorine: Cl; neon: Ne; argon: Ar; lithium: Li; fluorine: F; nickel: Ni; mercury: Hg; iodine: I; uranium: U; platinum: Pt; titanium: Ti; chromium: Cr;
cobalt: Co; manganese: Mn; barium: Ba; boron: B; bromine: Br; radium: Ra; tungsten: W; krypton: Kr; xenon: Xe; radon: Rn; beryllium: Be; plutonium: Pu""")

AUTHORS = pairs("""Hamlet: Shakespeare; Macbeth: Shakespeare; Othello: Shakespeare; King Lear: Shakespeare; A Midsummer Night's Dream: Shakespeare; Pride and Prejudice: Austen; Emma: Austen; Oliver Twist: Dickens;
A Tale of Two Cities: Dickens; Great Expectations: Dickens; Moby Dick: Melville; War and Peace: Tolstoy; Anna Karenina: Tolstoy; Crime and Punishment: Dostoevsky|Dostoyevsky; 1984: Orwell;
Animal Farm: Orwell; The Great Gatsby: Fitzgerald; The Odyssey: Homer; The Iliad: Homer; Don Quixote: Cervantes; Harry Potter: Rowling; The Hobbit: Tolkien; The Lord of the Rings: Tolkien;
Frankenstein: Shelley; Dracula: Stoker; To Kill a Mockingbird: Lee; The Old Man and the Sea: Hemingway; The Divine Comedy: Dante; The Adventures of Tom Sawyer: Twain;
The Adventures of Huckleberry Finn: Twain; Jane Eyre: Brontë|Bronte; Wuthering Heights: Brontë|Bronte; The Catcher in the Rye: Salinger; Les Misérables: Hugo; The Little Prince: Saint-Exupéry|Exupéry;
Brave New World: Huxley; Fahrenheit 451: Bradbury; The Republic: Plato; On the Origin of Species: Darwin; The Raven: Poe; The Jungle Book: Kipling; Treasure Island: Stevenson; Gulliver's Travels: Swift;
Robinson Crusoe: Defoe; The Time Machine: Wells; Ulysses: Joyce; Faust: Goethe; The Canterbury Tales: Chaucer; Paradise Lost: Milton; The Communist Manifesto: Marx; Alice's Adventures in Wonderland: Carroll""")

FACTS = pairs("""Is gold a metal: yes; Is a rose a flower: yes; Is ice frozen water: yes; Is Africa a continent: yes; Is the Earth round: yes; Is a dolphin a mammal: yes; Is seven a prime number: yes; Is fire hot: yes;
Is an eagle a bird: yes; Is iron a metal: yes; Is a square a rectangle: yes; Is the Pacific an ocean: yes; Is a salmon a fish: yes; Is oxygen a gas: yes; Is a violin a musical instrument: yes;
Is Paris in France: yes; Is ten an even number: yes; Is a cat a mammal: yes; Is a potato a vegetable: yes; Is Jupiter larger than the Earth: yes; Is Tokyo in Japan: yes; Is a frog an amphibian: yes;
Is a snake a reptile: yes; Is an oak a tree: yes; Is copper a metal: yes; Is winter colder than summer: yes; Is a horse an animal: yes; Is Egypt in Africa: yes; Is a piano a musical instrument: yes;
Is snow cold: yes; Is a penguin a bird: yes; Is a mushroom a fungus: yes; Is Canada in North America: yes; Is chess a game: yes; Is a lemon a fruit: yes; Is sugar sweet: yes; Is Brazil in South America: yes;
Is helium lighter than air: yes; Is a shark a fish: yes; Is the heart a muscle: yes; Is Rome in Italy: yes; Is two plus two equal to four: yes; Can fish breathe under water: yes; Can birds fly: yes;
Do plants need water: yes; Do bees make honey: yes; Do cows eat grass: yes; Does a triangle have three sides: yes; Does a week have seven days: yes; Do humans need oxygen: yes; Can dogs swim: yes;
Is the moon a star: no; Is a banana a vegetable: no; Is Paris the capital of Germany: no; Is a shark a mammal: no; Is ice hotter than fire: no; Is a chair alive: no; Is the sun cold: no; Is nine an even number: no;
Is a dog a bird: no; Can humans breathe under water: no; Can pigs fly: no; Do snakes have legs: no; Does a square have five sides: no; Is Africa a country: no; Is London in France: no; Can rocks talk: no;
Is water dry: no; Is a car an animal: no; Do fish have fur: no; Is the sky made of stone: no; Is Mars a star: no; Is a spider a mammal: no; Is the Earth larger than the sun: no; Is wood a metal: no""")

UNITS = pairs("""seconds are in a minute: 60|sixty; days are in a week: 7|seven; months are in a year: 12|twelve; weeks are in a year: 52|fifty-two; years are in a decade: 10|ten; years are in a century: 100|hundred;
years are in a millennium: 1000|1,000|thousand; centimeters are in a meter: 100|hundred; meters are in a kilometer: 1000|1,000|thousand; millimeters are in a centimeter: 10|ten; grams are in a kilogram: 1000|1,000|thousand;
inches are in a foot: 12|twelve; feet are in a yard: 3|three; ounces are in a pound: 16|sixteen; cents are in a dollar: 100|hundred; eggs are in a dozen: 12|twelve; letters are in the English alphabet: 26|twenty-six;
degrees are in a circle: 360; degrees are in a right angle: 90|ninety; sides does a triangle have: 3|three; sides does a square have: 4|four; sides does a pentagon have: 5|five; sides does a hexagon have: 6|six;
sides does an octagon have: 8|eight; players are in a soccer team: 11|eleven; strings does a violin have: 4|four; strings does a guitar have: 6|six; wheels does a bicycle have: 2|two; wheels does a car have: 4|four;
wheels does a tricycle have: 3|three; fingers are on one hand: 5|five; planets are in the solar system: 8|eight; colors are in a rainbow: 7|seven; days are in January: 31; days are in March: 31; days are in April: 30;
days are in May: 31; days are in June: 30; days are in July: 31; days are in August: 31; days are in September: 30; days are in October: 31; days are in November: 30; days are in December: 31; bytes are in a kilobyte: 1024|1,024|1000;
teeth does an adult human have: 32; arms does an octopus have: 8|eight; eyes does a spider have: 8|eight; wings does a bee have: 4|four; states are in the United States: 50|fifty; quarts are in a gallon: 4|four;
cards are in a standard deck: 52; keys does a piano have: 88; hearts does an octopus have: 3|three; sides does a cube have: 6|six; days are in a leap year: 366; moons does the Earth have: 1|one""")

SORTS = pairs("""carrot: vegetable/fruit; apple: fruit/vegetable; banana: fruit/vegetable; spinach: vegetable/fruit; grape: fruit/vegetable; broccoli: vegetable/fruit; mango: fruit/vegetable; cabbage: vegetable/fruit;
pear: fruit/vegetable; lettuce: vegetable/fruit; peach: fruit/vegetable; onion: vegetable/fruit; cherry: fruit/vegetable; potato: vegetable/fruit; plum: fruit/vegetable; dog: animal/plant; rose: plant/animal; oak tree: plant/animal;
tiger: animal/plant; fern: plant/animal; elephant: animal/plant; tulip: plant/animal; whale: mammal/fish; salmon: fish/mammal; shark: fish/mammal; trout: fish/mammal; eagle: bird/mammal; lion: mammal/bird;
horse: mammal/bird; pigeon: bird/mammal; crocodile: reptile/mammal; lizard: reptile/mammal; ant: insect/mammal; beetle: insect/mammal; copper: metal/gas; helium: gas/metal; iron: metal/gas; oxygen: gas/metal;
milk: liquid/solid; stone: solid/liquid; water: liquid/solid; wood: solid/liquid; oil: liquid/solid; brick: solid/liquid; piano: instrument/tool; hammer: tool/instrument; violin: instrument/tool; saw: tool/instrument;
Venus: planet/star; Sirius: star/planet; Mars: planet/star; Europe: continent/country; Spain: country/continent; Asia: continent/country; Kenya: country/continent; London: city/country; Peru: country/city; Madrid: city/country""")

CITIES = pairs("""Munich: Germany; Hamburg: Germany; Milan: Italy; Naples: Italy; Venice: Italy; Florence: Italy; Barcelona: Spain; Seville: Spain; Lyon: France; Marseille: France; Nice: France; Bordeaux: France; Porto: Portugal;
Osaka: Japan; Kyoto: Japan; Hiroshima: Japan; Shanghai: China; Beijing: China; Hong Kong: China; Mumbai: India; New Delhi: India; Kolkata: India; Rio de Janeiro: Brazil; São Paulo: Brazil; Toronto: Canada; Montreal: Canada;
Vancouver: Canada; Melbourne: Australia; Perth: Australia; Chicago: United States|USA; Los Angeles: United States|USA; Seattle: United States|USA; Liverpool: England|United Kingdom|UK; Manchester: England|United Kingdom|UK;
Edinburgh: Scotland|United Kingdom|UK; Geneva: Switzerland; Zurich: Switzerland; Salzburg: Austria; Brussels: Belgium; Rotterdam: Netherlands; Copenhagen: Denmark; Stockholm: Sweden; Oslo: Norway; Bergen: Norway; Helsinki: Finland;
Warsaw: Poland; Krakow: Poland; Budapest: Hungary; Bucharest: Romania; Kyiv: Ukraine; Saint Petersburg: Russia; Ankara: Turkey; Alexandria: Egypt; Casablanca: Morocco; Nairobi: Kenya; Lagos: Nigeria; Johannesburg: South Africa;
Cape Town: South Africa; Bangkok: Thailand; Hanoi: Vietnam; Seoul: South Korea|Korea; Manila: Philippines; Jakarta: Indonesia; Tehran: Iran; Baghdad: Iraq; Jerusalem: Israel; Lima: Peru; Santiago: Chile; Buenos Aires: Argentina;
Havana: Cuba; Acapulco: Mexico; Guadalajara: Mexico; Auckland: New Zealand; Karachi: Pakistan; Kathmandu: Nepal; Dublin: Ireland; Reykjavik: Iceland; Zagreb: Croatia; Belgrade: Serbia; Sofia: Bulgaria; Riga: Latvia; Damascus: Syria;
Turin: Italy; Genoa: Italy; Bologna: Italy; Palermo: Italy; Granada: Spain; Bilbao: Spain; Toulouse: France; Strasbourg: France; Cologne: Germany; Stuttgart: Germany; Dresden: Germany; Leipzig: Germany; Nagoya: Japan;
Sapporo: Japan; Yokohama: Japan; Shenzhen: China; Chennai: India; Bangalore: India; Calgary: Canada; Ottawa: Canada; Brisbane: Australia; Houston: United States|USA; Dallas: United States|USA; Miami: United States|USA;
Antwerp: Belgium; Utrecht: Netherlands; Gothenburg: Sweden; Aarhus: Denmark; Gdansk: Poland; Izmir: Turkey""")

COMPARATIVES = pairs("""tall: taller; short: shorter; fast: faster; slow: slower; big: bigger; small: smaller; strong: stronger; weak: weaker; old: older; young: younger; cold: colder; warm: warmer; hot: hotter; happy: happier; easy: easier;
good: better; bad: worse; hard: harder; soft: softer; long: longer; high: higher; low: lower; deep: deeper; wide: wider; dark: darker; bright: brighter; heavy: heavier; light: lighter; clean: cleaner; cheap: cheaper; rich: richer;
poor: poorer; smart: smarter; kind: kinder; loud: louder; quiet: quieter; sweet: sweeter; thick: thicker; thin: thinner; near: nearer; late: later; early: earlier; busy: busier; funny: funnier; pretty: prettier""")

WORDS = tuple("""apple bridge castle dragon engine forest garden harbor island jungle kitchen lemon mountain number ocean pencil queen river summer tiger umbrella village window yellow zebra basket candle doctor
elephant family guitar hammer insect jacket kettle ladder market needle orange parrot quiet rabbit silver table uncle violin winter young circus desert evening finger banana carrot dinner eagle feather ginger honey iron jewel king lion
monkey nature onion pepper quilt road sugar tomato valley water animal button camera dollar energy flower ghost holiday igloo jar kite lamp magnet night owl paper question rocket school train uniform victory wagon xylophone
bottle cousin dream earth future grass heart ice juice lake minute noise office piano""".split())
