/** NTLM's object identifier ([MS-NLMP] 1.9). */
export const ntlmMechType = '1.3.6.1.4.1.311.2.2.10';
