import { z } from 'zod';
import { hex, vectors } from '../../crypto/testing/vectors.ts';

const file = vectors(
  'ntlm-smb.json',
  z.object({
    ntlmv2_ms_nlmp_4_2_4: z.object({
      inputs: z.object({
        user: z.string(),
        domain: z.string(),
        password: z.string(),
        server_challenge: hex,
        client_challenge: hex,
        random_session_key: hex,
        target_info: hex,
      }),
      NTOWFv1: hex,
      NTOWFv2: hex,
      NTProofStr: hex,
      NtChallengeResponse: hex,
      LmChallengeResponse: hex,
      SessionBaseKey: hex,
      EncryptedRandomSessionKey: hex,
      CHALLENGE_MESSAGE: hex,
      AUTHENTICATE_MESSAGE: hex,
      ClientSealKey: hex,
      ClientSignKey: hex,
      GSS_WrapEx: z.object({ plaintext: hex, sealed: hex, signature: hex }),
    }),
    smb311_full_session_windows: z.object({
      credentials: z.object({ user: z.string(), domain: z.string(), password: z.string() }),
      packets: z.object({ neg_resp: hex, ss_req1: hex, ss_resp1: hex, ss_req2: hex, ss_resp2: hex }),
      ntlm: z.object({
        server_challenge: hex,
        NTOWFv2: hex,
        NTProofStr: hex,
        KeyExchangeKey: hex,
        EncryptedRandomSessionKey: hex,
        ExportedSessionKey: hex,
        ClientSigningKey: hex,
        ServerSigningKey: hex,
        ClientSealingKey: hex,
        ServerSealingKey: hex,
        mechTypes_der: hex,
        mechListMIC_client: hex,
        mechListMIC_server: hex,
        MIC: hex,
      }),
    }),
  }),
);

/** The examples of [MS-NLMP] 4.2.4. */
export const specified = file.ntlmv2_ms_nlmp_4_2_4;

/** A logon of Windows to Windows. */
export const traced = file.smb311_full_session_windows;

/** The tokens of GSS in the packets of the trace: each is the end of its packet. */
export const tracedTokens = {
  negTokenInit2: securityBuffer(traced.packets.neg_resp, 64 + 56),
  negTokenInit: securityBuffer(traced.packets.ss_req1, 64 + 12),
  first: securityBuffer(traced.packets.ss_resp1, 64 + 4),
  second: securityBuffer(traced.packets.ss_req2, 64 + 12),
  last: securityBuffer(traced.packets.ss_resp2, 64 + 4),
};

/** NTLM's messages in these. */
export const tracedMessages = {
  negotiate: fromNtlmssp(tracedTokens.negTokenInit),
  challenge: fromNtlmssp(tracedTokens.first),
  authenticate: fromNtlmssp(tracedTokens.second).slice(0, -20),
};

/** SecurityBufferOffset and SecurityBufferLength stand at this offset of an SMB2 packet. */
function securityBuffer(packet: Uint8Array, at: number): Uint8Array {
  const view = new DataView(packet.buffer, packet.byteOffset);
  const offset = view.getUint16(at, true);
  return packet.slice(offset, offset + view.getUint16(at + 2, true));
}

function fromNtlmssp(token: Uint8Array): Uint8Array {
  return token.slice(Buffer.from(token).indexOf('NTLMSSP\0'));
}
