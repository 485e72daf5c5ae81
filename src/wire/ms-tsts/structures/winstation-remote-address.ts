import { u16 } from '../../ndr/primitives.ts';
import { fixed, type ValueOf } from '../../ndr/type.ts';
import { immediateUnion } from '../../ndr/union.ts';
import { socketAddresses } from '../socket-address.ts';

const address = immediateUnion(u16, socketAddresses);

/** WINSTATIONREMOTEADDRESS (MS-TSTS 2.2.2.37). Null for any other family, such as the 0 of a session that is not connected. */
export const winStationRemoteAddress = fixed<ValueOf<typeof address> | null>({
  alignment: 4,
  size: 32,
  take(from) {
    from.align(4);
    const begin = from.at;
    const family = from.u16();
    from.seek(begin);
    const value = Object.hasOwn(socketAddresses, family) ? address.take(from) : null;
    from.skip(32 - (from.at - begin));
    return value;
  },
  write(to, value) {
    to.align(4);
    const begin = to.at;
    if (value !== null) address.write(to, value);
    to.zeros(32 - (to.at - begin));
  },
});
