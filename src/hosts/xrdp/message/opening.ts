import { selectEvents } from '../../../wire/x11/change-window-attributes.ts';
import { replaceProperty } from '../../../wire/x11/change-property.ts';
import { createWindow, eventMask } from '../../../wire/x11/create-window.ts';
import { createGraphicsContext } from '../../../wire/x11/graphics-context.ts';
import { atoms, internAtom } from '../../../wire/x11/intern-atom.ts';
import { getKeyboardMapping } from '../../../wire/x11/keyboard-mapping.ts';
import { mapWindow } from '../../../wire/x11/map-window.ts';
import { pixelOf } from '../../../wire/x11/pixel.ts';
import { resourceId, type Setup } from '../../../wire/x11/setup-reply.ts';
import { type BoxContent, countdownAt, windowTitle } from './content.ts';
import { asking, chained, type Desk, sending, type Step } from './desk.ts';
import { layOut } from './layout.ts';
import { palette } from './picture.ts';

const wanted =
  eventMask.keyPress |
  eventMask.buttonPress |
  eventMask.buttonRelease |
  eventMask.exposure |
  eventMask.visibilityChange |
  eventMask.structureNotify |
  eventMask.focusChange;

/** What is sent once the server took the connection: it makes the window, and asks for what is to know. */
export function open(content: BoxContent, setup: Setup, now: number): Step {
  const countdown = countdownAt(content, now);
  const { width, height, root } = setup.screen;
  const layout = layOut(content, { width, height }, countdown);
  const canvas = { setup, window: resourceId(setup, 1), context: resourceId(setup, 2) };
  const desk = closedDesk(content, canvas, layout, countdown);
  const made = sending(desk, [
    createWindow({
      window: canvas.window,
      parent: root,
      ...layout.window,
      backgroundPixel: pixelOf(setup.screen, palette.paper),
      events: wanted,
    }),
    replaceProperty({
      window: canvas.window,
      property: atoms.wmName,
      type: atoms.string,
      value: latin1(windowTitle(content)),
    }),
    replaceProperty({
      window: canvas.window,
      property: atoms.wmClass,
      type: atoms.string,
      value: latin1('usher\0Usher\0'),
    }),
    createGraphicsContext(canvas.context, canvas.window),
    selectEvents(root, eventMask.structureNotify | eventMask.substructureNotify),
    mapWindow(canvas.window),
  ]);
  return [askKeyboard, askName, askText].reduce(chained, made);
}

export function askKeyboard(desk: Desk): Step {
  const { minKeycode, maxKeycode } = desk.canvas.setup;
  return asking(desk, getKeyboardMapping(minKeycode, maxKeycode - minKeycode + 1), 'keyboard');
}

const askName = (desk: Desk): Step => asking(desk, internAtom('_NET_WM_NAME'), 'name-atom');
const askText = (desk: Desk): Step => asking(desk, internAtom('UTF8_STRING'), 'text-atom');

function closedDesk(
  content: BoxContent,
  canvas: Desk['canvas'],
  layout: Desk['layout'],
  countdown: string | null,
): Desk {
  return {
    content,
    canvas,
    screen: canvas.setup.screen,
    layout,
    sent: 0,
    awaited: new Map(),
    nameAtom: null,
    textAtom: null,
    mapping: new Map(),
    shown: false,
    guardedUntil: Number.POSITIVE_INFINITY,
    covered: false,
    above: new Map(),
    raised: null,
    keyboard: 'elsewhere',
    before: null,
    focus: 0,
    down: null,
    time: 0,
    countdown,
  };
}

/** Text of WM_NAME; a character beyond Latin-1 becomes a question mark there, and stays itself in _NET_WM_NAME. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from([...text], (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return codePoint < 0x100 ? codePoint : 0x3f;
  });
}
