import { describe, expect, test } from 'vitest';
import { readingOf } from '../list.ts';
import { answerWith, disconnected, healthy } from '../testing/facts.ts';
import { listingFindings } from './listing.ts';
import { lines, pastes, xh1 } from './testing/facts.ts';

const root = { uid: 0, user: 'root', sudoRefusal: null, sudoPasswordRefused: false };
const listed = (answer = answerWith(healthy, { ...disconnected, display: 11 }), rights = root) =>
  listingFindings(xh1, readingOf('xh1', answer, rights), answer.staleLocks);

test('a complete list is told by its states', () => {
  expect(lines(listed())).toEqual(['sessions ok: 2 listed: 1 active, 1 disconnected']);
});

test('an empty host is well', () => {
  expect(lines(listed(answerWith()))).toEqual(['sessions ok: no session is there']);
});

test('an incomplete list is a warning, and what it lacks is told elsewhere', () => {
  const answer = { ...answerWith(healthy), everyProcessSeen: false };
  expect(lines(listed(answer, { ...root, uid: 1006, user: 'frank' }))).toEqual([
    'sessions warning: 1 listed: 1 active, and more may be there',
  ]);
});

test('a session in trouble is a warning, with its reason', () => {
  const [found] = listed(answerWith({ ...healthy, xAnswered: false }));
  expect(found).toMatchObject({
    verdict: 'warning',
    summary: '1 listed: 1 active; 1 in trouble',
    details: [expect.stringMatching(/^:10 of alice: /)],
  });
});

describe('what a list notes', () => {
  test('is a finding of its own, with the columns that it costs', () => {
    const found = listed({ ...answerWith(healthy), clientLogSeen: false })[1];
    expect(found).toMatchObject({ check: 'list', of: 'no-client-log', verdict: 'warning' });
    expect(found?.meaning).toMatch(/^Not known because of it: client\.name\. set LogFile/);
  });

  test('of lock files names every one to remove', () => {
    const found = listed({ ...answerWith(healthy), staleLocks: [12, 13] })[1];
    expect(found && pastes(found)).toEqual([
      'rm -f /tmp/.X12-lock /tmp/.X11-unix/X12\nrm -f /tmp/.X13-lock /tmp/.X11-unix/X13',
    ]);
  });
});
