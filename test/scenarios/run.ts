import { parseArgs } from 'node:util';
import { judge } from './harness/judge.ts';
import { play, type Played } from './harness/play.ts';
import { scenarioFrom } from './harness/random-scenario.ts';
import { storyOf } from './harness/story.ts';

/**
 * So many random scenarios, from this seed on; one alone tells its story. `--like`: in all of them somebody, or the host, comes to
 * behave like this. `--until-wrong` stops at the first that is judged wrong.
 */
const usage = 'usage: npm run scenarios -- [--runs N] [--seed S] [--like BEHAVIOUR] [--until-wrong]';
const longest = 1_000_000;

function whole(text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  console.error(usage);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    like: { type: 'string' },
    'until-wrong': { type: 'boolean' },
  },
});
const like = values.like ?? null;
const again = like === null ? '' : ` --like '${like}'`;
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : whole(values.seed, 2 ** 32 - 1);
const runs = values.runs === undefined ? (values.seed === undefined ? 1000 : 1) : whole(values.runs, longest);

const outcomes = new Map<string, number>();
let wrong = 0;
let played = 0;

async function playSeed(one: number): Promise<readonly [complaints: readonly string[], story: Played | null]> {
  try {
    const story = await play(scenarioFrom(one, like));
    return [judge(story), story];
  } catch (error) {
    return [[error instanceof Error ? (error.stack ?? error.message) : String(error)], null];
  }
}

for (let one = seed; one < seed + runs; one += 1) {
  const [complaints, story] = await playSeed(one);
  played += 1;
  const outcome = story?.said.outcome ?? 'none';
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (story !== null && runs === 1) console.log(storyOf(story));
  if (complaints.length === 0) continue;
  wrong += 1;
  console.log(`\nseed ${one}: ${complaints.join('; ')}\n  npm run scenarios -- --seed ${one}${again}`);
  if (values['until-wrong'] === true) break;
}
const counts = [...outcomes]
  .toSorted(([, one], [, other]) => other - one)
  .map(([outcome, count]) => `${count} ${outcome}`);
console.log(`\n${played} runs from seed ${seed}: ${counts.join(', ')}; ${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
