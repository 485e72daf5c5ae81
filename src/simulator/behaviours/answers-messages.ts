import { type MessageBox, type MessageButtonName, messageButtons } from '../world/message-box.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, durationOf, wordOf } from './settings.ts';

const buttons = ['first', 'last', ...(Object.keys(messageButtons) as MessageButtonName[])] as const;

/** The user reads what appears on his desktop and presses a button, if he is there to see it. */
export const answersMessages: BehaviourKind = {
  name: 'answers-messages',
  summary: 'the user answers messages: button=first|last|yes|no|ok… (first), after=DURATION (5s)',
  of: ['host', 'session'],
  make(settings) {
    checkSettings(this.name, settings, ['button', 'after']);
    const wanted = wordOf(settings, 'button', buttons, 'first');
    const after = durationOf(settings, 'after', '5s');
    return {
      name: this.name,
      boxShown(box, host) {
        host.after(after, () => {
          const button = buttonOf(box, wanted);
          if (box.session.state === 'active' && button !== null) box.end({ kind: 'answered', button });
        });
        return true;
      },
    };
  },
};

/** A button that the box does not have cannot be pressed. */
function buttonOf({ buttons: there }: MessageBox, wanted: (typeof buttons)[number]): MessageButtonName | null {
  if (wanted === 'first') return there[0] ?? null;
  if (wanted === 'last') return there.at(-1) ?? null;
  return there.includes(wanted) ? wanted : null;
}
