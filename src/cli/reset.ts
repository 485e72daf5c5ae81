import { simpleAct } from './acts/simple.ts';

export const reset = simpleAct({
  act: 'reset',
  summary: 'end sessions without asking their programs',
  verb: 'reset',
  examples: [['usher reset ts01:10 --expect-user alice', 'only if session 10 is still hers']],
});
