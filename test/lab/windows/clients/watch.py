"""watch.py PORT USER PASSWORD COUNT: prints what impacket's client is told of sessions, COUNT changes, a line each.

A line is a session's id and what happened to it (WTS_NOTIFY_…); the first one says `watching`.
"""
import sys

from impacket.dcerpc.v5 import tsts
from impacket.smbconnection import SMBConnection

ADDRESS = '127.0.0.1'
ALL_SESSIONS = -1
ALL_CHANGES = 0xFFFFFFFF


def main():
    port, user, password, count = sys.argv[1:]
    connection = SMBConnection(ADDRESS, ADDRESS, sess_port=int(port))
    connection.login(user, password, 'ORACLE')
    with tsts.TermSrvNotification(connection, ADDRESS, False) as api:
        handle = api.hRpcRegisterAsyncNotification(ALL_SESSIONS, ALL_CHANGES)
        print('watching', flush=True)
        seen = 0
        while seen < int(count):
            changes = api.hRpcWaitAsyncNotification(handle)['SessionChange']
            for change in changes:
                name = tsts.enum2value(tsts.TNotificationId, change['TNotificationId'])
                print(change['SessionId'], name, flush=True)
            seen += len(changes)
        api.hRpcUnRegisterAsyncNotification(handle)


main()
