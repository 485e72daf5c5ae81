import { expect, test } from 'vitest';
import { z } from 'zod';
import { clientFacts } from '../ntlm/testing/logon.ts';
import { RpcClient } from './client/client.ts';
import { clientSecurity, session } from './testing/dialogue.ts';
import { dialogue, recorded, replay, said } from './testing/recorded.ts';

const hows = ['none', 'ntlm integrity', 'negotiate privacy'] as const;
const smbd = recorded('smbd.json', z.record(z.enum(hows), dialogue));
const srvsvc = { uuid: '4b324fc8-1670-01d3-1278-5a47bf6ee188', major: 3, minor: 0 };

test.each(hows)('our client calls smbd: %s', (how) => {
  const script = smbd[how];
  const client = new RpcClient({
    interfaces: [srvsvc, session],
    security: clientSecurity(how, { ...clientFacts, user: 'root', domain: 'RDS1' }),
    longestFragment: 1432,
  });
  const { sent, events } = replay(client, script, srvsvc);
  expect(sent).toEqual(said(script, 'usher'));
  expect(events).toMatchObject([
    {
      kind: 'bound',
      multiplexed: true,
      keepsConnectionOnOrphan: true,
      interfaces: [
        { refusal: null },
        { refusal: { message: expect.stringContaining('abstract_syntax_not_supported') } },
      ],
    },
    ...script.calls.slice(0, 2).map(({ answer }) => ({ kind: 'answered', stub: answer })),
    { kind: 'failed', error: { code: 'unsupported', message: 'the host answered nca_s_op_rng_error' } },
  ]);
});
