import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { CStructure } from '../../ndr/c-structure.ts';
import { cacheStatistics, protocolCounters, protocolStatus, protocolStatusEx } from './protocol-status.ts';
import { sessionId } from './session-id.ts';
import { tsSystemTime, tsTimeZoneInformation } from './ts-time-zone-information.ts';
import { varDataWire } from './var-data-wire.ts';
import { winStationClient } from './winstation-client.ts';
import { userConfig, winStationConfig } from './winstation-config.ts';
import { winStationInformation } from './winstation-information.ts';
import { winStationLoadIndicatorData } from './winstation-load-indicator-data.ts';
import { winStationProdId } from './winstation-prodid.ts';
import { winStationRemoteAddress } from './winstation-remote-address.ts';
import { winStationShadow } from './winstation-shadow.ts';
import { winStationVideoData } from './winstation-video-data.ts';

const place = z.tuple([z.number(), z.number()]);
const file = new URL('../../../../test/vectors/winsta-layout.json', import.meta.url);
const compiled = z
  .record(z.string(), z.object({ size: z.number(), align: z.number(), fields: z.record(z.string(), place) }))
  .parse(JSON.parse(readFileSync(file, 'utf8')));

const declared: Readonly<Record<string, CStructure<unknown>>> = {
  TS_SYSTEMTIME: tsSystemTime,
  TS_TIME_ZONE_INFORMATION: tsTimeZoneInformation,
  USERCONFIG: userConfig,
  WINSTATIONCONFIG: winStationConfig,
  WINSTATIONVIDEODATA: winStationVideoData,
  WINSTATIONCLIENT: winStationClient,
  PROTOCOLCOUNTERS: protocolCounters,
  CACHE_STATISTICS: cacheStatistics,
  PROTOCOLSTATUS: protocolStatus,
  PROTOCOLSTATUSEX: protocolStatusEx,
  WINSTATIONINFORMATION: winStationInformation,
  WINSTATIONLOADINDICATORDATA: winStationLoadIndicatorData,
  WINSTATIONSHADOW: winStationShadow,
  WINSTATIONPRODID: winStationProdId,
  SESSIONID: sessionId,
  VARDATA_WIRE: varDataWire,
};

/** Fields that are called otherwise here. */
const renamed: Readonly<Record<string, string>> = { _SessionId_LogonId_union: 'logonId' };

test.each(Object.entries(declared))(
  '%s lies in memory as a C compiler puts it',
  (name, { size, alignment, places }) => {
    const { fields, ...whole } = compiled[name] ?? { size: 0, align: 0, fields: {} };
    expect({ size, align: alignment }).toEqual(whole);
    const ours = new Map(Object.entries(places).map(([field, at]) => [field.toLowerCase(), at]));
    for (const [field, at] of Object.entries(fields)) {
      expect({ field, at: ours.get((renamed[field] ?? field).toLowerCase()) }).toEqual({ field, at });
    }
  },
);

test('a WINSTATIONREMOTEADDRESS is as long as a C compiler makes it', () => {
  expect(winStationRemoteAddress.size).toBe(compiled['WINSTATIONREMOTEADDRESS']?.size);
});
