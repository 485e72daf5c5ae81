import type { ListeningHost } from '../../../src/simulator/listen/host-listener.ts';
import type { Link } from '../../../src/simulator/listen/peer.ts';
import type { Chance } from '../../../src/simulator/people/random.ts';
import { framedNoise } from './links.ts';

/** `cut`: its connections end. `mute`: they stand, and nothing ever comes of them again. `babble`: what comes of them is chance. */
export type Death = 'cut' | 'mute' | 'babble';

/** A host that dies and comes back. While it is dead whoever connects is cut off. */
export class Mortal {
  #isAlive = true;
  /** What comes of connections of a life that is over; null where nothing does. */
  #afterlife: Link['toClient'] | null = null;
  #life = 0;
  readonly #hangUps = new Set<() => void>();

  readonly network: Partial<ListeningHost> = {
    link: () => this.#link(),
    power: {
      isOn: () => this.#isAlive,
      whenOff: (hangUp) => {
        this.#hangUps.add(hangUp);
        return { [Symbol.dispose]: () => void this.#hangUps.delete(hangUp) };
      },
    },
  };

  die(death: Death, chance: Chance): void {
    this.#isAlive = false;
    this.#afterlife = death === 'babble' ? framedNoise(chance) : null;
    this.#life += 1;
    if (death === 'cut') for (const hangUp of this.#hangUps) hangUp();
  }

  comeBack(): void {
    this.#isAlive = true;
  }

  /** Of a connection that does not outlast the life in which it began. */
  #link(): Link {
    const life = this.#life;
    return {
      toHost: (bytes, deliver) => {
        if (life === this.#life || this.#afterlife !== null) deliver(bytes);
      },
      toClient: (frame, deliver, hangUp) => {
        if (life === this.#life) deliver(frame);
        else this.#afterlife?.(frame, deliver, hangUp);
      },
    };
  }
}
