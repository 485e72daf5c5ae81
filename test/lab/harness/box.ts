import type { LabClient } from './client.ts';
import { until } from './until.ts';

/** Where a window is, in pixels of the session's screen. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where the box is on the desktop of this client's session, once it is there. */
export function boxOf(client: LabClient, title: string): Promise<Area> {
  return until(
    async () => {
      const line = (await client.windows()).split('\n').find((candidate) => candidate.includes(`"${title}"`));
      const [, width, height, left, top] = /(\d+)x(\d+)\+-?\d+\+-?\d+ {2}\+(\d+)\+(\d+)/.exec(line ?? '') ?? [];
      if (width === undefined) return null;
      const [x, y] = [Number(left), Number(top)];
      return { left: x, top: y, right: x + Number(width), bottom: y + Number(height) };
    },
    { what: `a box "${title}"` },
  );
}

/** Clicks on the last button of the box; a click too soon after it appeared does not count. */
export async function clickLastButton(client: LabClient, title: string, over: () => boolean): Promise<void> {
  const { right, bottom } = await boxOf(client, title);
  await until(
    async () => {
      if (!over()) await client.click(right - 40, bottom - 34);
      return over();
    },
    { everyMs: 600, what: 'the click to be heard' },
  );
}
