import { expect, test } from 'vitest';
import { acts } from '../../src/sessions/allowed-actions.ts';
import { renderActs } from './acts.ts';

test.each(acts)('%s is told: what is kept, lost, freed and seen', (act) => {
  const [, section = ''] = renderActs().split(`## ${act}\n`);
  const table = section.slice(0, section.indexOf('\n## '));
  for (const row of ['programs kept', 'work lost', 'slot freed', 'the user sees', 'on xrdp']) {
    expect(table).toMatch(new RegExp(`\\| ${row} \\| \\S`));
  }
});

test('every act is a row of the overview', () => {
  const rows = renderActs().match(/^\| [a-z-]+ \|( [^|]+ \|){4}$/gm) ?? [];
  expect(rows.map((row) => row.split(' ')[1])).toEqual(expect.arrayContaining([...acts]));
});

test.each(['unknown', 'failed', 'came_back', 'session_changed', 'unseen', 'not_shown', 'not_back', 'refused'])(
  'the page says what %s means',
  (outcome) => {
    expect(renderActs()).toMatch(new RegExp(`^\\| .*\`${outcome}\`.* \\| .{20,} \\| \\d+ \\|$`, 'm'));
  },
);

test('the page says plainly what a reset and a closed window do', () => {
  expect(renderActs()).toMatch(/A reset logs the user off/);
  expect(renderActs()).toMatch(/Closing the client's window only disconnects/);
});
