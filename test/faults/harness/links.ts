import type { Link } from '../../../src/simulator/listen/peer.ts';
import type { Chance } from '../../../src/simulator/people/random.ts';

type Leave = Link['toClient'];

/** A link on which frames leave as they are, but from the one on that comes after so many. */
export function linkAfter(frames: number, leave: Leave): Link {
  let left = 0;
  return {
    toHost: (bytes, deliver) => deliver(bytes),
    toClient(frame, deliver, hangUp) {
      if (left >= frames) return leave(frame, deliver, hangUp);
      left += 1;
      deliver(frame);
    },
  };
}

export const nothing: Leave = () => undefined;

export const hangingUp: Leave = (_frame, _deliver, hangUp) => hangUp();

/** Ten bytes of the frame, and the end. */
export const cutting: Leave = (frame, deliver, hangUp) => {
  deliver(frame.subarray(0, 10));
  hangUp();
};

/** A frame that says it is as long as one can be (MS-SMB2 2.1), and begins. */
export const boasting: Leave = (frame, deliver) => {
  deliver(Uint8Array.of(0, 0xff, 0xff, 0xff));
  deliver(frame);
};

export const twice: Leave = (frame, deliver) => {
  deliver(frame);
  deliver(frame);
};

/** Bytes of chance, as many as the frame has. */
export const noise =
  (chance: Chance): Leave =>
  (frame, deliver) =>
    deliver(frame.map(() => chance.below(256)));

/** The same behind a length that is right, as a message of its own. */
export const framedNoise =
  (chance: Chance): Leave =>
  (frame, deliver) =>
    deliver(frame.map((byte, at) => (at < 4 ? byte : chance.below(256))));
