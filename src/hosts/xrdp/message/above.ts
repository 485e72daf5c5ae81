import type { XEvent } from '../../../wire/x11/event.ts';
import type { Rectangle } from '../../../wire/x11/rectangle.ts';

/**
 * The windows that came above the box since it was on top. Under a compositing manager no window is ever told that it is
 * covered (VisibilityNotify), so that the order of the root's windows has to be followed.
 */
export type WindowsAbove = ReadonlyMap<number, { readonly area: Rectangle; readonly mapped: boolean }>;

/** How many windows are followed. */
const mostWindows = 1000;

/** The windows above `own` after an event of the root's windows. */
export function aboveAfter(above: WindowsAbove, event: XEvent, own: number, root: number): WindowsAbove {
  switch (event.kind) {
    case 'created':
      if (event.parent !== root || event.window === own) return above;
      return placed(above, event.window, { area: event.area, mapped: false });
    case 'configured': {
      if (event.window === own) return new Map();
      if (event.sibling !== own && !above.has(event.sibling)) return without(above, event.window);
      // One that was there before the box is taken as visible: hidden windows are seldom put on top.
      return placed(above, event.window, { area: event.area, mapped: above.get(event.window)?.mapped ?? true });
    }
    case 'mapped':
    case 'unmapped': {
      const known = above.get(event.window);
      return known === undefined ? above : placed(above, event.window, { ...known, mapped: event.kind === 'mapped' });
    }
    case 'reparented':
      return event.parent === root ? above : without(above, event.window);
    case 'destroyed':
      return without(above, event.window);
    default:
      return above;
  }
}

/** Whether any of them lies over this part of the screen. */
export function anyOver(above: WindowsAbove, { x, y, width, height }: Rectangle): boolean {
  return above.values().some(({ area, mapped }) => {
    const beside = area.x >= x + width || area.x + area.width <= x;
    return mapped && !beside && area.y < y + height && area.y + area.height > y;
  });
}

function placed(above: WindowsAbove, window: number, facts: { area: Rectangle; mapped: boolean }): WindowsAbove {
  return above.size >= mostWindows && !above.has(window) ? above : new Map([...above, [window, facts]]);
}

function without(above: WindowsAbove, window: number): WindowsAbove {
  if (!above.has(window)) return above;
  const left = new Map(above);
  left.delete(window);
  return left;
}
