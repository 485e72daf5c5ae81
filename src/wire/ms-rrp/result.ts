/** What of the error codes that a call returns (MS-ERREF 2.2) means more than that it failed. */
export const errorCode = {
  success: 0,
  fileNotFound: 2,
  accessDenied: 5,
  invalidParameter: 87,
  insufficientBuffer: 122,
  moreData: 234,
  noMoreItems: 259,
} as const;
