/**
 * Writes users.csv: 10,000 rows, 100 of them bad in one of the ways of `badCounts`.
 *
 *     npx tsx samples/users/make-users.ts
 *
 * The same seed gives the same file, byte for byte.
 */
import { writeFileSync } from 'node:fs';

const seed = 2;
const rowCount = 10_000;

/** What can be wrong with a row, and how many rows have it. */
const badCounts = {
  'missing email': 14,
  'email without @': 13,
  'age not a number': 13,
  'age negative': 7,
  'age over 150': 7,
  'too few columns': 12,
  'too many columns': 12,
  'duplicate email': 12,
  'empty name': 10,
} as const;

type BadKind = keyof typeof badCounts;

interface Person {
  /** The name as the person writes it. */
  readonly name: string;
  readonly email: string;
  readonly age: number;
  readonly country: string;
}

interface Nation {
  readonly country: string;
  /** How often it comes up, against the others. */
  readonly weight: number;
  /** `Zoë`, or `結衣=Yui` where the email needs a spelling of its own. */
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** Whether the family name stands first. */
  readonly familyFirst?: boolean;
  /** What stands between the two names; a space if not given. */
  readonly separator?: string;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const nations: readonly Nation[] = [
  {
    country: 'Germany',
    weight: 9,
    given: words(
      'Zoë Jürgen Anna Lukas Käthe Björn Sophie Matthias Greta Jörg Leonie Felix Änne Tobias',
    ),
    family: words(
      'Müller Schäfer Weiß Krüger Schmidt Böhm Vogel Köhler Hoffmann Groß Becker Jäger Fuchs Lang',
    ),
  },
  {
    country: 'Switzerland',
    weight: 4,
    given: words('Reto Céline Urs Seraina Gian Noémie Beat Ladina Loïc Regula Flurin Chiara'),
    family: words(
      'Zürcher Bürgi Favre Ammann Küng Rossi Hürlimann Caduff Brunner Dubois Wyss Käslin',
    ),
  },
  {
    country: 'France',
    weight: 8,
    given: words('Chloé Éric Hélène Jérôme Aurélie François Inès Benoît Margaux Rémi Zélie Théo'),
    family: words(
      'Lefèvre Dupont Bézier Garçon Moreau Hélias Noël Rousseau Guérin Petit Desprès Marchand',
    ),
  },
  {
    country: 'United Kingdom',
    weight: 8,
    given: words('Alice Oliver Emily Harry Grace George Ffion Callum Isla Rhys Charlotte Hamish'),
    family: words(
      "Smith Taylor Hughes Campbell Wright O'Neill Davies Macdonald Clarke Evans Baker Ashworth-Hall",
    ),
  },
  {
    country: 'Ireland',
    weight: 4,
    given: words('Seán Aoife Ciarán Niamh Pádraig Siobhán Oisín Róisín Eoin Gráinne'),
    family: words("O'Brien Murphy Kelly Byrne O'Sullivan Doyle McCarthy Nolan Gallagher Mac-Aodha"),
  },
  {
    country: 'Spain',
    weight: 6,
    given: words('Íñigo Lucía Andrés Begoña José Ángela Martín Nuria Óscar Belén Raúl Pilar'),
    family: words(
      'Muñoz García Ibáñez Peña Rodríguez Núñez López Sánchez Ortega Yáñez Castaño Gil',
    ),
  },
  {
    country: 'Brazil',
    weight: 7,
    given: words(
      'João Conceição Luís Letícia André Mônica Tiago Débora Vinícius Flávia Caetano Inês',
    ),
    family: words(
      'Gonçalves Araújo Silva Assunção Magalhães Souza Falcão Brandão Pereira Simões Lemos Sá',
    ),
  },
  {
    country: 'Poland',
    weight: 5,
    given: words(
      'Łukasz Małgorzata Paweł Zofia Michał Bożena Stanisław Agnieszka Jędrzej Elżbieta',
    ),
    family: words('Nowak Wójcik Kaczmarek Dąbrowski Zając Woźniak Pawłowski Górski Źrebiec Mazur'),
  },
  {
    country: 'Czechia',
    weight: 3,
    given: words('Jiří Tereza Ondřej Žaneta Tomáš Lenka Vojtěch Kateřina Zdeněk Štěpánka'),
    family: words('Dvořák Němec Říha Čermák Kříž Šimek Beneš Havel Růžička Žižka'),
  },
  {
    country: 'Sweden',
    weight: 4,
    given: words('Åsa Göran Maja Sören Linnéa Håkan Elsa Östen Märta Nils'),
    family: words('Åkesson Öberg Lindström Sjöberg Nyström Bergman Hägg Ekdahl Söderlund Dahl'),
  },
  {
    country: 'Denmark',
    weight: 3,
    given: words('Søren Astrid Jørgen Freja Bjørn Maja Kåre Gry Rasmus Sidsel'),
    family: words('Sørensen Møller Kjær Jørgensen Bæk Thygesen Nørgaard Højlund Skov Friis'),
  },
  {
    country: 'Iceland',
    weight: 1,
    given: words('Þóra Guðrún Jón Sigríður Ævar Björk Hörður Ásdís'),
    family: words('Þórsson Guðmundsdóttir Jónsson Sigurðardóttir Ægisson Hallgrímsdóttir'),
  },
  {
    country: 'Türkiye',
    weight: 4,
    given: words('Ayşe Mehmet Gülşen İbrahim Çağla Oğuz Işıl Şükrü Özlem Emre'),
    family: words('Yılmaz Öztürk Çelik Şahin Aydın Doğan Güneş Kılıç Ünal Işık'),
  },
  {
    country: 'United States',
    weight: 12,
    given: words(
      'James Maria Ethan Olivia Noah Ava Tyrone Renée Caleb Madison Diego Hannah Marcus Skylar',
    ),
    family: words(
      "Johnson Williams Garcia Brown D'Angelo Martinez Nguyen Anderson Lee Cohen Jackson Kowalski Reyes",
    ),
  },
  {
    country: 'Canada',
    weight: 4,
    given: words('Amélie Liam Chantal Ryan Geneviève Connor Maude Étienne Priya Tyler'),
    family: words('Tremblay Gagné Singh MacLeod Bélanger Roy Côté Fraser Wong Lévesque'),
  },
  {
    country: 'India',
    weight: 9,
    given: words('Aarav Priya Rohan Ananya Vikram Meera Arjun Kavya Sanjay Lakshmi Imran Divya'),
    family: words('Sharma Patel Iyer Khan Reddy Banerjee Nair Singh Kulkarni Das Mehta Pillai'),
  },
  {
    country: 'Vietnam',
    weight: 3,
    given: words('Hương Đức Thảo Quân Ngọc Bảo Lệ Tuấn Uyên Phúc'),
    family: words('Nguyễn Trần Lê Phạm Võ Đặng Bùi Đỗ Hồ Ngô'),
    familyFirst: true,
  },
  {
    country: 'Japan',
    weight: 6,
    given: words(
      '結衣=Yui 翔太=Shota 美咲=Misaki 大輔=Daisuke 陽子=Yoko 健一=Kenichi さくら=Sakura 蓮=Ren 恵=Megumi 拓也=Takuya',
    ),
    family: words(
      '佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 渡辺=Watanabe 伊藤=Ito 山本=Yamamoto 中村=Nakamura 小林=Kobayashi 加藤=Kato',
    ),
    familyFirst: true,
  },
  {
    country: 'China',
    weight: 6,
    given: words(
      '秀英=Xiuying 伟=Wei 芳=Fang 建国=Jianguo 丽=Li 强=Qiang 静=Jing 明=Ming 雪梅=Xuemei 浩然=Haoran',
    ),
    family: words('王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 赵=Zhao 黄=Huang 周=Zhou 吴=Wu'),
    familyFirst: true,
    separator: '',
  },
  {
    country: 'South Korea',
    weight: 4,
    given: words(
      '민준=Minjun 서연=Seoyeon 지훈=Jihoon 수빈=Subin 현우=Hyunwoo 지영=Jiyoung 도윤=Doyun 하은=Haeun',
    ),
    family: words('김=Kim 이=Lee 박=Park 최=Choi 정=Jung 강=Kang 조=Cho 윤=Yoon'),
    familyFirst: true,
    separator: '',
  },
  {
    country: 'Greece',
    weight: 3,
    given: words(
      'Γιώργος=Giorgos Ελένη=Eleni Νίκος=Nikos Μαρία=Maria Σωκράτης=Sokratis Αθηνά=Athina Κώστας=Kostas Ζωή=Zoi',
    ),
    family: words(
      'Παπαδόπουλος=Papadopoulos Αλεξίου=Alexiou Οικονόμου=Oikonomou Βλάχος=Vlachos Νικολάου=Nikolaou Λιάκος=Liakos',
    ),
  },
  {
    country: 'Ukraine',
    weight: 4,
    given: words(
      'Олена=Olena Тарас=Taras Оксана=Oksana Андрій=Andrii Юлія=Yuliia Богдан=Bohdan Наталія=Nataliia',
    ),
    family: words(
      'Шевченко=Shevchenko Коваль=Koval Бондаренко=Bondarenko Мельник=Melnyk Ткачук=Tkachuk Лисенко=Lysenko',
    ),
  },
  {
    country: 'Egypt',
    weight: 3,
    given: words('محمد=Mohamed فاطمة=Fatma أحمد=Ahmed نور=Nour يوسف=Youssef مريم=Mariam'),
    family: words(
      'حسن=Hassan إبراهيم=Ibrahim السيد=Elsayed منصور=Mansour خليل=Khalil فاروق=Farouk',
    ),
  },
  {
    country: 'Nigeria',
    weight: 4,
    given: words('Chidi Adaeze Olúṣẹ́gun Ngozi Emeka Yétúndé Tunde Amara Ibrahim Fọlákẹ́'),
    family: words('Okafor Adéyẹmí Balogun Eze Abubakar Ògúnlẹ́yẹ Nwosu Danjuma Oyèlówò Bello'),
  },
  {
    country: 'New Zealand',
    weight: 2,
    given: words('Anahera Mānia Jack Ruby Wiremu Tāne Charlie Hēmi Isabella Kahurangi'),
    family: words('Parata Ngāta Walker Tūhoe Robinson Te-Aho Henare Wilson Pōtae Morgan'),
  },
];

/** A generator of numbers in [0, 1) with a 32-bit state (mulberry32). */
function createRandom(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = createRandom(seed);

/** A whole number from `low` to `high`, both included. */
const between = (low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

function pick<Item>(items: readonly Item[]): Item {
  const item = items[between(0, items.length - 1)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

function shuffle<Item>(items: readonly Item[]): Item[] {
  const rest = [...items];
  const shuffled: Item[] = [];
  while (rest.length > 0) shuffled.push(...rest.splice(between(0, rest.length - 1), 1));
  return shuffled;
}

const weighted = nations.flatMap((nation) => Array.from({ length: nation.weight }, () => nation));

/** Letters that do not come apart into a plain letter and an accent. */
const plainLetters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ä: 'ae',
    ö: 'oe',
    ü: 'ue',
    ß: 'ss',
    æ: 'ae',
    ø: 'o',
    å: 'aa',
    ł: 'l',
    đ: 'd',
    ð: 'd',
    þ: 'th',
    ı: 'i',
  }),
);

/** A name as an email address spells it: lower case, a to z only. */
function toMailbox(name: string): string {
  const lower = [...name.normalize('NFC').toLowerCase()];
  const plain = lower.map((letter) => plainLetters.get(letter) ?? letter).join('');
  return plain.normalize('NFD').replace(/[^a-z]/g, '');
}

/** Takes `結衣=Yui` apart; a name without its own spelling is spelled as it is. */
function spell(entry: string): { written: string; mailbox: string } {
  const [written = entry, latin = written] = entry.split('=');
  return { written, mailbox: toMailbox(latin) };
}

const domains = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example.com',
  'post.example.org',
  'work.example.net',
];
const nicknames = ['Ace', 'Bo', 'Chip', 'Dot', 'Kit', 'Lucky', 'Max', 'Red', 'Sunny', 'The Count'];

const taken = new Set<string>();

/** An address that no row has yet. */
function createEmail(given: string, family: string): string {
  const local = pick([
    `${given}.${family}`,
    `${family}.${given}`,
    `${given.slice(0, 1)}.${family}`,
    `${given}_${family}`,
  ]);
  const domain = pick(domains);
  let email = `${local}@${domain}`;
  for (let number = between(1, 99); taken.has(email); number += 1)
    email = `${local}${number}@${domain}`;
  taken.add(email);
  return email;
}

function createPerson(): Person {
  const { country, given, family, familyFirst = false, separator = ' ' } = pick(weighted);
  const first = spell(pick(given));
  const last = spell(pick(family));
  const email = createEmail(first.mailbox, last.mailbox);
  const style = random();
  let name = familyFirst
    ? `${last.written}${separator}${first.written}`
    : `${first.written} ${last.written}`;
  if (style < 0.06) name = `${last.written}, ${first.written}`;
  else if (style < 0.08 && !familyFirst)
    name = `${first.written} "${pick(nicknames)}" ${last.written}`;
  // The mean of two draws: most people are of middle age.
  const age = Math.floor((between(16, 96) + between(16, 78)) / 2);
  return { name, email, age, country };
}

/** A field as RFC 4180 has it: in quotes where it holds a quote or a comma. */
const toField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const toRow = (...fields: (string | number)[]): string =>
  fields.map((field) => toField(String(field))).join(',');

/** Makes of each kind a row that has nothing else wrong with it. */
const badRows: Record<BadKind, (person: Person, earlier: readonly Person[]) => string> = {
  'missing email': ({ name, age, country }) => toRow(name, '', age, country),
  'email without @': ({ name, email, age, country }) =>
    toRow(name, email.replace('@', pick(['', '.', ' at '])), age, country),
  'age not a number': ({ name, email, country }) =>
    toRow(name, email, pick(['n/a', 'unknown', 'forty-two', '3O', '?', 'thirty', '29y']), country),
  'age negative': ({ name, email, age, country }) => toRow(name, email, -age, country),
  'age over 150': ({ name, email, age, country }) =>
    toRow(name, email, pick([151, 999, 1900 + age, age * 10]), country),
  'too few columns': ({ name, email, age }) =>
    pick([toRow(name, email, age), toRow(name, email), toRow(name)]),
  'too many columns': ({ name, email, age, country }) =>
    pick([
      toRow(name, email, age, country, 'yes'),
      toRow(name, email, age, country, ''),
      toRow(name, email, age, country, '', 'vip'),
    ]),
  'duplicate email': ({ name, age, country }, earlier) =>
    toRow(name, pick(earlier).email, age, country),
  'empty name': ({ email, age, country }) => toRow('', email, age, country),
};

/** Which row is bad, and how: one in each stretch of equal length. */
function placeBadRows(): Map<number, BadKind> {
  const kinds = (Object.keys(badCounts) as BadKind[]).flatMap((kind) =>
    Array.from({ length: badCounts[kind] }, () => kind),
  );
  const stretch = rowCount / kinds.length;
  // A stretch's first rows stay good, so that a duplicate always has a row to repeat.
  return new Map(
    shuffle(kinds).map((kind, index) => [index * stretch + between(10, stretch - 1), kind]),
  );
}

const badAt = placeBadRows();
const good: Person[] = [];
const lines = ['name,email,age,country'];
for (let row = 0; row < rowCount; row += 1) {
  const person = createPerson();
  const kind = badAt.get(row);
  if (kind === undefined) good.push(person);
  lines.push(
    kind === undefined
      ? toRow(person.name, person.email, person.age, person.country)
      : badRows[kind](person, good),
  );
}

writeFileSync(new URL('users.csv', import.meta.url), `${lines.join('\n')}\n`);

console.log(`${rowCount} rows, ${good.length} good, ${badAt.size} bad:`);
for (const [kind, count] of Object.entries(badCounts))
  console.log(`  ${String(count).padStart(3)} ${kind}`);
