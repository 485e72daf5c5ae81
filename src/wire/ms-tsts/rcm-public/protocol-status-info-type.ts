/** PROTOCOLSTATUS_INFO_TYPE (MS-TSTS 2.2.2.2): PROTOCOLSTATUS or PROTOCOLSTATUSEX. */
export const protocolStatusInfoType = { basic: 0, extended: 1 } as const;
