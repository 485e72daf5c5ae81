import { extendPreauthHash, noPreauthHash } from '../../keys/preauth.ts';
import { dialectRevision, negotiate } from '../../messages/negotiate.ts';
import { agree, answeredContexts, capabilitiesOf, negotiateResponse } from '../negotiation.ts';
import { type Outcome, reply } from '../reply.ts';
import { type Handler, handler, isSigned } from '../request.ts';

/** SMB2 NEGOTIATE (MS-SMB2 3.3.5.4). */
export const onNegotiate: Handler = handler(
  negotiate,
  'nothing',
  (work, { header, message, isAlone }, body): Outcome => {
    if (isSigned(header) || !isAlone) return 'STATUS_INVALID_PARAMETER';
    const { server, salt } = work;
    const agreement = agree(server.parameters, body);
    if (typeof agreement === 'string') return agreement;
    work.agreed(agreement);
    const is311 = agreement.dialect === '3.1.1';
    const response = negotiateResponse(server.parameters, {
      revision: dialectRevision[agreement.dialect],
      capabilities: capabilitiesOf(agreement),
      longestPayload: agreement.longestPayload,
      hint: server.hint,
      negotiateContexts: is311 ? answeredContexts(agreement, salt) : [],
    });
    return reply(negotiate, response, {
      sent(answer) {
        work.preauthHash = is311 ? extendPreauthHash(extendPreauthHash(noPreauthHash, message), answer) : noPreauthHash;
      },
    });
  },
);
