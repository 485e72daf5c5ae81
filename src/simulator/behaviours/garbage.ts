import type { BehaviourKind } from './behaviour.ts';
import { ChosenAnswers, choosing } from './chosen-answers.ts';
import { checkSettings, wordOf } from './settings.ts';

/** Bytes before the message in a frame (MS-SMB2 2.1): they stay, so that the nonsense arrives as a message. */
const framePrefix = 4;

/** Nonsense in place of an answer: of the PDUs of RPC, or of the frames of SMB that carry them. */
export const garbage: BehaviourKind = {
  name: 'garbage',
  summary: `an answer is nonsense, of the same length: level=rpc|smb (rpc), ${choosing.summary}`,
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['level', ...choosing.settings]);
    const level = wordOf(settings, 'level', ['rpc', 'smb'], 'rpc');
    const chosen = new ChosenAnswers(settings);
    const spoilt = new WeakSet<object>();
    const nonsense = nonsenseFrom(0x9e3779b9);
    return {
      name: this.name,
      sending(departure) {
        const { bytes, link, level: at } = departure;
        if (chosen.has(departure)) {
          if (level === 'rpc') return { instead: nonsense(bytes, 0), after: 'go-on' };
          spoilt.add(link);
        }
        if (at !== 'smb' || !spoilt.delete(link)) return null;
        return { instead: nonsense(bytes, framePrefix), after: 'go-on' };
      },
    };
  },
};

/** Bytes that mean nothing, the same in every run: xorshift (Marsaglia, 2003). */
function nonsenseFrom(seed: number): (bytes: Uint8Array, kept: number) => Uint8Array {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  return (bytes, kept) => bytes.map((byte, at) => (at < kept ? byte : next()));
}
