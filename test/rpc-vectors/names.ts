/** The fields that the IDL ties to an array by `size_is` or `length_is`, and which array that is. Their values are derived from it. */
const counts: Readonly<Record<string, readonly string[]>> = {
  pEntries: ['ppSessionEnumResult', 'SessionChange'],
  pcEntries: ['ppSessionData'],
  pcSessionIds: ['pSessionIds'],
  pNumListeners: ['ppListeners'],
  pOutBuffByteLen: ['ppBuff'],
  pcbProtoStatus: ['ppProtoStatus'],
  pcbCerts: ['ppbCerts'],
  pNumberOfProcesses: ['ppTsAllProcessesInfo'],
  SizeOfSid: ['pSid'],
  ProtocolDataSize: ['ProtocolData'],
  ProtoDataSize: ['pProtocolData'],
  uEntries: ['pCounter'],
  dwEntries: ['pCounter'],
  cbInputData: ['pbInputData'],
  cbSessionData: ['pbSessionData'],
  cchInvitation: ['pszInvitation'],
  pByteCount: ['pLogonId'],
  WinStationInformationLength: ['pWinStationInformation'],
  dwSidSize: ['pProcessUserSid'],
  NameSize: ['pWinStationName', 'pTargetServerName'],
  PasswordSize: ['pPassword'],
  TitleLength: ['pTitle'],
  MessageLength: ['pMessage'],
  lpcbData: ['lpData'],
  cbData: ['lpData'],
};

/** Which of these names is the array that a field counts, or undefined where the field counts none of them. */
export function countedBy(field: string, names: readonly string[]): string | undefined {
  return counts[field]?.find((array) => names.includes(array));
}

/** Which of these names is the field that counts an array. */
export function countOf(array: string, names: readonly string[]): string | undefined {
  return names.find((name) => counts[name]?.includes(array));
}

/** A name of the IDL or of a declaration, in the form that both share. */
export function shared(name: string): string {
  const plain = name.replaceAll('_', '').toLowerCase();
  return plain === 'return' ? 'returnvalue' : plain;
}
