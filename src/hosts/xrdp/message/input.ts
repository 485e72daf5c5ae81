import type { InputEvent } from '../../../wire/x11/event.ts';
import { getInputFocus, revertToParent, setInputFocus } from '../../../wire/x11/input-focus.ts';
import { asking, chained, type Desk, sending, type Step } from './desk.ts';
import { meaningOf } from './keys.ts';
import { buttonAt } from './layout.ts';

const firstButton = 1;

export function pointerPressed(desk: Desk, { detail, x, y }: InputEvent): Step {
  if (detail !== firstButton) return sending(desk, []);
  const button = buttonAt(desk.layout, x, y);
  return sending({ ...desk, down: { button }, focus: button ?? desk.focus }, []);
}

/** On the button where it was pressed, it answers. Elsewhere in the box it asks for the keyboard, outside it does nothing. */
export function pointerReleased(desk: Desk, { detail, x, y }: InputEvent): Step {
  const { down } = desk;
  if (detail !== firstButton || down === null) return sending(desk, []);
  const up = { ...desk, down: null };
  const button = buttonAt(desk.layout, x, y);
  if (button !== null && button === down.button) return press(up, button);
  const { width, height } = desk.layout.window;
  const inside = x >= 0 && y >= 0 && x < width && y < height;
  return inside && desk.keyboard === 'elsewhere' ? takeKeyboard(up) : sending(up, []);
}

/** A key counts only while the box has the keyboard itself, not because the pointer is over it. */
export function keyPressed(desk: Desk, { detail, state }: InputEvent): Step {
  const { buttons } = desk.content;
  const key = desk.keyboard === 'held' ? meaningOf(desk.mapping, detail, state) : null;
  if (key === null || buttons.length === 0) return sending(desk, []);
  switch (key) {
    case 'press':
      return press(desk, desk.focus);
    case 'dismiss':
      return buttons.length === 1 ? press(desk, 0) : sending(desk, []);
    case 'next':
      return sending({ ...desk, focus: (desk.focus + 1) % buttons.length }, []);
    case 'previous':
      return sending({ ...desk, focus: (desk.focus + buttons.length - 1) % buttons.length }, []);
  }
}

function press(desk: Desk, index: number): Step {
  const button = desk.content.buttons[index];
  return sending(desk, [], button === undefined ? null : { kind: 'answered', answer: button.answer });
}

function takeKeyboard(desk: Desk): Step {
  const { canvas, time } = desk;
  return chained(asking({ ...desk, keyboard: 'asked' }, getInputFocus(), 'focus'), (asked) =>
    sending(asked, [setInputFocus({ focus: canvas.window, revertTo: revertToParent }, time)]),
  );
}
