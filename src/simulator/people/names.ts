import type { Chance } from './random.ts';

/** Given names and family names that go together. */
interface Country {
  readonly given: readonly [string, ...string[]];
  readonly family: readonly [string, ...string[]];
  /** Its clients' zone, as Windows calls it. */
  readonly timeZone: string;
  /** How much of the workforce comes from there. */
  readonly weight: number;
}

const words = (text: string): readonly [string, ...string[]] => {
  const [first = '', ...rest] = text.split(' ');
  return [first, ...rest];
};

const country = (weight: number, timeZone: string, given: string, family: string): Country => ({
  given: words(given),
  family: words(family),
  timeZone,
  weight,
});

const countries: readonly Country[] = [
  country(
    5,
    'W. Europe Standard Time',
    'anna jonas lena felix marie lukas sophie paul jürgen käthe',
    'müller schmidt weber wagner becker hoffmann schäfer koch bauer groß',
  ),
  country(
    4,
    'Romance Standard Time',
    'camille louis chloé hugo manon jules inès théo élodie rené',
    'martin bernard dubois thomas robert petit durand leroy moreau lefèvre',
  ),
  country(
    3,
    'Romance Standard Time',
    'lucía hugo martina pablo sofía diego carmen álvaro elena íñigo',
    'garcía fernández gonzález lópez sánchez pérez martín gómez ruiz núñez',
  ),
  country(
    4,
    'GMT Standard Time',
    'olivia george amelia noah isla arthur ava harry grace zoë',
    'smith jones taylor brown williams wilson evans davies walker wright',
  ),
  country(
    4,
    'Eastern Standard Time',
    'emma liam ava mason mia ethan harper logan ella jack',
    'johnson miller davis anderson moore jackson white harris clark lewis',
  ),
  country(
    2,
    'Central European Standard Time',
    'zofia jakub hanna szymon maja łukasz kinga michał agata wojciech',
    'nowak kowalski wiśniewski wójcik kamiński lewandowski zieliński szymański dąbrowski król',
  ),
  country(
    2,
    'E. South America Standard Time',
    'júlia miguel alice gael laura joão beatriz davi lívia caio',
    'silva santos oliveira souza lima pereira ferreira costa rocha araújo',
  ),
  country(
    3,
    'India Standard Time',
    'aarav diya vihaan ananya arjun isha rohan priya kabir meera',
    'sharma patel singh kumar gupta reddy nair iyer mehta das',
  ),
  country(
    1,
    'W. Central Africa Standard Time',
    'chidi amara emeka ngozi tunde ifeoma kelechi adaeze obinna yetunde',
    'okafor adeyemi balogun eze nwosu okoro ibrahim bello danjuma afolabi',
  ),
  country(
    1,
    'Turkey Standard Time',
    'elif yusuf zeynep emir defne kerem azra mert ayşe oğuz',
    'yılmaz kaya demir çelik şahin yıldız öztürk aydın arslan doğan',
  ),
  country(
    1,
    'FLE Standard Time',
    'олена андрій марія тарас оксана богдан юлія петро ірина дмитро',
    'шевченко бондар ткач мельник коваль кравець лисенко мороз руденко савчук',
  ),
  country(
    1,
    'Tokyo Standard Time',
    '陽菜 蓮 結衣 湊 葵 蒼 凛 樹 芽依 朝陽',
    '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤',
  ),
  country(
    1,
    'Egypt Standard Time',
    'مريم عمر نور يوسف سلمى كريم هنا طارق ليلى زياد',
    'حسن علي محمود إبراهيم خليل منصور فاروق سالم ناصر حداد',
  ),
];

const [first, ...others] = countries.map((what) => ({ weight: what.weight, what }));

/** The longest name that Windows lets a user's account have, in characters. */
const longestAccount = 20;

/** A person as others write him. */
export interface PersonName {
  /** `anna.müller`, `anna.müller2`: no two people of an estate have the same. */
  readonly account: string;
  readonly timeZone: string;
}

/** Gives every person a name of his own. */
export class NameRegister {
  readonly #taken = new Map<string, number>();

  /** A name that a person of this chance has; with a number where somebody else has it. */
  give(chance: Chance): PersonName {
    if (first === undefined) throw new TypeError('there are no countries');
    const { given, family, timeZone } = chance.weighted([first, ...others]);
    const name = `${chance.one(given)}.${chance.one(family)}`;
    const before = this.#taken.get(name) ?? 0;
    this.#taken.set(name, before + 1);
    const number = before === 0 ? '' : String(before + 1);
    return { account: name.slice(0, longestAccount - number.length) + number, timeZone };
  }
}
