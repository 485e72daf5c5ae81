import type { BoxContent } from '../content.ts';

/** A box with two buttons that stays until it is answered. */
export function contentOf(facts: Partial<BoxContent> = {}): BoxContent {
  return {
    title: 'Your session ends',
    text: 'Save your work.',
    buttons: [
      { answer: 'later', label: '15 minutes more' },
      { answer: 'now', label: 'End now' },
    ],
    until: null,
    countdown: null,
    ...facts,
  };
}
