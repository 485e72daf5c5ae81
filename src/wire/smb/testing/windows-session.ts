import { z } from 'zod';
import { hex, vectors } from '../../crypto/testing/vectors.ts';

const key = z.object({ value: hex, label: z.string() });

const shape = z.object({
  smb30_key_derivation: z.object({
    cases: z.array(
      z.object({
        SessionKey: hex,
        SigningKey: hex,
        EncryptionKey: key.optional(),
        DecryptionKey: key.optional(),
        ApplicationKey: key.optional(),
      }),
    ),
  }),
  smb311_full_session_windows: z.object({
    packets: z.object({ neg_req: hex, neg_resp: hex, ss_req1: hex, ss_resp1: hex, ss_req2: hex, ss_resp2: hex }),
    preauth_chain: z.array(
      z.object({ message: z.enum(['neg_req', 'neg_resp', 'ss_req1', 'ss_resp1', 'ss_req2']), preauth_hash: hex }),
    ),
    keys: z.object({
      SessionKey: hex,
      SigningKey: hex,
      ApplicationKey: hex,
      'published EncryptionKey': key,
      'published DecryptionKey': key,
    }),
  }),
  smb311_second_channel: z.object({ SessionKey: hex, preauth_hash: hex, SigningKey: hex }),
});

const all = vectors('ntlm-smb.json', shape);

/** Microsoft's published traces of SMB 3 between Windows hosts. */
export const derivations = all.smb30_key_derivation.cases;
export const session = all.smb311_full_session_windows;
export const secondChannel = all.smb311_second_channel;
