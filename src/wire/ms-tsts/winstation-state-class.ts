/** WINSTATIONSTATECLASS (MS-TSTS 2.2.1.9): the states of a session. */
export const winStationStateClass = {
  active: 0,
  connected: 1,
  connectQuery: 2,
  shadow: 3,
  disconnected: 4,
  idle: 5,
  listen: 6,
  reset: 7,
  down: 8,
  init: 9,
} as const;
